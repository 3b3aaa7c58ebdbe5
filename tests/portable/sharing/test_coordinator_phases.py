"""One phase or three, and how uneven the phases may be."""

from sharing_house import THREE, House

from checks import equal
from fairamp.settings import Settings


def test_one_phase_when_three_do_not_fit_and_back():
    house = House()
    house.sockets[0].can_switch = True
    for _ in range(40):
        house.read(1, 5, 5, 22)
    assert house.sockets[0].grant.one_phase
    # A wish is not enough: as long as the relay stands on three, an offer would load them all.
    equal(house.read(1, 5, 5, 22), [0])
    house.sockets[0].report.three = False
    equal(house.read(1, 5, 5, 22), [20])
    for _ in range(320):
        house.read(1, 5, 5, 5)
    assert not house.sockets[0].grant.one_phase


def test_a_car_on_three_phases_is_even_however_little_unevenness_is_allowed():
    house = House([THREE, THREE], sharing={"imbalance": 6, "probe_current": 0})
    house.sockets[1].report.connected = False
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow(3)
    house.plug(1)
    for _ in range(8):
        offers = house.read(6, 5, 5, 5)
        house.follow(3)
    equal(offers, [6, 6])


def test_a_draw_that_is_gone_makes_nothing_even_and_one_that_comes_has_to_last():
    house = House([[0], [1], [2]], sharing={"imbalance": 10, "probe_current": 0})
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow()
    equal(house.read(6, 5, 5, 5), [20, 20, 20])
    house.draw(1, 0)
    equal(house.read(5, 5, 5, 5)[0], 10)
    house.follow()
    equal(house.read(5, 5, 5, 5)[0], 10)
    equal(house.read(6, 5, 5, 5)[0], 20)


WIDE = {"site": {"fuse": [63, 63, 63]}, "sharing": {"imbalance": 20, "probe_current": 0}}


def test_a_car_whose_phases_nobody_has_seen_counts_as_one_on_a_single_phase():
    house = House([THREE], **WIDE)
    for seconds in range(60):
        equal((seconds, house.read(1, 5, 5, 5)), (seconds, [20]))
        # It begins late, and then on one.
        house.draw(0, 20 if seconds > 30 else 0)
    equal(house.read(20, 5, 5, 5), [20])


def test_a_car_that_draws_on_three_phases_is_let_up_and_the_next_one_is_unknown_again():
    house = House([THREE], **WIDE)
    equal(house.read(0, 5, 5, 5), [20])
    house.follow()
    equal(house.read(6, 5, 5, 5), [32])
    # It may rest for a while: nothing is uneven then.
    house.draw(0, 0, 0, 0)
    equal(house.read(6, 5, 5, 5), [32])
    house.plug(0)
    equal(house.read(6, 5, 5, 5), [20])


def test_two_cars_whose_phases_nobody_has_seen_may_be_on_the_same_one():
    house = House([THREE, THREE], **WIDE)
    equal(house.read(0, 5, 5, 5), [10, 10])


def test_a_car_that_falls_back_to_one_phase_is_cut_to_what_may_be_uneven():
    house = House([THREE], **WIDE)
    house.read(0, 5, 5, 5)
    house.follow()
    equal(house.read(6, 5, 5, 5), [32])
    house.draw(0, 32, 0, 0)
    equal(house.read(6, 5, 5, 5), [20])


def test_a_car_that_nobody_measures_makes_no_phase_even():
    house = House([[0], [1]], **WIDE)
    for _ in range(4):
        house.read(6, 5, 5, 5)
        house.follow()
    equal(house.read(6, 5, 5, 5), [20, 20])
    house = House([[0], [1], [2]], **WIDE)
    for _ in range(4):
        house.read(6, 5, 5, 5)
        house.follow()
    equal(house.read(6, 5, 5, 5), [32, 32, 32])
    house.sockets[1].report.measured = False
    equal(house.read(6, 5, 5, 5)[0], 20)


def test_a_socket_without_network_makes_no_phase_even():
    house = House([[0], [1], [2]], **WIDE)
    for _ in range(4):
        house.read(6, 5, 5, 5)
        house.follow()
    house.sockets[1].online = False
    equal(house.read(6, 5, 5, 5)[0], 20)


def test_less_than_a_car_needs_is_no_limit_for_unevenness():
    (error,) = Settings().load({"sharing": {"imbalance": 5}}, "file")
    equal(error, "file: [sharing] imbalance: 5 is not possible; allowed: 0, or a number from 6 to 1000 A")


AT_METER = {"site": {"fuse": [63, 63, 63], "safe_current": 32}}
AT_METER["sharing"] = {"imbalance": 20, "imbalance_at": "meter", "probe_current": 0}


def test_without_a_meter_the_house_may_be_as_uneven_as_in_the_last_quarter_of_an_hour():
    house = House([[0]], **AT_METER)
    house.read(0, 8, 0, 0)
    house.follow()
    for _ in range(4):
        house.read(6, 0, 5, 5)
        house.follow()
    equal(house.read(6, 0, 5, 5), [25])
    house.follow()
    equal(house.wait(6), [12])


def test_a_house_that_is_uneven_by_itself_stops_no_car_on_three_phases():
    house = House([THREE], **AT_METER)
    for _ in range(4):
        house.read(6, 0, 0, 0)
        house.follow()
    for _ in range(10):
        equal(house.read(6, 30, 0, 0), [32])
        house.follow()


def test_what_a_house_that_is_uneven_by_itself_leaves_no_car_on_one_phase():
    house = House([[0]], **AT_METER)
    equal(house.read(0, 15, 0, 0), [0])
    equal(house.read(6, 30, 0, 0), [0])
