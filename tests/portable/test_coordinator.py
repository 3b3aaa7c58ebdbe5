from checks import equal
from fairamp import coordinator
from fairamp.coordinator import Coordinator
from fairamp.settings import Settings
from fairamp.units import TICKS_MASK, later


def make(**charger):
    settings = Settings()
    equal(settings.load({"charger": charger}, "test"), [])
    return Coordinator(settings)


def read(one, now, grid, own=(0, 0, 0)):
    for phase in range(3):
        one.grid.current_ma[phase] = grid[phase]
        one.own.current_ma[phase] = own[phase]
    one.own.accept(now)
    one.grid.accept(now)
    return one.update(now)


def test_nothing_before_the_first_reading_of_both_meters():
    one = make()
    equal(one.update(0), 0)
    one.grid.accept(0)
    equal(one.update(0), 0)
    equal(one.meter, coordinator.UNKNOWN)


def test_the_worst_phase_decides_in_whole_steps():
    one = make()
    equal(read(one, 0, (4000, 6500, 3000)), 18000)
    equal(one.budget_ma, [21000, 18500, 22000])


def test_the_own_draw_is_not_house():
    one = make()
    equal(read(one, 0, (20000, 22500, 19000), (16000, 16000, 16000)), 18000)


def test_mapping_places_the_own_draw():
    one = make(mapping="L2")
    equal(read(one, 0, (4000, 20000, 24500), (16000, 0, 0)), 21000)


def test_an_overload_is_answered_in_the_same_update_and_held():
    one = make()
    read(one, 0, (5000, 5000, 5000))
    equal(read(one, 1000, (30000, 25000, 25000), (16000, 16000, 16000)), 11000)
    equal(read(one, 2000, (5000, 5000, 5000)), 11000)
    equal(read(one, 40000, (5000, 5000, 5000)), 20000)


def test_less_than_6_a_is_nothing():
    one = make()
    equal(read(one, 0, (19500, 0, 0)), 0)
    equal(read(one, 0, (30000, 0, 0)), 0)


def test_an_old_draw_is_no_reason_to_offer_more():
    one = make()
    read(one, 0, (9000, 9000, 9000), (4000, 4000, 4000))
    equal(one.offer_ma, 20000)
    read(one, 1000, (29000, 9000, 9000), (16000, 0, 0))
    equal(one.offer_ma, 12000)
    # The charger's meter is silent, the house draws less: perhaps it was the car.
    one.grid.current_ma[0] = 12000
    one.grid.accept(40000)
    one.own.taken = 39000
    equal(one.update(40000), 12000)


def test_both_meters_lost_at_once():
    one = make()
    read(one, 0, (5000, 5000, 5000))
    one.update(60000)
    equal((one.grid.stale, one.own.stale), (True, True))


def test_acts_once_per_reading():
    one = make()
    read(one, 0, (5000, 5000, 5000))
    one.grid.current_ma[0] = 24000
    equal(one.update(100), 20000)


def test_a_lost_meter_means_the_safe_current_across_the_roll_over():
    one = make()
    start = TICKS_MASK - 1000
    equal(read(one, start, (5000, 5000, 5000)), 20000)
    equal(one.update(later(start, 4000)), 20000)
    equal(one.update(later(start, 6000)), 6000)
    equal(one.meter, coordinator.LOST)
    # 12.4 days later the age looks fresh again; it is not.
    equal(one.update(later(start, 100)), 6000)
    assert read(one, later(start, 8000), (5000, 5000, 5000)) < 20000


def test_after_a_lost_meter_the_offer_climbs_slowly_and_falls_at_once():
    one = make()
    read(one, 0, (5000, 5000, 5000))
    equal(one.update(6000), 6000)
    offers = [read(one, now, (5000, 5000, 5000)) for now in range(10000, 90000, 5000)]
    # 0.2 A per second: 1 A every 5 s.
    equal(offers, [6000 + 1000 * min(14, number) for number in range(len(offers))])
    equal(read(one, 90000, (15000, 5000, 5000)), 10000)


def test_error_after_two_minutes_and_charging_goes_on():
    one = make()
    read(one, 0, (5000, 5000, 5000))
    equal([one.update(now) for now in (4000, 6000, 60000)], [20000, 6000, 6000])
    equal(one.meter, coordinator.LOST)
    equal(one.update(127000), 6000)
    equal(one.meter, coordinator.FAILED)
    read(one, 130000, (5000, 5000, 5000))
    equal(one.meter, coordinator.LIVE)


def test_a_load_to_expect_instead_of_the_safe_current():
    settings = Settings()
    equal(settings.load({"meter": {"fallback": [15, 12, 10]}}, "test"), [])
    one = Coordinator(settings)
    read(one, 0, (5000, 5000, 5000))
    equal(one.update(6000), 10000)
    # A phase without one falls back on the safe current.
    settings.load({"meter": {"fallback": [15, 9999, 10]}}, "test")
    one = Coordinator(settings)
    read(one, 0, (5000, 5000, 5000))
    equal(one.update(6000), 6000)


def test_a_safe_current_of_0_means_a_pause():
    settings = Settings()
    settings.load({"site": {"safe_current": 0}}, "test")
    one = Coordinator(settings)
    read(one, 0, (5000, 5000, 5000))
    equal(one.update(6000), 0)


def test_a_phase_that_nobody_measures_is_not_used():
    one = make()
    one.grid.phases = 1
    equal(read(one, 0, (5000, 0, 0)), 0)
    one = make(mapping="L1")
    one.grid.phases = 1
    equal(read(one, 0, (5000, 0, 0)), 20000)


def test_a_slow_meter_is_late_later():
    one = make()
    one.grid.late_ms = 36000
    read(one, 0, (5000, 5000, 5000))
    one.own.accept(20000)
    equal(one.update(20000), 20000)
