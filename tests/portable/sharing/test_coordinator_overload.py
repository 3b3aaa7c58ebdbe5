"""An overload is answered at once, and what was lost comes back slowly."""

from sharing_house import THREE, House

from checks import equal, raises


def test_a_reading_that_found_no_memory_is_looked_at_again():
    """It is not used up: what it shows is answered as soon as there is memory."""
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 3, 3, 3)
    house.draw(0, 22)
    equal(house.read(5, 3, 3, 3), [22])
    look = house.one.house.look

    def short(*_):
        house.one.house.look = look
        raise MemoryError

    house.one.house.look = short
    with raises(MemoryError):
        house.read(1, 20, 3, 3)
    equal(house.wait(0.2), [0])


def test_an_overload_is_answered_in_the_same_update_and_held():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 16, 16, 16)
    equal(house.read(1, 14, 9, 9), [11])
    house.draw(0, 11, 11, 11)
    equal(house.read(1, 5, 5, 5), [11])
    equal(house.read(28, 5, 5, 5), [11])
    # Then it climbs, 1 A in 5 s.
    offers = []
    for _ in range(12):
        house.follow()
        offers += house.read(5, 5, 5, 5)
    equal(offers, [12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 20, 20])


def test_without_an_overload_a_raise_goes_to_its_target():
    house = House()
    house.read(0, 5, 5, 5)
    equal(house.read(1, 9, 5, 5), [16])
    equal(house.read(6, 5, 5, 5), [20])


def test_no_two_raises_within_5_s():
    house = House()
    equal(house.read(0, 15, 5, 5), [10])
    equal(house.read(2, 10, 5, 5), [10])
    equal(house.read(3, 10, 5, 5), [15])


def test_nobody_measures_the_car():
    house = House()
    house.sockets[0].report.measured = False
    equal(house.read(0, 5, 5, 5), [20])
    # The car follows; an overload appears: down to the least at once.
    house.draw(0, 20, 20, 20)
    equal(house.read(5, 12, 5, 5), [6])


def test_who_loses_all_of_it_again_and_again_rests_longer_each_time():
    house = House()
    house.read(0, 5, 5, 5)

    def rest():
        """The car stops, the house leaves too little for it, without an overload, and then enough again."""
        house.draw(0)
        house.read(1, 5, 5, 5)
        equal(house.read(1, 20, 5, 5), [0])
        seconds = 1
        while house.read(1, 5, 5, 5) == [0]:
            seconds += 1
        return seconds

    rests = []
    for _ in range(6):
        house.follow()
        equal(house.read(10, 5, 5, 5), [20])
        rests.append(rest())
    equal(rests, [30, 60, 120, 240, 240, 240])
    # A long charge, and it begins again with the shortest.
    house.follow()
    house.read(600, 5, 5, 5)
    equal(rest(), 30)


def blamed(house):
    return [socket.grant.over for socket in house.sockets]


def test_who_draws_more_than_he_is_offered_where_the_fuse_is_over_is_told_so():
    house = House([[0], [1], THREE], sharing={"probe_current": 0})
    equal(house.read(0, 5, 5, 5), [10, 10, 10])
    house.follow()
    house.read(6, 5, 5, 5)
    equal(blamed(house), [False, False, False])
    # All who are on L1 have less at once, who stands on L2 is not meant.
    offers = house.read(1, 12, 5, 5)
    equal((sorted([offers[0], offers[2]]), offers[1]), ([6, 7], 10))
    equal(blamed(house), [True, False, True])
    # The last one has followed, the first one has not.
    house.draw(2, *[offers[2]] * 3)
    house.read(1, 12.03, 5, 5)
    equal(blamed(house), [True, False, False])
    # Whatever else comes in between, that stands until the next reading, and no longer.
    house.wait(0.4)
    equal(blamed(house), [True, False, False])
    house.read(0.6, 1, 5, 5)
    assert house.sockets[0].commitment.offered_ma < 10000
    equal(blamed(house), [False, False, False])


def test_a_car_is_meant_only_by_the_phase_where_it_draws_too_much():
    house = House([THREE, [0]], sharing={"probe_current": 0})
    house.read(0, 5, 5, 5)
    house.follow()
    house.read(6, 5, 5, 5)
    # L1 is over, and L2 bears the 10 A that are too many there.
    house.draw(0, 4, 10, 4)
    offers = house.read(1, 13, 5, 5)
    equal((offers, blamed(house)), ([6, 6], [False, True]))


def test_without_a_reading_nobody_knows_whether_the_fuse_is_over():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 20, 20, 20)
    house.read(1, 12, 5, 5)
    equal(blamed(house), [True])
    house.wait(30)
    assert house.one.grid.stale
    equal(blamed(house), [False])


def test_who_is_not_measured_or_not_heard_of_is_not_blamed():
    for lacks in ("measured", "online"):
        house = House()
        house.read(0, 5, 5, 5)
        house.draw(0, 20, 20, 20)
        socket = house.sockets[0]
        setattr(socket.report if lacks == "measured" else socket, lacks, False)
        house.read(1, 12, 5, 5)
        equal((lacks, blamed(house)), (lacks, [False]))


def test_a_neighbour_waits_where_what_a_car_takes_beyond_its_offer_leaves_nothing():
    house = House([[0], [0]], sharing={"probe_current": 0})
    equal(house.read(0, 5, 5, 5), [10, 10])
    house.follow()
    house.read(6, 5, 5, 5)
    offers = house.read(1, 12, 5, 5)
    equal(sorted(offers), [6, 7])
    # The first one follows, and the second one does not: after its time the first one has to wait.
    house.draw(0, offers[0])
    house.draw(1, 10)
    for _ in range(5):
        equal(house.read(1, 12.02, 5, 5)[0], 6)
    house.read(1, 12.02, 5, 5)
    equal(house.read(1, 12.02, 5, 5)[0], 0)
