"""Another car comes: what was learned of the one before is not held against it."""

from sharing_house import House

from checks import equal


def leave(house):
    """The car goes."""
    report = house.sockets[0].report
    report.connected = report.asking = report.charging = False
    house.draw(0)
    house.read(1, 5, 5, 5)


def test_the_next_car_need_not_rest_for_the_one_before():
    for changes, wanted in ((False, [0]), (True, [20])):
        house = House()
        house.read(0, 5, 5, 5)
        # The house leaves too little for it, without an overload, and then enough again.
        equal(house.read(1, 20, 5, 5), [0])
        if changes:
            leave(house)
            house.plug(0)
        equal(house.read(6, 5, 5, 5), wanted)


def test_the_next_car_may_use_more_than_the_one_before():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(8):
        house.draw(0, 6)
        house.draw(1, 10)
        offers = house.read(5, 5, 0, 0)
    equal(offers, [8, 12])
    leave(house)
    house.draw(1, 10)
    house.plug(0)
    house.read(6, 5, 0, 0)
    equal(house.read(6, 5, 0, 0), [10, 10])
