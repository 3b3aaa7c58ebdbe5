"""Cars without a meter of their own: what the house meter shows of them counts, and nothing is given away twice."""

from sharing_house import THREE, House

from checks import equal
from fairamp import reasons


class Unmetered(House):
    """The cars draw what the test says, and only the house meter shows it."""

    def __init__(self, mappings=(THREE,), climb=100, **sections):
        House.__init__(self, mappings, meter={"charger_model": "none", "climb": climb}, **sections)
        for socket in self.sockets:
            socket.report.measured = False
            socket.report.charging = False

    def pass_time(self, seconds, house, *most):
        """The cars draw what they are offered, at most so many A each; the offers at the end."""
        offers = []
        for _ in range(seconds):
            for socket, amps in zip(self.sockets, most):
                offered = socket.commitment.offered_ma
                socket.report.charging = offered > 0
                self.draw(socket.id, *[min(amps, offered / 1000)] * len(socket.phases))
            offers = self.read(1, house, house, house)
        return offers


def test_what_a_car_does_not_take_is_not_offered_twice():
    house = Unmetered()
    equal(house.pass_time(300, 5, 16), [18])  # 2 A are left for climbing
    most = 0
    for _ in range(300):
        most = max(most, house.pass_time(1, 5, 10)[0])
    # The house has 5 A at least, whatever the car leaves.
    assert most <= 20, most


def test_a_car_that_draws_all_gets_what_the_house_leaves_later():
    house = Unmetered()
    equal(house.pass_time(60, 5, 32), [20])
    house.pass_time(10, 13, 32)
    equal(house.pass_time(60, 13, 32), [12])
    equal(house.pass_time(120, 5, 32), [20])


def test_a_house_that_falls_without_being_seen_for_sure_is_found_by_a_cut():
    house = Unmetered(mappings=([0],))
    equal(house.pass_time(60, 12, 32), [13])
    offers = [house.pass_time(1, 5, 32)[0] for _ in range(60)]
    # The car could have stopped as well: it is asked, by a lower offer, and answers.
    equal((min(offers), offers[-1]), (8, 20))


def test_what_is_cut_is_not_taken_for_house_while_the_car_follows():
    house = Unmetered()
    house.pass_time(60, 5, 20)
    house.draw(0, 20, 20, 20)
    first = house.read(1, 9, 9, 9)
    house.draw(0, 20, 20, 20)
    equal((first, house.read(1, 9, 9, 9), house.read(1, 9, 9, 9)), ([6], [6], [6]))


def test_two_cars_together_stay_below_the_fuse():
    house = Unmetered(mappings=(THREE, THREE))
    for most in ((32, 32), (10, 32), (32, 6), (0, 32), (32, 32)):
        for _ in range(90):
            offers = house.pass_time(1, 5, *most)
        drawn = sum([min(a, b) for a, b in zip(most, offers)])
        assert drawn <= 20, (most, offers)


def test_a_lost_meter_expects_the_house_and_not_the_car():
    house = Unmetered(site={"safe_current": 20})
    house.pass_time(60, 5, 16)
    equal(house.wait(6), [18])
    other = Unmetered(site={"safe_current": 20})
    other.pass_time(12, 5, 6)  # of the 20 A that it is offered
    other.pass_time(10, 15, 6)
    equal(other.pass_time(120, 5, 32), [20])
    # 10 A are what the fuse leaves beside the highest house that was seen.
    equal(other.wait(6), [10])


def test_the_witness_is_not_asked_where_nobody_knows_what_the_cars_draw():
    equal(House(meter={"charger_model": "none", "witness": True}).one.witness, None)


def reasons_seen(house, seconds, amps, most):
    """Why it has what it has, one after the other."""
    found = []
    for _ in range(seconds):
        house.pass_time(1, amps, most)
        reason = house.sockets[0].grant.reason
        if reason not in found[-1:]:
            found.append(reason)
    return found


def test_a_car_alone_waits_for_nobody():
    house = Unmetered()
    equal(house.pass_time(30, 12, 32), [13])
    # The house draws less, or the car: until that is known it does not rise, and nobody else has anything.
    equal(reasons_seen(house, 20, 5, 32), [reasons.SHARED])
    assert house.sockets[0].member.offer_ma > house.sockets[0].commitment.offered_ma


def test_after_an_overload_it_does_not_say_that_the_car_draws_no_more():
    house = Unmetered()
    house.pass_time(60, 5, 32)
    house.pass_time(1, 15, 32)
    equal((house.sockets[0].recovery.capped, house.sockets[0].commitment.offered_ma), (True, 6000))
    equal(reasons_seen(house, 20, 15, 32), [reasons.CLIMBING])
    assert reasons.ENOUGH not in reasons_seen(house, 60, 15, 32)


def test_after_an_overload_the_offer_climbs_step_by_step():
    house = Unmetered(climb=0.2)
    house.pass_time(120, 5, 32)
    house.pass_time(1, 15, 32)
    offers = [house.pass_time(1, 5, 32)[0] for _ in range(120)]
    equal((offers[0], offers[-1]), (6, 20))
    assert max([after - before for before, after in zip(offers, offers[1:])]) == 1, offers
