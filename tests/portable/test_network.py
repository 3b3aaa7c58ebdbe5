"""What a box serves and announces on a network."""

import sys

from networked import Free, Site

from checks import equal
from fairamp.settings import Settings
from fairamp_box import mdns_port, network

PORT = 15061
ALL_ADDRESSES = network.HOST  # before a site of the tests has narrowed it


class App:
    """As much of a box as a network asks for before it runs."""

    meter_on_network = 0

    class board:
        connections = 5

    def __init__(self, **sections):
        self.settings = Settings()
        equal(self.settings.load(sections, "test"), [])


def test_the_settings_open_the_doors_on_all_addresses():
    def doors(**sections):
        network.HOST = ALL_ADDRESSES
        return [(door.what, door.host, door.port) for door in network.Network(App(**sections)).doors]

    equal(doors(), [("teltocharge", "0.0.0.0", 502), ("web", "0.0.0.0", 80)])
    ports = {"teltocharge_port": 0, "alfen_port": 1503, "vestel_port": 1504, "mennekes_port": 1505}
    wanted = [("alfen", "0.0.0.0", 1503), ("vestel", "0.0.0.0", 1504), ("mennekes", "0.0.0.0", 1505)]
    equal(doors(ems=ports, web={"port": 0}), wanted)


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
        def __init__(self, address, services, clock, log, interface):
            announced.append((address, [service[2] for service in services], interface))

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
        equal((announced, site.told("found as")), ([("127.0.0.1", [PORT], "127.0.0.1")], 0))

    sys.modules["fairamp_box.mdns_task"] = Tasks
    try:
        Site(PORT, free=100000).run(story)
    finally:
        del sys.modules["fairamp_box.mdns_task"]
