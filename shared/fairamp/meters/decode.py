"""From the words of a meter's answer to a reading, refusing what no house can show."""

import struct

from fairamp.units import PHASES

# A house connection beyond these is not a house, or not an answer.
MOST_A = 400
MOST_V = 300


class Implausible(Exception):
    """The meter answered with a value that cannot be; the text names it."""


class Decoder:
    """Collects the blocks of one round and turns them into a reading."""

    def __init__(self, row):
        self._row = row
        self._words = {}
        for address, count in row["blocks"]:
            self._words[address] = bytearray(2 * count)

    def take(self, block, data, at: int) -> None:
        """Keeps the words of one block, which begin at data[at]."""
        address, count = block
        self._words[address][:] = data[at : at + 2 * count]

    def fill(self, reading) -> None:
        """Writes all values into the reading; raises Implausible and leaves it as it was."""
        new = {}
        for quantity, address, step, kind, scale in self._row["quantities"]:
            new[quantity] = [self._value(address + step * phase, kind, scale) for phase in PHASES]
        for phase in PHASES:
            _within("current", phase, new["current"][phase], MOST_A, "A")
            _within("voltage", phase, new["voltage"][phase], MOST_V, "V")
            _within("power", phase, new["power"][phase], MOST_A * MOST_V, "W")
        address, kind, scale = self._row["energy"]
        energy = self._value(address, kind, scale)
        _within("energy", None, energy, 1000000000, "Wh")
        for phase in PHASES:
            current = round(new["current"][phase] * 1000)
            if self._row["sign_from_power"]:
                current = -abs(current) if new["power"][phase] < 0 else abs(current)
            reading.current_ma[phase] = current
            reading.voltage_mv[phase] = round(new["voltage"][phase] * 1000)
            reading.power_w[phase] = round(new["power"][phase])
        reading.energy_wh = round(energy)

    def _value(self, address, kind, scale):
        for first, words in self._words.items():
            if first <= address < first + len(words) // 2:
                return struct.unpack_from(">f", words, 2 * (address - first))[0] * scale
        raise ValueError(address)


def _within(quantity, phase, value, most, unit):
    # Also false for "not a number", which meters send for what they do not have.
    if not -most <= value <= most:
        where = "" if phase is None else " L" + str(phase + 1)
        raise Implausible(quantity + where + " = " + str(value) + " " + unit + " cannot be (at most " + str(most) + ")")
