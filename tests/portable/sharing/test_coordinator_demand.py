"""Cars that use little, begin late or are new, and turns when there is not enough for all."""

from sharing_house import THREE, House

from checks import equal
from fairamp import reasons


def test_what_a_car_leaves_goes_to_others_and_comes_back():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(8):
        house.draw(0, 6)
        house.draw(1, 10)
        offers = house.read(5, 5, 0, 0)
    # 6 A and a margin to climb.
    equal(offers, [8, 12])
    house.draw(0, 8)
    offers = house.read(5, 5, 0, 0)
    house.draw(1, 10)
    equal(house.read(6, 5, 0, 0), [10, 10])


def test_a_car_that_begins_late_is_not_taken_for_one_that_needs_little():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(9):
        house.draw(1, 10)
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])
    house.draw(0, 10)
    for _ in range(9):
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])


def test_turns_when_not_all_minimums_fit():
    house = House([THREE] * 3, sharing={"turn_period": 60, "probe_current": 0})
    seen = []
    for _ in range(300):
        house.follow()
        offers = house.read(1, 8, 8, 8)
        assert sum(offers) <= 17, offers
        if offers.count(0) == 1 and (not seen or seen[-1] != offers.index(0)):
            seen.append(offers.index(0))
    assert seen[:4] in ([0, 1, 2, 0], [1, 2, 0, 1]), seen
    assert any(socket.grant.reason == reasons.TURN_OF for socket in house.sockets)


def test_a_new_session_is_probed_for_a_minute():
    house = House([[0], [0]])
    house.sockets[0].report.connected = house.sockets[1].report.connected = False
    house.read(0, 5, 0, 0)
    house.plug(0)
    equal(house.read(1, 5, 0, 0), [14, 0])
    house.follow()
    for _ in range(16):
        house.read(4, 5, 0, 0)
    equal(house.read(5, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    for _ in range(3):
        offers = house.read(3, 5, 0, 0)
        house.follow()
    equal(offers, [6, 14])
    for _ in range(20):
        offers = house.read(4, 5, 0, 0)
        house.follow()
    equal(offers, [10, 10])
