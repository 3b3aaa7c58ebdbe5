"""The meters of house and car are not read at the same moment: what one has not seen yet is neither house nor room."""

from sharing_house import House

from checks import equal


def test_a_draw_that_is_never_quite_still_gets_what_the_house_leaves():
    house = House(sharing={"probe_current": 0})
    for number in range(12):
        house.draw(0, *[9.8 if number % 2 else 10.2] * 3)
        house.read(1, 14, 14, 14)
    equal(house.sockets[0].commitment.offered_ma, 11000)
    # An oven goes off.
    for number in range(8):
        house.draw(0, *[9.8 if number % 2 else 10.2] * 3)
        house.read(1, 4, 4, 4)
    assert house.sockets[0].commitment.offered_ma >= 20000, house.sockets[0].commitment.offered_ma


def test_the_end_of_a_ramp_that_a_late_meter_has_not_seen_is_no_room():
    house = House(sharing={"probe_current": 0})
    house.read(0, 11.2, 11.2, 11.2)
    equal(house.sockets[0].commitment.offered_ma, 13000)
    house.draw(0, 13, 13, 13)
    for _ in range(12):
        house.read(1, 11.2, 11.2, 11.2)
    # The draw is of now, what the meter shows of a moment ago: 0.4 A less.
    house.draw(0, 13.4, 13.4, 13.4)
    house.read(1, 10.8, 10.8, 10.8)
    equal(house.sockets[0].commitment.offered_ma, 13000)


def test_a_car_that_begins_before_its_own_meter_is_read_is_not_the_house():
    house = House([[0]], sharing={"probe_current": 0})
    equal(house.read(0, 12, 3, 3), [13])
    # All of it at once, and the own meter tells it two readings later.
    equal(house.read(0.4, 12, 3, 3, more=13), [13])
    equal(house.read(0.4, 12, 3, 3, more=13), [13])
    house.draw(0, 13)
    equal(house.read(0.4, 12, 3, 3), [13])
    # More than its offer cannot be the car, and more than the fuse is answered whoever it is.
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 12, 3, 3)
    equal(house.read(0.4, 15, 3, 3, more=9), [13])
    equal(house.read(0.4, 15, 3, 3, more=12), [0])


def test_a_car_that_draws_less_before_its_own_meter_is_read_is_no_room():
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 10, 3, 3)
    house.draw(0, 15)
    for _ in range(10):
        equal(house.read(1, 10, 3, 3), [15])
    for _ in range(3):
        equal(house.read(0.4, 10, 3, 3, more=-5), [15])
    # Now it is the house.
    house.read(0.4, 5, 3, 3)
    equal(house.read(0.4, 5, 3, 3), [20])


def test_a_cut_between_the_readings_of_the_two_meters_makes_no_room():
    """What a car no longer draws when the house is read, and its own meter still tells, is not the house."""
    for later_by in (0.1, 0.15, 0.9):
        house = House([[0]], sharing={"probe_current": 0})
        house.read(0, 5, 3, 3)
        house.draw(0, 16)
        for _ in range(10):
            house.read(1, 5, 3, 3)
        report = house.sockets[0].report
        # An energy manager cuts to 10 A after the car's meter was read, and lifts that after the house was.
        report.allowed_ma = 10000
        equal(house.wait(0), [10])
        equal(house.read(later_by, 5, 3, 3, more=-6), [10])
        report.allowed_ma = 32000
        equal(house.wait(0), [20])
        house.draw(0, 10)
        equal(house.read(1, 5, 3, 3), [20])


def test_a_house_that_rises_is_seen_when_the_own_meter_is_read():
    house = House([[0]], sharing={"probe_current": 0})
    house.read(0, 5, 3, 3)
    house.draw(0, 10)
    equal(house.read(1, 5, 3, 3), [20])
    # It may be the car, which does not use all that it is offered.
    equal(house.read(1, 5, 3, 3, more=4), [20])
    equal(house.read(1, 9, 3, 3), [16])


def test_a_car_that_is_never_quite_still_hides_no_house():
    for lead, late in ((50, 0), (300, 1), (900, 1)):
        house = House([[0]], sharing={"probe_current": 0})
        offers = []
        for number in range(10):
            house.draw(0, 10.1 if number % 2 else 9.9)
            offers += house.read(1, 5 if number < 5 else 14, 3, 3, lead=lead)
        equal(offers, [20] * (5 + late) + [11] * (5 - late))
