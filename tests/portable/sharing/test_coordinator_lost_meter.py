"""While the meter is lost, the safe current holds, for all together."""

from sharing_house import THREE, House

from checks import equal
from fairamp.sharing import coordinator
from fairamp.units import TICKS_MASK, later


def test_a_lost_meter_means_the_safe_current_across_the_roll_over():
    house = House(start=TICKS_MASK - 1000)
    house.follow()
    house.read(0, 5, 5, 5)
    equal(house.wait(4), [20])
    equal(house.wait(2), [6])
    equal(house.one.meter, coordinator.LOST)
    # 12.4 days later the age looks fresh again; it is not.
    house.now = later(TICKS_MASK - 1000, 100)
    equal(house.wait(0), [6])
    equal(house.one.meter, coordinator.FAILED)


def test_after_a_lost_meter_the_offer_climbs_slowly_and_falls_at_once():
    house = House()
    house.read(0, 5, 5, 5)
    house.wait(6)
    offers = []
    for _ in range(16):
        house.follow()
        offers += house.read(5, 5, 5, 5)
    equal(offers, [min(20, 7 + number) for number in range(16)])
    equal(house.read(5, 15, 5, 5), [10])


def test_error_after_two_minutes_and_charging_goes_on():
    house = House()
    house.read(0, 5, 5, 5)
    equal([house.wait(seconds) for seconds in (4, 2, 54)], [[20], [6], [6]])
    equal(house.one.meter, coordinator.LOST)
    equal(house.wait(67), [6])
    equal(house.one.meter, coordinator.FAILED)
    house.read(1, 5, 5, 5)
    equal(house.one.meter, coordinator.LIVE)


def test_a_load_to_expect_instead_of_the_safe_current():
    house = House(meter={"fallback": [15, 12, 10]})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [10])
    # A phase without one falls back on the safe current.
    house = House(meter={"fallback": [15, 9999, 10]})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [6])


def test_a_safe_current_of_0_means_a_pause():
    house = House(site={"safe_current": 0})
    house.read(0, 5, 5, 5)
    equal(house.wait(6), [0])


def test_the_safe_current_is_for_all_together():
    house = House([THREE, THREE], site={"safe_current": 13})
    for _ in range(20):
        house.follow()
        house.read(5, 5, 5, 5)
    equal(sum(house.read(1, 5, 5, 5)), 20)
    house.follow()
    equal(sum(house.wait(6)), 13)


def test_a_slow_meter_is_late_later():
    house = House()
    house.one.grid.late_ms = 36000
    house.read(0, 5, 5, 5)
    equal(house.wait(20), [20])


def test_feeder_and_operator_hold_while_the_meter_is_lost():
    for section, key in (("site", "feeder"), ("sharing", "operator_limit")):
        sections = {"site": {"safe_current": 16}, "sharing": {}}
        sections[section][key] = [12, 12, 12]
        house = House(**sections)
        house.read(0, 5, 5, 5)
        equal((house.wait(1), house.wait(6)), ([12], [12]))
