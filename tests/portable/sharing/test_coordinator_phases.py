"""One phase or three, and how uneven the phases may be."""

from sharing_house import THREE, House

from checks import equal


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
    house = House([THREE, THREE], sharing={"imbalance": 5, "probe_current": 0})
    house.sockets[1].report.connected = False
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow(3)
    house.plug(1)
    for _ in range(8):
        offers = house.read(6, 5, 5, 5)
        house.follow(3)
    equal(offers, [6, 6])


def test_a_draw_that_is_gone_for_a_moment_upsets_no_phase():
    house = House([[0], [1], [2]], sharing={"imbalance": 10, "probe_current": 0})
    for _ in range(8):
        house.read(6, 5, 5, 5)
        house.follow()
    equal(house.read(6, 5, 5, 5), [20, 20, 20])
    house.draw(1, 0)
    equal(house.read(5, 5, 5, 5)[0], 20)
    for _ in range(12):
        offers = house.read(6, 5, 5, 5)
    equal(offers[0], 10)
