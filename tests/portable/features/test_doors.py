"""Where a box serves, as its settings have it."""

from networked import network

from checks import equal
from fairamp.settings import Settings
from fairamp_box.features import registers, web

ALL_ADDRESSES = network.HOST  # before a site of the tests has narrowed it


class App:
    """As much of a box as its features ask for before it runs."""

    meter_on_network = 0

    class board:
        connections = 5

    def __init__(self, **sections):
        self.settings = Settings()
        equal(self.settings.load(sections, "test"), [])
        self.network = network.Network(self)
        for feature in (registers, web):
            feature.start(self)

    def log(self, where, text):
        pass

    def line_for_managers(self, baud, parity):
        pass


def test_the_settings_open_the_doors_on_all_addresses():
    def doors(**sections):
        network.HOST = ALL_ADDRESSES
        return [(door.what, door.host, door.port) for door in App(**sections).network.doors]

    equal(doors(), [("teltocharge", "0.0.0.0", 502), ("web", "0.0.0.0", 80)])
    ports = {"teltocharge_port": 0, "alfen_port": 1503, "vestel_port": 1504, "mennekes_port": 1505}
    wanted = [("alfen", "0.0.0.0", 1503), ("vestel", "0.0.0.0", 1504), ("mennekes", "0.0.0.0", 1505)]
    equal(doors(ems=ports, web={"port": 0}), wanted)
