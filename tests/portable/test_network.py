"""What a box serves and announces on a network, and what goes on when something fails."""

import asyncio
import sys

from networked import SMALL, Site

from checks import equal
from fairamp_box import mdns_port, network
from fairamp_box.streams import shut

PORT = 15061


class Memory:
    """In the place of the module gc."""

    def __init__(self, free):
        self._free = free

    def collect(self):
        pass

    def mem_free(self):
        return self._free


class Free:
    """A socket at the port of mDNS."""

    def close(self):
        pass


def test_where_the_port_of_mdns_is_taken_the_name_is_told_once():
    async def story(site):
        await site.until("found as carport-7.local")
        await site.until("teltocharge registers")
        assert await site.asks()
        await site.app.clock.sleep(10000)
        equal((site.told("found as"), site.told("announce by mDNS")), (1, 0))
        equal(site.wires.joined, [("home", "secret", "carport-7")])

    Site(PORT).run(story)


def test_a_free_port_of_mdns_is_ours():
    announced = []

    class Task:
        def __init__(self, address, services, clock, log):
            announced.append((address, [service[2] for service in services]))

        async def run(self):
            pass

    class Tasks:
        MdnsTask = Task

        @staticmethod
        def services(name, address, ports, web):
            return [(name, "", port) for port in ports.values()]

    async def story(site):
        mdns_port.open_port = Free
        await site.until("joined home")
        await site.app.clock.sleep(2000)
        equal((announced, site.told("found as")), ([("127.0.0.1", [PORT])], 0))

    sys.modules["fairamp_box.mdns_task"] = Tasks
    real, network.gc = network.gc, Memory(100000)
    try:
        Site(PORT).run(story)
    finally:
        network.gc = real
        del sys.modules["fairamp_box.mdns_task"]


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


def test_what_does_not_fit_is_left_out_and_the_registers_are_served():
    async def story(site):
        mdns_port.open_port = Free
        await site.until("web: left out: 12 KB of memory are free, 40 are needed; set [web] port = 0")
        await site.until("network: left out: 12 KB")
        await site.until("teltocharge registers")
        assert await site.asks()
        equal(site.told("live values"), 0)

    real, network.gc = network.gc, Memory(12345)
    try:
        Site(PORT, web=True).run(story)
    finally:
        network.gc = real
