"""A client of one map, as it comes over the wire: what is asked, the answer, and what the box makes of it."""

import struct

from waves import fill

from checks import equal
from fairamp import managers as maps
from fairamp.modbus.frames import get16
from fairamp.settings import Settings
from registers import run

READ, WRITE, WRITE_MANY = 3, 6, 16
EMPTY_MV = 12000  # of the pilot line, without a car


def box_with(relay=False, start=0, **sections):
    """A box whose meters are fresh. `sections`: its settings."""
    # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
    from fairamp.box import Box

    settings = Settings()
    equal(settings.load(sections, "test"), [])
    box = Box(settings, phase_relay=relay)
    # Of a meter that sees three phases, however many the socket has.
    for terminal in range(3):
        box.own.voltage_mv[terminal] = 231900
    run(box, start, 0)
    return box


class Clients:
    """All who are served with one map of a box; `who` tells them apart."""

    def __init__(self, box, name, unit=1):
        self.box = box
        self.unit = unit
        self._server = maps.server(maps.load(name), box, box.settings)
        self._reply = bytearray(260)

    def read(self, address, count=1, who=None):
        """The words, or the exception code below zero."""
        size = self._ask(bytes([READ, address >> 8, address & 0xFF, 0, count]), who)
        if size < 0:
            return size
        words = [get16(self._reply, 2 + 2 * index) for index in range(count)]
        return words if count > 1 else words[0]

    def write(self, address, *values, who=None, function=WRITE):
        """0, or the exception code."""
        if len(values) == 1 and function == WRITE:
            pdu = bytes([WRITE, address >> 8, address & 0xFF, values[0] >> 8, values[0] & 0xFF])
        else:
            pdu = bytes([WRITE_MANY, address >> 8, address & 0xFF, 0, len(values), 2 * len(values)])
            for value in values:
                pdu += bytes([value >> 8, value & 0xFF])
        return max(0, -self._ask(pdu, who))

    def read_float(self, address):
        return struct.unpack(">f", self.read_bytes(address, 2))[0]

    def read_bytes(self, address, count):
        assert self._ask(bytes([READ, address >> 8, address & 0xFF, 0, count]), None) > 0
        return bytes(self._reply[2 : 2 + 2 * count])

    def write_float(self, address, value):
        return self.write(address, *struct.unpack(">2H", struct.pack(">f", value)))

    def wait(self, seconds):
        """Lets time pass, without a car."""
        inputs = self.box.inputs
        inputs.count = 128
        fill(inputs.codes, EMPTY_MV, EMPTY_MV, 10000)
        for _ in range(seconds):
            run(self.box, self.box.now, 1)
            self.box.step(self.box.now)

    def _ask(self, pdu, who):
        reply = self._reply
        done = self._server.answer(self.unit, self._server.bank(self.unit), pdu, 0, len(pdu), reply, 0, who)
        return -reply[1] if reply[0] & 0x80 else done
