"""What goes on when something of the network fails."""

import asyncio

from free_port import free_port
from networked import SMALL, Site

from checks import equal
from fairamp_box.io.streams import shut

PORT = free_port(15081)


def test_a_port_that_cannot_be_opened_keeps_nobody_else_from_serving():
    async def story(site):
        blocked = await asyncio.start_server(shut, "127.0.0.1", PORT + 1)
        site.wires.address = "127.0.0.1"
        await site.until("failed: OSError")
        await site.until("teltocharge registers")
        assert await site.asks()
        blocked.close()
        await blocked.wait_closed()
        await site.until("vestel registers on port " + str(PORT + 1))
        assert await site.asks()
        equal(site.told("teltocharge registers"), 1)

    if SMALL:
        return  # two kinds of registers and who asks for them do not fit there
    site = Site(PORT, vestel_port=PORT + 1)
    site.wires.gives = None
    site.run(story)


def test_a_listener_that_has_ended_is_opened_again():
    if not hasattr(asyncio, "sleep_ms"):
        return  # that of CPython does not end

    listeners = []
    start_server = asyncio.start_server

    async def note(*arguments):
        listeners.append(await start_server(*arguments))
        return listeners[-1]

    async def story(site):
        await site.until("teltocharge registers")
        assert await site.asks()
        listeners[0].task.cancel()
        await site.until("takes nobody any more")
        await site.until("teltocharge registers", 2)
        assert await site.asks()

    asyncio.start_server = note
    try:
        Site(PORT).run(story)
    finally:
        asyncio.start_server = start_server
