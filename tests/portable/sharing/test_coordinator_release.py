"""What is taken from one car goes to another when it is free, and not before."""

from sharing_house import THREE, House

from checks import equal


def test_a_house_that_rises_while_a_car_stops_is_no_room_for_another():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.read(1, 5, 0, 0)
    house.sockets[0].report.connected = False
    house.draw(0, 0)
    house.plug(1)
    house.read(1, 14, 0, 0)
    equal(house.wait(0.1), [0, 0])
    equal(house.wait(1), [0, 11])


def test_the_last_ampere_of_a_cut_is_not_given_away_before_it_is_free():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    house.read(1, 5, 0, 0)
    house.draw(0, 10.9)
    equal(house.read(1, 5, 0, 0), [10, 9])
    house.draw(0, 10)
    equal(house.read(5, 5, 0, 0), [10, 10])


def test_a_car_that_is_cut_on_its_way_up_may_still_reach_what_it_had():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.draw(0, 1)
    house.plug(1)
    equal(house.read(1, 5, 0, 0), [10, 0])
    equal(house.read(1, 5, 0, 0), [10, 0])
    house.draw(0, 15)
    equal(house.read(1, 5, 0, 0), [10, 0])
    house.draw(0, 10)
    house.read(1, 5, 0, 0)
    equal(house.wait(1), [10, 10])


def test_a_car_that_draws_more_than_it_is_offered_gets_so_much_less():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 22, 22, 22)
    equal(house.read(1, 5, 5, 5), [18])
    equal(house.read(1, 5, 5, 5), [18])
    house.draw(0, 19.8, 19.8, 19.8)
    for _ in range(100):
        offers = house.read(1, 5, 5, 5)
    equal(offers, [18])
    # Another car is not blamed for it.
    house.draw(0)
    house.plug(0)
    for _ in range(20):
        offers = house.read(5, 5, 5, 5)
        house.follow()
    equal(offers, [20])


def test_a_car_that_comes_down_but_not_all_the_way_is_cut_again_while_the_fuse_is_over():
    house = House()
    house.read(0, 5, 5, 5)
    house.draw(0, 14, 14, 14)
    house.read(5, 5, 5, 5)
    equal(house.read(1, 15, 5, 5), [10])
    house.draw(0, 11, 11, 11)
    equal([house.read(1, 15, 5, 5) for _ in range(3)], [[10], [10], [9]])
    # One that has not begun to come down has its time to follow.
    house = House()
    house.read(0, 11, 5, 5)
    house.draw(0, 14, 14, 14)
    house.read(5, 11, 5, 5)
    equal([house.read(1, 12, 5, 5) for _ in range(6)], [[13]] * 6)


def test_a_car_that_does_not_follow_is_made_room_for_by_the_others():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.read(0, 0, 0, 0)
    house.draw(0, 12)
    house.draw(1, 12)
    house.read(1, 0, 0, 0)
    equal(house.read(5, 5, 0, 0), [10, 10])
    house.draw(1, 10)
    equal([sum(house.read(1, 5, 0, 0)) for _ in range(6)][-1], 18)
    # When it follows after all, nothing is held against it.
    house.draw(0, 9)
    for _ in range(120):
        house.follow()
        offers = house.read(1, 5, 0, 0)
    equal(sum(offers), 20)


def test_what_is_taken_from_one_is_given_to_another_only_when_it_is_free():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    equal(house.read(0, 5, 0, 0), [20, 0])
    house.follow()
    house.plug(1)
    # The first is cut at once, but its car has not followed yet.
    equal(house.read(1, 5, 0, 0), [10, 0])
    equal(house.read(3, 5, 0, 0), [10, 0])
    house.follow()
    equal(house.read(1, 5, 0, 0), [10, 10])


def test_after_6_s_the_cut_counts_even_if_the_car_does_not_follow():
    house = House([[0], [0]], sharing={"probe_current": 0})
    house.sockets[1].report.connected = False
    house.read(0, 5, 0, 0)
    house.draw(0, 20)
    house.plug(1)
    equal(house.read(1, 5, 0, 0), [10, 0])
    # It still draws 20 A of the 20 A that there are: nothing is free.
    equal(house.read(8, 5, 0, 0), [10, 0])
    house.draw(0, 10)
    equal(house.read(1, 5, 0, 0), [10, 10])


def test_what_is_cut_does_not_come_back_while_more_flows_than_there_is():
    house = House([[0], [0], [0]], sharing={"probe_current": 0, "operator_limit": [24] * 3, "downgrade": 6})
    house.sockets[2].report.connected = False
    house.read(0, 1, 0, 0)
    house.follow()
    equal(house.read(6, 1, 0, 0), [12, 12, 0])
    house.one.downgraded = True
    house.plug(2)
    equal(house.read(1, 1, 0, 0), [6, 6, 0])
    house.sockets[2].report.connected = False
    equal(house.read(1, 1, 0, 0), [6, 6, 0])
    house.follow()
    equal(house.read(1, 1, 0, 0), [9, 9, 0])


def test_memory_that_comes_and_goes_makes_no_offer_flap():
    house = House()
    house.read(0, 5, 5, 5)
    house.follow()
    before, raised = 20, []
    for _ in range(60):
        house.one.fall_to_safe(house.now)
        house.follow()
        (offer,) = house.read(0.4, 5, 5, 5)
        if offer > before:
            raised.append(house.now)
        before = house.sockets[0].grant.ma // 1000
    equal((before <= 7, len(raised) <= 5), (True, True))
    for _ in range(40):
        house.follow()
        house.read(3, 5, 5, 5)
    equal(house.wait(0), [20])


def without_meter():
    """Two sockets that charged until it was lost."""
    house = House([THREE, THREE], sharing={"probe_current": 0})
    house.read(0, 0, 0, 0)
    house.follow()
    house.read(6, 0, 0, 0)
    house.one.grid.stale = True
    return house


def test_without_meter_and_memory_all_together_have_the_safe_current():
    house = without_meter()
    house.one.fall_to_safe(house.now)
    equal(house.wait(0), [6, 0])


def test_without_meter_memory_and_neighbour_the_neighbour_has_the_safe_current():
    house = without_meter()
    house.sockets[1].online = False
    house.one.fall_to_safe(house.now)
    equal(house.sockets[0].grant.ma, 0)
