"""Who may set something, of several connections: counted by who has set something, not by who is there."""

from checks import equal
from fairamp.setpoints import SetPoint
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


# ---- any number may set something: what one has set is kept alive by its own requests alone


class Watched(House):
    """A map without a bound, where any request of who has set the current feeds the watchdog; evcc has set it."""

    def __init__(self):
        House.__init__(self, 0)
        self.point = SetPoint(30000, 6000)

    def asks(self, guest, now, writes=False):
        """One request; was the set-point fed by it?"""
        self.masters.asks(guest)
        guest.heard = now
        if writes:
            self.point.write(16000)
        self.point.hear(now, guest.voice, writes)
        if writes:
            self.masters.wrote(guest)
        return self.point.watched and self.point.fed == now

    def asks_once(self, host, now):
        """A connection for one request."""
        guest = self.come(host, now)
        fed = self.asks(guest, now)
        self.go(guest)
        return fed

    def evcc(self, now):
        guest = self.come("pi", now)
        assert self.asks(guest, now, writes=True)
        return guest


def test_evcc_alone_comes_again_and_reads_for_minutes_before_it_writes():
    house = Watched()
    evcc = house.evcc(0)
    assert house.asks(evcc, 10000)
    house.go(evcc)
    # However often, and however long before the end of the old connection is noticed.
    for begin in range(20000, 100000, 20000):
        evcc = house.come("pi", begin)
        assert house.asks(evcc, begin + 1)
        assert house.asks(evcc, begin + 10000)
        house.go(evcc)
    assert house.asks_once("pi", 110000)
    assert house.asks_once("pi", 120000)


def test_evcc_alone_comes_again_while_its_dead_connection_is_still_there():
    house = Watched()
    dead = house.evcc(0)
    second = house.come("pi", 40000)
    assert house.asks(second, 40000) and house.asks(second, 50000)
    third = house.come("pi", 60000)
    assert house.asks(third, 60000)
    for guest in (dead, second):
        house.go(guest)
        assert house.asks(third, 70000 + guest.number)
    # And once more: the end of dead ones is not that of a reader.
    house.go(third)
    fourth = house.come("pi", 80000)
    assert house.asks(fourth, 80000)
    assert house.asks(fourth, 81000, writes=True)
    house.go(fourth)
    assert house.asks_once("pi", 90000)


def test_a_monitor_on_the_host_does_not_keep_the_current_of_a_dead_manager_alive():
    for monitor_first in (True, False):
        house = Watched()
        monitor = house.come("pi", 0)
        if monitor_first:
            house.asks(monitor, 1)
        evcc = house.evcc(1000)
        assert not house.asks(monitor, 2000)
        assert house.asks(evcc, 3000)
        house.go(evcc)
        for now in range(4000, 600000000, 50000000):
            assert not house.asks(monitor, now)
        # And not by a new connection of its own.
        house.go(monitor)
        assert not house.asks_once("pi", 600000001)


def test_a_monitor_that_was_there_for_days_has_not_come_after_the_manager():
    """Of moments that are four days apart nobody can tell which was first."""
    house = Watched()
    monitor = house.come("pi", 0)
    house.asks(monitor, 0)
    evcc = house.evcc(4 * 86400000)
    house.go(evcc)
    assert not house.asks(monitor, 4 * 86400000 + 1000)


def test_a_monitor_with_a_connection_for_each_look_does_not_either():
    house = Watched()
    evcc = house.evcc(0)
    assert house.asks(evcc, 9000)
    house.asks_once("pi", 10000)
    assert house.asks(evcc, 11000)
    house.go(evcc)
    for now in range(20000, 200000, 10000):
        assert not house.asks_once("pi", now)
    # Until it writes: then it is its own.
    again = house.evcc(300000)
    assert house.asks(again, 301000)


def test_a_monitor_that_comes_between_two_requests_of_a_living_manager_takes_nothing():
    house = Watched()
    evcc = house.evcc(0)
    monitor = house.come("pi", 1000)
    house.asks(monitor, 1000)
    assert house.asks(evcc, 10000)
    assert not house.asks(monitor, 11000)
    assert house.asks(evcc, 20000)
    house.go(evcc)
    assert not house.asks(monitor, 21000)


def test_evcc_comes_again_beside_a_smart_home_that_only_reads():
    """As soon as the smart home is heard, too: then the new one can only be evcc."""
    house = Watched()
    home = house.come("pi", 0)
    evcc = house.evcc(1000)
    house.asks(home, 2000)
    assert house.asks(evcc, 3000)
    house.go(evcc)
    assert not house.asks(home, 4000)
    evcc = house.come("pi", 5000)
    assert not house.asks(evcc, 5000)
    assert not house.asks(home, 6000)
    assert house.asks(evcc, 7000)
    assert not house.asks(home, 8000)
    assert house.asks(evcc, 9000)


def test_a_smart_home_that_comes_again_is_not_taken_for_a_dead_evcc():
    for its_end_is_noticed in (True, False):
        house = Watched()
        home = house.come("pi", 0)
        evcc = house.evcc(1000)
        house.asks(home, 2000)
        assert house.asks(evcc, 3000)
        house.go(evcc)
        if its_end_is_noticed:
            house.go(home)
        again = house.come("pi", 5000)
        for now in range(5000, 60000, 5000):
            assert not house.asks(again, now)


def test_evcc_and_a_smart_home_that_both_set_something_are_told_apart_as_long_as_one_lives():
    house = Watched()
    home = house.evcc(0)
    evcc = house.evcc(1000)
    assert not house.asks(home, 2000)
    assert house.asks(evcc, 3000)
    house.go(evcc)
    assert not house.asks(home, 4000)
    evcc = house.come("pi", 5000)
    house.asks(home, 6000)
    assert house.asks(evcc, 7000)
    # The other way round, what evcc has set lives on with evcc alone.
    house.go(home)
    home = house.come("pi", 8000)
    assert house.asks(evcc, 9000)
    assert not house.asks(home, 10000)
    # Both at once: nobody knows who is who, until one writes.
    house.go(evcc)
    house.go(home)
    one, other = house.come("pi", 20000), house.come("pi", 20001)
    assert not house.asks(one, 21000) and not house.asks(other, 22000)
    assert house.asks(one, 23000, writes=True)
    assert house.asks(one, 24000) and not house.asks(other, 25000)


def test_managers_on_two_hosts_that_are_lost_together_come_again_each_as_itself():
    house = Watched()
    home = house.come("nas", 0)
    assert house.asks(home, 0, writes=True)
    evcc = house.evcc(1000)
    house.go(evcc)
    house.go(home)
    assert not house.asks_once("nas", 5000)
    assert house.asks_once("pi", 6000)


def test_who_wrote_in_the_place_of_a_dead_one_is_not_kept_alive_by_it():
    house = Watched()
    old = house.evcc(0)
    new = house.come("pi", 1000)
    assert house.asks(new, 1000)
    assert house.asks(new, 2000, writes=True)
    assert not house.asks(old, 3000)
    house.go(new)
    assert not house.asks(old, 4000)


def test_those_who_have_gone_for_good_are_forgotten():
    house = Watched()
    for number in range(20):
        guest = house.come(str(number), number)
        house.asks(guest, number, writes=True)
        house.go(guest)
    assert len(house.masters._gone) <= 4
    equal([guest.leave for guest in house.masters._gone], [None] * 4)
