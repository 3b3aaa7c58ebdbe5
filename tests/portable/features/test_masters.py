"""Who may set something, of several connections: counted by who has set something, not by who is there."""

from checks import equal
from fairamp_box.features.registers.masters import Masters
from fairamp_box.io.places import Guest

SILENCE_MS = 20000


class House:
    """A server's masters, its connections, and who had to leave."""

    def __init__(self, most, silence_ms=SILENCE_MS):
        self.masters = Masters(most, lambda: silence_ms)
        self.there = []
        self.kicked = []

    def come(self, host, now):
        guest = Guest(host, now, None)

        def leave():
            self.kicked.append(host)
            self.go(guest)

        guest.leave = leave
        self.there.append(guest)
        self.masters.came(guest)
        return guest

    def go(self, guest):
        """True when what it has set goes with it."""
        self.there.remove(guest)
        return self.masters.left(guest, self.there)

    def writes(self, guest, now, taken=True):
        guest.heard = now
        if not self.masters.may(guest):
            return False
        if taken:
            self.masters.wrote(guest)
        return True


def test_evcc_and_a_smart_home_on_one_host_keep_their_connections():
    """The smart home writes before anybody can know that it is no second life of evcc."""
    house = House(1)
    evcc = house.come("pi", 0)
    assert house.writes(evcc, 5000)
    home = house.come("pi", 6000)
    assert house.writes(home, 6001)
    # The heartbeat of evcc: it lives, so that its place is its own again.
    assert house.writes(evcc, 10000)
    assert not house.writes(home, 11000)
    for now in range(15000, 100000, 5000):
        assert house.writes(evcc, now)
        assert not house.writes(home, now + 1)
    equal((house.kicked, evcc.master, home.master), ([], True, False))


def test_one_connection_for_each_request_takes_no_place_for_long():
    house = House(1)
    evcc = house.come("pi", 0)
    assert house.writes(evcc, 1000)
    for now in range(2000, 4000, 500):
        home = house.come("pi", now)
        assert house.writes(home, now + 1)
        # What evcc has set, its wish for one phase too, does not go with it.
        equal(house.go(home), False)
    assert house.writes(evcc, 5000)
    equal((house.go(evcc), house.kicked), (True, []))


def test_a_broken_client_has_its_place_again_at_once():
    house = House(1)
    dead = house.come("pi", 0)
    assert house.writes(dead, 1000)
    again = house.come("pi", 3000)
    assert house.writes(again, 3000)
    other = house.come("nas", 3500)
    assert not house.writes(other, 4000)
    equal((house.kicked, house.go(dead)), ([], False))
    equal(house.go(again), True)
    assert house.writes(other, 5000)


def test_a_third_one_does_not_take_the_place_of_two_on_one_host():
    house = House(2, 60000)
    evcc, home = house.come("pi", 0), house.come("pi", 10)
    assert house.writes(evcc, 100) and house.writes(home, 200)
    third = house.come("nas", 300)
    # evcc asks every 30 s only, and what it has set holds for 60 s.
    assert not house.writes(third, 31000)
    assert house.writes(evcc, 32000)
    assert not house.writes(third, 60199)
    assert house.writes(third, 60201)
    equal((house.kicked, home in house.there, evcc.master, third.master), (["pi"], False, True, True))


def test_who_reads_or_is_refused_has_no_place():
    house = House(1)
    home = house.come("nas", 0)
    assert house.writes(home, 100, taken=False)
    evcc = house.come("pi", 200)
    assert house.writes(evcc, 300)
    assert not house.writes(home, 400)
    # Its end leaves its place to whoever sets something first, not to a reader of its host.
    reader = house.come("pi", 500)
    equal(house.go(evcc), True)
    assert house.writes(home, 600)
    assert not house.writes(reader, 700)
    equal((house.kicked, reader.master), ([], False))


def test_without_a_watchdog_nobody_loses_his_place_by_silence():
    house = House(1, 0)
    evcc, home = house.come("pi", 0), house.come("nas", 10)
    assert house.writes(evcc, 100)
    assert not house.writes(home, 10**6)
    house = House(1, 5000)
    evcc, home = house.come("pi", 0), house.come("nas", 10)
    assert house.writes(evcc, 100)
    # A very short one is no reason to be hasty.
    assert not house.writes(home, 9000)
    assert house.writes(home, 11000)


def test_any_number_where_the_map_allows_it():
    house = House(0)
    for number in range(8):
        assert house.writes(house.come("pi", number), 100 + number)
    equal((house.kicked, len(house.masters.there)), ([], 8))
