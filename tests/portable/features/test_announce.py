"""A box announces itself, where nobody else does it for it."""

import sys

from free_port import free_port
from networked import Free, Site

from checks import equal
from fairamp_box.features.announce import port

PORT = free_port(15061)


def test_where_the_port_of_mdns_is_taken_the_name_is_told_once():
    async def story(site):
        await site.until("found as carport-7.local")
        await site.until("teltocharge registers")
        assert await site.asks()
        await site.app.clock.sleep(10000)
        equal((site.told("found as"), site.told("announce by mDNS")), (1, 0))
        equal(site.wires.joined, [("home", "secret12", "carport-7")])

    Site(PORT).run(story)


def test_a_free_port_of_mdns_is_ours():
    announced = []

    class Task:
        def __init__(self, address, services, clock, log, interface):
            announced.append((address, [service[2] for service in services], interface))

        async def run(self):
            pass

    class Tasks:
        MdnsTask = Task

        @staticmethod
        def services(name, address, ports, web, serial):
            return [(name, "", port) for port in ports.values()]

    async def story(site):
        port.open_port = Free
        await site.until("joined home")
        await site.app.clock.sleep(2000)
        equal((announced, site.told("found as")), ([("127.0.0.1", [PORT], "127.0.0.1")], 0))

    sys.modules["fairamp_box.features.announce.task"] = Tasks
    try:
        Site(PORT, free=100000).run(story)
    finally:
        del sys.modules["fairamp_box.features.announce.task"]
