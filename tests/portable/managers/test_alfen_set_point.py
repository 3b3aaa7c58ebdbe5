"""The set-point of an Alfen: how long it holds, what feeds it, and what is refused."""

from alfen_manager import SET_POINT, SET_POINT_L1, SET_POINT_L2, SET_POINT_L3, Manager

from checks import equal
from fairamp import managers as maps
from fairamp import view

ROLL_OVER = 0x3FFFFFFF


def test_nothing_was_written_yet():
    manager = Manager()
    equal((manager.left(), manager.read(1214, ">H")), (0, 0))
    equal((manager.limit(), manager.read(1212)), (20, 6))
    manager.wait(200)
    equal(manager.limit(), 20)


def test_before_the_first_write_it_reads_what_holds_and_that_can_be_written_back():
    """A smart home that writes back what it has read, and a manager that takes 0 for a pause, let the car charge."""
    points = ((SET_POINT, 1), (SET_POINT_L1, 200), (SET_POINT_L2, 200), (SET_POINT_L3, 200))
    for values, read, limit in (
        ({}, (25, 25, 25, 25), 20),
        ({"site__fuse": [35, 25, 63], "charger__limit": 16}, (16, 35, 25, 63), 16),
        ({"site__fuse": [125, 125, 125], "charger__max": 80, "charger__limit": 80}, (80, 80, 80, 80), 80),
        ({"ems__required": True}, (6, 6, 6, 6), 6),
    ):
        manager = Manager(**values)
        manager.wait(10)
        equal([manager.read(address, unit=unit) for address, unit in points], list(read))
        for address, unit in points:
            equal(manager.write(address, manager.read(address, unit=unit), unit), 0)
        manager.wait(1)
        equal((manager.limit(), manager.read(SET_POINT)), (limit, read[0]))
        # From then on it is what was written.
        manager.write(SET_POINT, 0)
        equal(manager.read(SET_POINT), 0)


def test_what_holds_is_no_pause_while_the_house_needs_everything():
    manager = Manager(house_ma=25000)
    manager.wait(1)
    equal((manager.limit(), manager.read(SET_POINT), manager.read(SET_POINT_L2, unit=200)), (0, 25, 25))


def test_required_from_the_start():
    manager = Manager(ems__required=True)
    point = manager.box.managers.point("alfen", 0)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (6, 0, 0))
    manager.write(SET_POINT, 12)
    equal((point.limit(manager.box.now), manager.left(), manager.read(1214, ">H")), (12000, 60, 1))


def test_a_set_point_holds_for_its_validity():
    manager = Manager()
    equal(manager.write(SET_POINT, 10), 0)
    manager.wait(0)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (10, 60, 1))
    manager.wait(59)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (10, 1, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (6, 0, 0))
    equal(manager.read(SET_POINT), 10)
    manager.wait(1000)
    equal(manager.limit(), 6)
    equal(manager.write(SET_POINT, 16), 0)
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1214, ">H")), (16, 59, 1))


def test_only_a_write_of_the_set_point_itself_feeds():
    manager = Manager()
    manager.write(SET_POINT, 10)
    manager.wait(40)
    manager.write(SET_POINT, 10)
    manager.wait(40)
    equal((manager.limit(), manager.left()), (10, 20))
    for _ in range(20):
        manager.words(1, 1200, 16)
        manager.words(200, 1400, 32)
        for address in (SET_POINT_L1, SET_POINT_L2, SET_POINT_L3):
            manager.write(address, 32, 200)
        equal(manager.write(SET_POINT, 99), 3)
        manager.wait(1)
    equal((manager.limit(), manager.left()), (6, 0))
    equal(maps.load("alfen").heard, None)


def test_other_validity_and_safe_current():
    manager = Manager(ems__alfen_validity=300, ems__safe_current=0)
    manager.write(SET_POINT, 16)
    manager.wait(299)
    equal((manager.limit(), manager.left()), (16, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1212)), (0, 0, 0))
    equal(view.why(manager.box), "energy manager silent, failsafe current")
    manager.write(SET_POINT, 16)
    manager.wait(1)
    equal(manager.limit(), 16)


def test_a_safe_current_lifts_no_limit():
    manager = Manager(ems__safe_current=32)
    manager.write(SET_POINT, 8)
    manager.wait(61)
    equal((manager.limit(), manager.read(1212)), (8, 32))


def test_across_the_roll_over_of_the_ticks():
    manager = Manager(start=ROLL_OVER - 30000)
    manager.write(SET_POINT, 10)
    manager.write(SET_POINT_L1, 14, 200)
    manager.wait(59)
    equal(manager.box.now < ROLL_OVER // 2, True)
    equal((manager.limit(), manager.left(), manager.read(1423, ">I", 200)), (10, 1, 1))
    manager.wait(1)
    equal((manager.limit(), manager.left(), manager.read(1423, ">I", 200)), (6, 0, 0))


def test_it_lowers_and_never_lifts():
    manager = Manager()
    for amps, limit in ((80, 20), (20.5, 20), (19.5, 19.5), (6, 6)):
        equal(manager.write(SET_POINT, amps), 0)
        manager.wait(1)
        equal((manager.limit(), manager.read(SET_POINT)), (limit, amps))


def test_1_to_5_a_pause_and_read_back():
    manager = Manager()
    for amps in (1, 5, 5.5, 0, 0.0625):
        equal(manager.write(SET_POINT, amps), 0)
        manager.wait(1)
        equal(manager.limit(), 0)
        equal(abs(manager.read(SET_POINT) - amps) < 0.001, True)
        equal(manager.read(1214, ">H"), 1)


def test_what_is_no_current_is_refused():
    manager = Manager()
    for unit, address in ((1, SET_POINT), (200, SET_POINT_L2)):
        for wrong in (float("nan"), -1, -0.01, float("inf"), float("-inf"), 80.5, 1e30):
            equal(manager.write(address, wrong, unit), 3)
        equal(manager.read(address, unit=unit), 25)
    equal((manager.left(), manager.limit()), (0, 20))


def test_half_a_value_is_refused():
    manager = Manager()
    bank = manager.banks[1]
    equal(bank.write(SET_POINT, 1, b"\x41\x20", 0), 2)
    equal(bank.write(SET_POINT + 1, 1, b"\x00\x00", 0), 2)
    equal(bank.write(SET_POINT, 3, b"\x41\x20\x00\x00\x00\x00", 0), 2)
    equal(bank.write(1212, 2, b"\x41\x20\x00\x00", 0), 2)
    equal((manager.read(SET_POINT), manager.left()), (25, 0))
