"""An energy manager that speaks Alfen, for tests."""

import struct

from checks import equal
from fairamp import managers as maps
from fairamp.settings import Settings
from fairamp.units import later

SET_POINT, SET_POINT_L1, SET_POINT_L2, SET_POINT_L3 = 1210, 1417, 1419, 1421


class Manager:
    """An energy manager before a box of its own, with time that the test lets pass."""

    def __init__(self, start=0, phase_relay=False, others=(), house_ma=5000, **values):
        # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
        from fairamp.box import Box

        settings = Settings()
        equal(settings.load(sections(values), "test"), [])
        self.box = Box(settings, phase_relay=phase_relay, others=others)
        self.banks = maps.load("alfen").banks(self.box)
        self._house_ma = house_ma
        self.box.now = start
        self.wait(0)

    def wait(self, seconds):
        """Lets time pass, with readings that never get old: 25 A fuse, mostly 5 A of the house."""
        for _ in range(max(1, 5 * seconds)):
            if seconds:
                self.box.now = later(self.box.now, 200)
            for reading, current in ((self.box.own, 0), (self.box.coordinator.grid, self._house_ma)):
                for phase in range(3):
                    reading.current_ma[phase] = current
                    reading.voltage_mv[phase] = 231900
                reading.accept(self.box.now)
            self.box.balance(self.box.now)

    def words(self, unit, address, count):
        out = bytearray(2 * count)
        equal(self.banks[unit].read(address, count, out, 0), 0)
        return out

    def read(self, address, form=">f", unit=1):
        return struct.unpack(form, self.words(unit, address, struct.calcsize(form) // 2))[0]

    def write(self, address, amps, unit=1):
        return self.banks[unit].write(address, 2, struct.pack(">f", amps), 0)

    def left(self):
        return self.read(1208, ">I")

    def limit(self):
        return self.read(1206)


def sections(values):
    """section__key=value -> {section: {key: value}}"""
    found: dict = {}
    for name in values:
        section, key = name.split("__")
        found.setdefault(section, {})[key] = values[name]
    return found


def is_nan(value):
    return value != value
