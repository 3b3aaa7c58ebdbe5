"""What an Alfen tells: of itself, of its meter, and of its state."""

import struct

from alfen_manager import Manager, is_nan

from checks import equal
from fairamp import managers as maps
from fairamp.box import Box
from fairamp.charging.faults import LEAKAGE
from fairamp.settings import Settings
from fairamp.units import later


def test_blocks_that_clients_read():
    manager = Manager()
    for unit, address, count in (
        (200, 100, 79),
        (200, 1100, 6),
        (200, 1400, 32),
        (1, 300, 125),
        (1, 300, 62),
        (1, 1200, 16),
        (1, 374, 4),
    ):
        equal(len(manager.words(unit, address, count)), 2 * count)


def test_other_units_and_gaps():
    manager = Manager()
    equal(sorted(manager.banks), [1, 200])
    equal(manager.words(200, 1105, 4), b"\x00\x01" + b"\xff" * 6)
    equal(manager.banks[1].read(100, 1, bytearray(2), 0), 2)
    equal(manager.banks[200].read(1210, 2, bytearray(4), 0), 2)
    equal(manager.banks[1].read(1216, 1, bytearray(2), 0), 2)


def test_what_the_station_says_of_itself():
    manager = Manager(box__name="Caf\u00e9")
    equal(bytes(manager.words(200, 100, 3)), b"Caf?\x00\x00")
    equal(bytes(manager.words(200, 157, 4)), b"000001\x00\x00")
    equal(manager.read(1105, ">H", 200), 1)
    equal(manager.read(1100, unit=200), 25)
    equal(is_nan(manager.read(1102, unit=200)), True)
    manager.box.inputs.temperature_dc = 215
    equal(manager.read(1102, unit=200), 21.5)
    manager.wait(3)
    equal(manager.read(174, ">Q", 200), 3000)


def test_a_clock_that_nobody_has_set():
    manager = Manager()
    equal(manager.words(200, 168, 6), b"\xff" * 12)
    manager.box.utc = (2026, 3, 29, 1, 59, 58)
    equal(struct.unpack(">6h", manager.words(200, 168, 6)), (2026, 3, 29, 1, 59, 58))


def test_what_the_meter_says():
    manager = Manager()
    own = manager.box.own
    own.current_ma[:] = [10500, 0, 250]
    own.power_w[:] = [2415, 0, 60]
    own.voltage_mv[1] = 230500
    own.energy_wh = 1234567
    manager.box.balance(manager.box.now)
    equal((manager.read(320), manager.read(322), manager.read(324), manager.read(326)), (10.5, 0, 0.25, 10.75))
    equal((manager.read(308), manager.read(338), manager.read(344)), (230.5, 2415, 2475))
    equal(manager.read(374, ">d"), 1234567)
    equal((manager.read(300, ">H"), manager.read(301, ">Q")), (3, 0))
    # The meter was read since the box looked last.
    own.taken = later(manager.box.now, 50)
    equal(manager.read(301, ">Q"), 0)


def test_what_the_box_cannot_know_is_no_number():
    manager = Manager()
    for address in (312, 318, 328, 336, 346, 354):
        equal(is_nan(manager.read(address)), True)
    for address in (362, 390, 394, 422):
        equal(is_nan(manager.read(address, ">d")), True)


def test_a_meter_that_is_lost():
    manager = Manager()
    own = manager.box.own
    own.energy_wh = 1000
    own.power_w[0] = 2300
    now = manager.box.now = later(manager.box.now, 60000)
    manager.box.coordinator.grid.accept(now)
    manager.box.balance(now)
    equal(is_nan(manager.read(320)), True)
    equal((manager.read(344), manager.read(374, ">d")), (0, 1000))
    equal((manager.read(300, ">H"), manager.read(301, ">Q")), (9, 60000))


def test_a_meter_that_was_never_heard():
    box = Box(Settings())
    bank = maps.load("alfen").banks(box)[1]
    out = bytearray(250)
    equal(bank.read(300, 125, out, 0), 0)
    equal(out[:10], b"\x00\x00" + b"\xff" * 8)
    equal(struct.unpack_from(">f", out, 2 * 44)[0], 0)
    equal(is_nan(struct.unpack_from(">d", out, 2 * 74)[0]), True)


def test_the_state_is_a_text():
    manager = Manager()
    equal(manager.words(1, 1201, 5), b"A" + bytes(9))
    manager.box.point.state = "B1"
    equal(manager.words(1, 1201, 5), b"B1" + bytes(8))
    equal(manager.read(1200, ">H"), 1)
    manager.box.point.guard.faults.report(LEAKAGE, True)
    equal(manager.read(1200, ">H"), 0)
