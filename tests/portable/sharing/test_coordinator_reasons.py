"""Why a socket gets what it gets."""

from sharing_house import THREE, House

from checks import equal
from fairamp import reasons, words


def why(house, id=0):
    return house.sockets[id].grant.reason


def test_probing_and_then_the_whole_for_a_car_among_several():
    house = House([THREE, THREE])
    house.read(0, 5, 5, 5)
    # No turn yet: it would be said for 15 min.
    equal((why(house), why(house, 1)), (reasons.PROBING, reasons.PROBING))
    equal((house.sockets[0].grant.values, house.sockets[1].grant.values), ((1,), ()))
    equal(words.granted(house.sockets[0].grant), "waiting: the car at 1 is probed for a minute")
    for _ in range(140):
        house.follow()
        house.read(1, 5, 5, 5)
    equal((why(house), why(house, 1)), (reasons.SHARED, reasons.SHARED))


def test_a_car_that_draws_no_more_has_enough():
    house = House([THREE, THREE], sharing={"probe_current": 0})
    for _ in range(60):
        house.draw(0, 8, 8, 8)
        house.draw(1, 10, 10, 10)
        house.read(1, 0, 0, 0)
    equal(why(house), reasons.ENOUGH)


def test_others_have_to_reduce_first():
    house = House([THREE, THREE], sharing={"probe_current": 0})
    house.sockets[1].report.connected = house.sockets[1].report.ready = False
    house.read(0, 5, 5, 5)
    house.draw(0, 20, 20, 20)
    house.read(6, 5, 5, 5)
    house.plug(1)
    house.sockets[1].report.ready = True
    house.read(1, 5, 5, 5)
    equal(why(house, 1), reasons.FOLLOWING)


def test_after_a_lost_meter_it_rises_slowly():
    house = House()
    house.read(0, 5, 5, 5)
    house.wait(6)
    equal(why(house), reasons.METER_LOST)
    house.follow()
    house.read(1, 5, 5, 5)
    equal(why(house), reasons.CLIMBING)


def test_a_contact_and_a_lost_network_are_named():
    house = House([THREE, THREE])
    house.sockets[1].online = False
    house.read(0, 5, 5, 5)
    equal(why(house, 1), reasons.NO_NETWORK)
    house.one.suspended = True
    house.read(1, 5, 5, 5)
    equal((why(house), why(house, 1)), (reasons.SUSPENDED, reasons.NO_NETWORK))


def test_what_is_free_and_not_yet_given_is_no_matter_of_uneven_phases():
    house = House(sharing={"imbalance": 20})
    equal(house.read(0, 15, 15, 15), [10])
    house.follow()
    for _ in range(3):
        equal(house.read(1, 5, 5, 5), [10])  # the next raise is due after 5 s
        equal(why(house), reasons.SHARED)
