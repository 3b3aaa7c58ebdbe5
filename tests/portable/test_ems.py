from checks import equal
from fairamp.ems import Ems, SetPoint
from fairamp.limits import NO_LIMIT
from fairamp.settings import Settings
from fairamp.units import TICKS_MASK, later

ALL = (0, 1, 2)


def make(**values):
    settings = Settings()
    equal(settings.load({"ems": values}, "test"), [])
    return Ems(settings)


def test_nobody_there_no_limit():
    ems = make()
    equal(ems.limit(0, ALL), NO_LIMIT)
    equal(ems.limit(10**6, ALL), NO_LIMIT)


def test_the_lowest_of_several_managers_wins():
    ems = make()
    ems.teltocharge.write(20000)
    ems.vestel.write(12000)
    ems.mennekes.write(16000)
    equal(ems.limit(0, ALL), 12000)
    ems.vestel.write(5000)
    equal(ems.limit(0, ALL), 0)


def test_a_watchdog_strikes_on_time_and_lets_go_fully_across_the_roll_over():
    for start in (0, TICKS_MASK - 40000, TICKS_MASK - 10):
        point = SetPoint(30000, 6000)
        point.write(16000)
        point.feed(start)
        equal(point.limit(later(start, 29999)), 16000)
        equal(point.left_ms(later(start, 20000)), 10000)
        equal(point.limit(later(start, 30000)), 6000)
        # It stays so, also when the clock has come round.
        equal(point.limit(later(start, 100)), 6000)
        point.feed(later(start, 90000))
        equal(point.limit(later(start, 90000)), 16000)


def test_failsafe_0_stops_and_no_watchdog_never_strikes():
    point = SetPoint(10000, 0)
    point.feed(0)
    equal(point.limit(10000), 0)
    point = SetPoint(0, 6000)
    point.write(10000)
    point.feed(0)
    for now in range(0, TICKS_MASK, 10**8):
        equal(point.limit(now), 10000)


def test_required_means_safe_until_the_first_one_comes():
    ems = make(required=True, safe_current=8)
    equal(ems.limit(0, ALL), 8000)
    ems.mennekes.feed(1000)
    equal(ems.limit(1000, ALL), NO_LIMIT)
    # From then on its own watchdog holds.
    equal(ems.limit(61000, ALL), 8000)


def test_a_manager_of_the_whole_network_is_one_that_has_come():
    for phase in ALL:
        ems = make(required=True, safe_current=8)
        equal(ems.limit(0, ALL), 8000)
        ems.alfen_network[phase].write(20000)
        ems.alfen_network[phase].feed(1000)
        equal(ems.limit(1000, ALL), 20000)
        equal(ems.limit(61000, ALL), 8000)


def test_limits_of_the_network_count_for_the_phases_in_use():
    ems = make()
    for phase, ma in ((0, 20000), (1, 10000), (2, 16000)):
        ems.alfen_network[phase].write(ma)
        ems.alfen_network[phase].feed(0)
    equal(ems.limit(0, ALL), 10000)
    equal(ems.limit(0, (0,)), 20000)
    equal(ems.limit(60000, (2,)), 6000)
