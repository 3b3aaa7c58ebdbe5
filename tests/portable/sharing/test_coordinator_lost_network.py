"""A socket without network keeps what it may have, and the others leave it."""

from sharing_house import THREE, House

from checks import equal


def test_a_socket_without_network_keeps_its_safe_current_and_the_others_leave_it():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(4):
        house.follow()
        offers = house.read(5, 5, 0, 0)
    equal(offers, [10, 10])
    house.sockets[1].online = False
    house.draw(1, 0)
    for _ in range(6):
        house.draw(0, house.sockets[0].commitment.offered_ma / 1000)
        offers = house.read(5, 5, 0, 0)
    equal(offers[0], 14)


def test_each_loss_of_the_network_keeps_what_the_socket_had_for_6_s():
    house = House([[0], [0]], sharing={"probe_current": 0})
    for _ in range(3):
        for _ in range(20):
            house.follow()
            offers = house.read(5, 5, 0, 0)
        equal(offers, [10, 10])
        house.sockets[1].online = False
        equal([house.read(1, 5, 0, 0)[0] for _ in range(6)], [10] * 6)
        # Then it has cut to its safe current.
        house.draw(1, 6)
        house.read(1, 5, 0, 0)
        equal(house.read(1, 5, 0, 0)[0], 14)
        house.sockets[1].online = True


def test_the_next_car_at_a_lost_socket_may_use_all_of_its_phases():
    house = House([THREE, [1]], sharing={"probe_current": 0})
    house.sockets[0].report.terminals = 1
    house.sockets[0].online = False
    for _ in range(4):
        offers = house.read(5, 5, 5, 5)
    equal(offers, [0, 14])


def test_a_house_that_rises_as_a_lost_car_would_is_no_car():
    house = House([THREE, THREE], sharing={"probe_current": 0})
    for _ in range(3):
        house.follow()
        house.read(5, 1, 1, 1)
    house.sockets[1].online = False
    house.draw(1, 6, 6, 6)
    # It stops: the meter shows 6 A less. Later the house takes 6 A more. What the car may take is left all the time.
    for amps, offered in ((1, 18), (1 - 6, 18), (1, 12)):
        for _ in range(5):
            house.draw(0, *[house.sockets[0].commitment.offered_ma / 1000] * 3)
            offers = house.read(35, amps, amps, amps)
        equal((amps, offers[0]), (amps, offered))
