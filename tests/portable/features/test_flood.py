"""Browsers and energy managers that want more connections than a board can hold."""

from free_port import free_port
from networked import SMALL, Site

from checks import equal
from fairamp_box.io.streams import shut

PORT = free_port(15063)


def test_a_flood_of_browsers_does_not_keep_the_manager_out():
    async def story(site):
        await site.until("live values")
        managers = [await site.connect(), await site.connect()]
        for stream in managers:
            assert await site.asks(stream)
        pages = []
        for _ in range(12):
            pages.append(await site.connect(PORT + 1))
            await site.app.clock.sleep(50)
        assert await site.asks(managers[0])
        assert await site.asks(managers[1])
        equal(await site.open_ones(pages), 2)
        # It comes again, and again: one place is left to people.
        for _ in range(10):
            assert await site.asks()
        equal(site.told("refused"), 0)
        for _, writer in managers + pages:
            await shut(writer)

    # A box with its page and those who ask it do not fit beside each other on the small heap.
    if not SMALL:
        Site(PORT, connections=5, web=True).run(story)


def test_managers_never_have_all_connections():
    async def story(site):
        await site.until("live values")
        managers = []
        for _ in range(12):
            managers.append(await site.connect())
            assert await site.asks(managers[-1])
        assert await site.page()
        # All come from one address, so each is taken for an older one that is back again.
        answered = []
        for stream in managers:
            answered.append(await site.asks(stream))
        equal(answered, [False] * 9 + [True] * 3)
        for _, writer in managers:
            await shut(writer)

    if not SMALL:
        Site(PORT, connections=5, web=True).run(story)


def test_a_meter_on_the_network_has_a_connection_of_its_own():
    def most(connections, **meter):
        return Site(PORT, connections=connections, meter=meter).app.network.places.most

    if not SMALL:
        equal((most(5), most(5, host="127.0.0.1"), most(5, model="dsmr_p1")), (4, 3, 4))
