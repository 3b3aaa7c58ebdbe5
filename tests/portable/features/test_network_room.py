"""What goes on when something of the network does not fit."""

from free_port import free_port
from networked import Free, Site

from checks import equal
from fairamp_box.features.announce import port

PORT = free_port(15085)


def test_what_does_not_fit_is_left_out_and_the_registers_are_served():
    async def story(site):
        port.open_port = Free
        await site.until("web: left out: 12 KB of memory are free, 40 are needed; set [web] port = 0")
        await site.until("network: left out: 12 KB")
        await site.until("teltocharge registers")
        assert await site.asks()
        equal(site.told("live values"), 0)

    Site(PORT, web=True, free=12345).run(story)
