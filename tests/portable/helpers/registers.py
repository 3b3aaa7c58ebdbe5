"""Registers as a client sees them, and a box whose meters never get old."""

from checks import equal
from fairamp.charging import limits
from fairamp.modbus.frames import get16
from fairamp.units import later


def run(box, now, seconds):
    """Lets time pass with fresh readings; the moment after it."""
    for _ in range(5 * seconds):
        now = later(now, 200)
        look(box, now)
    look(box, now)
    return now


def look(box, now):
    box.own.accept(now)
    box.coordinator.grid.accept(now)
    box.balance(now)


def words(bank, address, count):
    out = bytearray(2 * count)
    equal(bank.read(address, count, out, 0), 0)
    return [get16(out, 2 * index) for index in range(count)]


def read(bank, address, count=1):
    value = 0
    for word in words(bank, address, count):
        value = value << 16 | word
    return value


def write(bank, address, value):
    return bank.write(address, 1, bytes([value >> 8, value & 0xFF]), 0)


def ems_limit(box):
    return box.point.limits.get(limits.EMS)
