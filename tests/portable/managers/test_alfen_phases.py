"""One phase or three, as an Alfen is told."""

from alfen_manager import Manager

from checks import equal
from fairamp.units import later


def test_phases_without_a_relay():
    """What is so already is accepted: clients write the phases before each set-point."""
    for manager in (Manager(), Manager(phase_relay=True), Manager(charger__phase_switch=True)):
        equal(manager.banks[1].write(1215, 1, b"\x00\x03", 0), 0)
        equal(manager.banks[1].write(1215, 1, b"\x00\x01", 0), 3)
        equal(manager.read(1215, ">H"), 3)
    manager = Manager(charger__mapping="L2")
    equal(manager.banks[1].write(1215, 1, b"\x00\x01", 0), 0)
    equal(manager.banks[1].write(1215, 1, b"\x00\x03", 0), 3)
    equal(manager.read(1215, ">H"), 1)


def test_phases_with_a_relay():
    manager = Manager(phase_relay=True, charger__phase_switch=True)
    bank = manager.banks[1]
    equal(bank.write(1215, 1, b"\x00\x02", 0), 3)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 0)
    equal(bank.write(1215, 1, b"\x00\x01", 0), 0)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 6)
    for _ in range(1000):
        manager.box.now = later(manager.box.now, 20)
        manager.box.step(manager.box.now)
    equal(manager.read(1215, ">H"), 1)
    equal(bank.write(1215, 1, b"\x00\x03", 0), 6)
