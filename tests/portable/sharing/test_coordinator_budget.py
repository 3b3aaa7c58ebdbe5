"""What the house leaves is offered, in whole steps, and within every limit of the site."""

from sharing_house import House

from checks import equal
from fairamp import reasons
from fairamp.sharing import coordinator


def test_nothing_before_the_first_reading():
    house = House()
    equal(house.wait(1), [0])
    equal(house.one.meter, coordinator.UNKNOWN)


def test_the_worst_phase_decides_in_whole_steps():
    house = House()
    equal(house.read(0, 4, 6.5, 3), [18])
    equal(house.one.budget_ma, [21000, 18500, 22000])


def test_the_own_draw_is_not_house():
    house = House()
    house.draw(0, 16, 16, 16)
    equal(house.read(0, 4, 6.5, 3), [18])
    house = House(meter={"location": "excluding"})
    house.draw(0, 16, 16, 16)
    equal(house.read(0, 4 - 16, 6.5 - 16, 3 - 16), [18])


def test_mapping_places_the_own_draw():
    house = House([[1]])
    house.draw(0, 16)
    equal(house.read(0, 4, 4, 24.5), [21])


def test_less_than_6_a_is_nothing():
    house = House()
    equal(house.read(0, 19.5, 0, 0), [0])
    equal(house.read(1, 30, 0, 0), [0])
    equal(house.sockets[0].grant.reason, reasons.NO_POWER)


def test_acts_on_new_readings_only():
    house = House()
    house.read(0, 5, 5, 5)
    house.one.grid.current_ma[0] = 24000
    equal(house.wait(0.1), [20])


def test_a_phase_that_nobody_measures_is_not_used():
    house = House()
    house.one.grid.phases = 1
    equal(house.read(0, 5, 0, 0), [0])
    house = House([[0]])
    house.one.grid.phases = 1
    equal(house.read(0, 5, 0, 0), [20])


def test_limits_of_the_site_and_of_the_feeder():
    equal(House(site={"margin": 20}).read(0, 5, 5, 5), [15])
    equal(House(site={"margin": 60}).read(0, 0, 0, 0), [10])
    equal(House(site={"headroom": 3}).read(0, 5, 5, 5), [17])
    equal(House(site={"feeder": [16, 9, 16]}).read(0, 5, 5, 5), [9])
    equal(House(sharing={"operator_limit": [12, 12, 12]}).read(0, 0, 0, 0), [12])
    house = House(sharing={"operator_limit": [20, 20, 20], "downgrade": 12})
    equal(house.read(0, 0, 0, 0), [20])
    house.one.downgraded = True
    equal(house.read(1, 0, 0, 0), [8])


def test_headroom_downgrade_and_profile_of_each_phase():
    equal(House(site={"headroom": [0, 3, 7]}).read(0, 5, 5, 5), [13])
    equal(House([[1]], site={"headroom": [0, 3, 7]}).read(0, 5, 5, 5), [17])
    for phase, amps in ((0, 20), (1, 8), (2, 14)):
        house = House([[phase]], sharing={"operator_limit": [20, 20, 20], "downgrade": [0, 12, 6]})
        house.one.downgraded = True
        equal(house.read(0, 0, 0, 0), [amps])
    profile = [[0, 20], [7, [16, 10, 12]]]
    for phase, hour, amps in ((0, 3, 20), (0, 8, 16), (1, 8, 10), (2, 8, 12), (1, None, 10)):
        house = House([[phase]], sharing={"profile": profile})
        house.one.hour = hour
        equal(house.read(0, 0, 0, 0), [amps])


def test_a_profile_of_the_day():
    profile = [[0, 32], [7, 16], [16, 6], [20, 25]]
    for hour, amps in ((0, 25), (6, 25), (7, 16), (15, 16), (16, 6), (19, 6), (20, 25), (23, 25), (None, 6)):
        house = House(sharing={"profile": profile})
        house.one.hour = hour
        equal(house.read(0, 0, 0, 0), [amps])
    house = House(sharing={"profile": [[7, 16], [20, 25]]})
    house.one.hour = 3
    equal(house.read(0, 0, 0, 0), [25])


def test_a_limit_between_two_steps_is_reached_where_the_rest_is_free():
    for load, offer in ((5, 12500), (12.5, 12500), (13, 12000)):
        house = House()
        house.sockets[0].report.allowed_ma = 12500
        house.read(0, load, load, load)
        equal((load, house.sockets[0].commitment.offered_ma), (load, offer))
