"""Sockets that share a cable of their own."""

from sharing_house import THREE, House

from checks import equal


def test_what_a_newcomer_and_a_greedy_car_mean_for_a_cable():
    stations = ((1, 16000), (1, 16000))
    house = House([THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    second = house.sockets[1]
    second.report.connected = second.report.ready = second.report.charging = False
    house.sockets[0].report.allowed_ma = 13000
    house.read(0, 10, 0, 0)
    house.draw(0, 13, 13, 13)
    house.read(1, 10, 0, 0)
    # 16 A of the cable, of which 13 are in use.
    equal((house.sockets[0].commitment.offered_ma, second.grant.ma), (13000, 3000))
    # It draws 4 A too much: nothing of the cable is left for another.
    house.draw(0, 17, 17, 17)
    for _ in range(12):
        house.read(1, 50, 0, 0)
    second.report.connected = second.report.ready = second.report.charging = True
    second.report.session += 1
    for _ in range(80):
        house.read(1, 0, 0, 0)
    equal(second.commitment.offered_ma, 0)


def test_a_queue_at_one_cable_is_none_at_another():
    stations = ((1, 6000), (1, 6000), (0, 0))
    house = House([THREE, THREE, [0]], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    full = house.sockets[2]
    for second in range(400):
        house.follow()
        if second > 60:
            full.report.asking = False
            house.draw(2)
        house.read(1, 0, 0, 0)
    # Two take turns, and the car that is full keeps its offer.
    assert 0 in (house.sockets[0].commitment.offered_ma, house.sockets[1].commitment.offered_ma)
    equal((full.commitment.offered_ma, full.demand.idle, full.demand.aside), (32000, True, False))


def test_a_station_has_a_maximum_of_its_own():
    stations = ((4, 20000), (4, 24000), (0, 0))
    house = House([THREE, THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    equal(house.read(0, 3, 3, 3), [10, 10, 32])
    house.follow()
    equal(house.read(1, 3, 3, 3), [10, 10, 32])
    # What one leaves goes to the other at that cable, once it is free, and not beyond.
    house.sockets[0].report.connected = house.sockets[0].report.ready = False
    equal(house.read(1, 3, 3, 3), [0, 10, 32])
    house.draw(0)
    house.read(5, 3, 3, 3)
    equal(house.read(1, 3, 3, 3), [0, 20, 32])


def test_turns_at_a_station_while_others_charge():
    stations = ((1, 10000), (1, 10000), (0, 0))
    house = House([THREE, THREE, [1]], stations=stations, sharing={"probe_current": 0, "turn_period": 60})
    equal(house.read(0, 5, 5, 5), [0, 10, 10])
    house.sockets[2].report.connected = house.sockets[2].report.ready = False
    shares = []
    for _ in range(130):
        house.follow()
        shares.append(tuple(house.read(1, 5, 5, 5)[:2]))
        assert house.sockets[0].report.draw_ma[0] + house.sockets[1].report.draw_ma[0] <= 10000
    assert (10, 0) in shares and (0, 10) in shares, shares


def test_a_lost_socket_keeps_its_part_of_the_cable():
    stations = ((1, 20000), (1, 20000))
    house = House([THREE, THREE], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    equal(house.read(0, 0, 0, 0), [10, 10])
    house.follow()
    house.sockets[1].online = False
    house.draw(1, 6, 6, 6)
    house.read(1, 0, 0, 0)
    house.read(7, 0, 0, 0)
    # 6 A of it are the lost one's.
    equal(house.read(6, 0, 0, 0)[0], 14)


def test_three_phases_or_one_at_a_station():
    stations = ((1, 11000), (1, 11000))
    house = House([THREE, [1]], stations=stations, site={"fuse": [63, 63, 63]}, sharing={"probe_current": 0})
    house.sockets[0].can_switch = True
    house.sockets[1].vip = house.sockets[1].member.vip = True
    for _ in range(40):
        house.follow()
        house.read(1, 0, 0, 0)
    equal(house.sockets[0].grant.one_phase, True)
    # The first phase of the cable has room.
    house.sockets[0].report.three = False
    for _ in range(40):
        house.follow()
        house.read(1, 0, 0, 0)
    equal([socket.commitment.offered_ma for socket in house.sockets], [11000, 11000])
