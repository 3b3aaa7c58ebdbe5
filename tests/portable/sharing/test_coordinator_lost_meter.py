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


def test_a_car_that_waits_goes_on_waiting_when_the_meter_is_lost():
    house = House()
    equal(house.read(0, 24, 24, 24), [0])
    for _ in range(300):
        equal(house.wait(2), [0])
    house = House([THREE, THREE], sharing={"probe_current": 0})
    equal(sorted(house.read(0, 15, 15, 15)), [0, 10])
    equal(sorted(house.wait(6)), [0, 6])


def test_the_highest_house_of_the_last_quarter_of_an_hour_is_expected():
    for start in (0, TICKS_MASK - 600000):
        house = House(site={"safe_current": 16}, start=start)
        house.read(0, 15, 3, 3)
        for _ in range(200):
            house.follow()
            house.read(4, 3, 3, 3)
        equal(house.wait(6), [10])
    # And forgotten after that.
    house = House(site={"safe_current": 16})
    house.read(0, 15, 3, 3)
    for _ in range(310):
        house.follow()
        house.read(4, 3, 3, 3)
    equal(house.wait(6), [16])


def test_margin_and_headroom_hold_while_the_meter_is_lost():
    for meter in ({}, {"fallback": [5, 5, 5]}):
        for site in ({"headroom": 10}, {"margin": 40}):
            house = House(site=dict(site, safe_current=15), meter=meter)
            equal((house.read(0, 5, 5, 5), house.wait(6)), ([10], [10]))


def test_a_fallback_below_the_last_house_raises_nothing():
    house = House(meter={"fallback": [2, 2, 2]})
    equal((house.read(0, 12, 12, 12), house.wait(6)), ([13], [13]))


def test_a_phase_that_nobody_measures_is_not_used_without_a_meter_either():
    house = House()
    house.one.grid.phases = 1
    equal((house.read(0, 5, 5, 5), house.wait(6)), ([0], [0]))
    house = House([[0]])
    house.one.grid.phases = 1
    equal((house.read(0, 5, 5, 5), house.wait(6)), ([20], [6]))


def test_who_was_kept_paused_after_an_overload_does_not_start_with_the_loss():
    house = House()
    house.read(0, 5, 5, 5)
    house.follow()
    equal(house.read(10, 22, 5, 5), [0])
    house.follow()
    house.read(5, 3, 3, 3)
    before = house.wait(0)
    equal((before, house.wait(6), house.wait(10)), ([0], [0], [0]))


def test_who_waited_does_not_start_because_another_is_cut_for_the_lost_meter():
    house = House([THREE, [1]], sharing={"probe_current": 0, "mode": "fifo"}, site={"fuse": [25, 20, 25]})
    equal(house.read(0, 0, 10, 0), [10, 0])
    house.follow()
    house.sockets[0].report.ready = False
    house.draw(0, 0, 0, 0)
    equal([house.wait(6)[1] for _ in range(3)], [0, 0, 0])
    # Another car may begin.
    house.plug(1)
    house.wait(6)
    equal(house.wait(6)[1], 6)


def test_who_charges_has_no_more_than_before_until_the_meter_is_back():
    house = House([THREE, THREE], sharing={"probe_current": 0, "mode": "fifo"}, site={"safe_current": 16})
    equal(house.read(0, 0, 0, 0), [19, 6])
    house.follow()
    equal(house.wait(6), [10, 6])
    house.sockets[0].report.ready = False
    house.draw(0, 0, 0, 0)
    equal([house.wait(6)[1] for _ in range(3)], [6, 6, 6])
    house.follow()
    house.read(6, 0, 0, 0)
    equal(house.read(6, 0, 0, 0)[1] > 6, True)


def test_the_turns_of_those_that_waited_stop_nobody_while_the_meter_is_lost():
    house = House([THREE, THREE], sharing={"probe_current": 0, "turn_period": 60})
    equal(house.read(0, 15, 15, 15), [0, 10])
    for _ in range(60):
        house.follow()
        equal(house.wait(6), [0, 6])
