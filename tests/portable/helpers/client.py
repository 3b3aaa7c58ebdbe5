"""A client of one map, as it comes over the wire: what is asked, the answer, and what the box makes of it."""

from checks import equal
from fairamp import managers as maps
from fairamp.modbus.frames import get16
from fairamp.settings import Settings
from registers import run

READ, WRITE = 3, 6


def box_with(relay=False, start=0, **sections):
    """A box whose meters are fresh. `sections`: its settings."""
    # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
    from fairamp.box import Box

    settings = Settings()
    equal(settings.load(sections, "test"), [])
    box = Box(settings, phase_relay=relay)
    for terminal in range(len(box.phases)):
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

    def write(self, address, *values, who=None):
        """0, or the exception code."""
        if len(values) == 1:
            pdu = bytes([WRITE, address >> 8, address & 0xFF, values[0] >> 8, values[0] & 0xFF])
        else:
            pdu = bytes([16, address >> 8, address & 0xFF, 0, len(values), 2 * len(values)])
            for value in values:
                pdu += bytes([value >> 8, value & 0xFF])
        return max(0, -self._ask(pdu, who))

    def wait(self, seconds):
        run(self.box, self.box.now, seconds)

    def _ask(self, pdu, who):
        reply = self._reply
        done = self._server.answer(self.unit, self._server.bank(self.unit), pdu, 0, len(pdu), reply, 0, who)
        return -reply[1] if reply[0] & 0x80 else done
