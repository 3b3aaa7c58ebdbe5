"""Stories of sites, one file each in tests/scenarios: what must hold in them, from the first second to the last."""

import functools
import itertools

import pytest

from fairamp_desk.simulation.play import natural_end, play
from fairamp_desk.simulation.report import Report
from fairamp_desk.site import read_site
from fairamp_desk.twin.lockstep import Lockstep
from tests.runtimes import ROOT

FOLDER = ROOT / "tests" / "scenarios"
LEAST_A, FOLLOW_S = 6, 6
# A car has the time of the standard to follow, and the meter needs its own to tell.
SLOWEST = {"slow_meter": 10 + FOLLOW_S, "late_car": 10}


class Story:
    """A scenario as it went, second by second: in A, by the number of the socket."""

    def __init__(self, name: str):
        site = read_site(FOLDER / f"{name}.toml")
        self.fuse = [ma / 1000 for ma in site.settings["site.fuse"]]
        self._lockstep = Lockstep(site, quick=True)
        self._seconds: list[tuple] = []
        report = Report(self._lockstep)
        play(self._lockstep, natural_end(site), [report, self])
        self.report = report.report()
        self.cars, self.chargers = self.report["cars"], self.report["chargers"]

    def look(self, step):
        world = self._lockstep.world
        if world.ms % 1000 == 0:
            offers = [point.offer_ma / 1000 for point in self._lockstep.points]
            draws = [outlet.grid_ma() for outlet in world.outlets]
            self._seconds.append((offers, draws, list(world.total_ma), list(world.house.current_ma)))

    @property
    def end(self):
        return len(self._seconds)

    def offers(self, second):
        return self._seconds[second - 1][0]

    def ever(self, socket, begin=1, end=None):
        """All that a socket offered from one second to another."""
        return {self.offers(second)[socket] for second in range(begin, (end or self.end) + 1)}

    def drawn(self, second):
        """By the sockets together, on each phase."""
        return [sum(draw[phase] for draw in self._seconds[second - 1][1]) / 1000 for phase in range(3)]

    def house(self, second):
        return [ma / 1000 for ma in self._seconds[second - 1][3]]

    def charged(self, socket, begin, end):
        """For how many of these seconds it drew."""
        return sum(max(self._seconds[second - 1][1][socket]) > 0 for second in range(begin, end + 1))

    def when(self, what, charger=None):
        """The moments of all such events."""
        return [event["s"] for event in self.report["events"] if (event["what"], event["charger"]) == (what, charger)]

    def pauses(self):
        return [car["pauses"] for car in self.cars]


story = functools.cache(Story)
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))


# ---- in all of them


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_tells_its_story(name):
    assert (FOLDER / f"{name}.toml").read_text().startswith("# ")


@pytest.mark.parametrize("name", NAMES)
def test_an_offer_is_nothing_or_at_least_the_minimum(name):
    seen = story(name)
    for socket in range(len(seen.chargers)):
        assert all(offer == 0 or offer >= LEAST_A for offer in seen.ever(socket))


@pytest.mark.parametrize("name", NAMES)
def test_cars_never_load_the_fuse_for_longer_than_they_need_to_follow(name):
    seen = story(name)
    over = [0, 0, 0]
    for second in range(1, seen.end + 1):
        house, drawn = seen.house(second), seen.drawn(second)
        for phase in range(3):
            above = drawn[phase] > 0 and house[phase] + drawn[phase] > seen.fuse[phase]
            over[phase] = over[phase] + 1 if above else 0
            assert over[phase] <= SLOWEST.get(name, FOLLOW_S), f"L{phase + 1} at {second} s"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "late_car"])
def test_nobody_is_taken_for_a_car_that_draws_too_much(name):
    assert {charger["overcurrent_pauses"] for charger in story(name).chargers} == {0}


# ---- modes


def test_alternating():
    seen = story("alternating")
    assert seen.offers(200) == [0, 0, 6, 6, 6, 6]
    assert seen.offers(500) == [6, 6, 0, 0, 6, 6]
    assert seen.offers(800) == [6, 6, 6, 6, 0, 0]
    assert seen.offers(1100) == seen.offers(200)
    times = [seen.charged(socket, 330, 330 + 3 * 300) for socket in range(6)]
    assert max(times) - min(times) <= 10 and min(times) > 580


def test_fifo():
    seen = story("fifo")
    assert seen.offers(250) == [32, 32, 32, 18, 6]
    assert seen.offers(550) == [0, 32, 32, 32, 24]
    assert seen.offers(850) == [0, 32, 32, 10, 6]
    assert seen.pauses() == [0] * 5


def test_fifo_gives_away_what_a_car_leaves():
    assert story("fifo_reclaim").offers(300) == [16, 32, 32, 32, 8]


def test_combined():
    seen = story("combined")
    assert seen.offers(250) == [32, 32, 32, 12, 12]
    assert seen.offers(550) == [6] * 5
    assert seen.offers(850) == [32, 32, 32, 12, 12]
    assert seen.offers(1150) == [0, 32, 28, 10, 10]


def test_rotated_sockets_do_not_take_from_each_other():
    seen = story("rotation")
    assert seen.offers(390) == [20, 20, 0]
    assert seen.offers(700) == [10, 20, 10]
    assert seen.pauses() == [0, 0, 0]


def test_two_sockets_on_one_cable_share_it():
    seen = story("station")
    assert seen.offers(55) == [20, 0, 0]
    assert seen.offers(400) == [10, 10, 32]
    assert seen.offers(900) == [0, 20, 32]
    assert max(sum(seen.offers(second)[:2]) for second in range(1, seen.end + 1)) == 20
    assert seen.pauses() == [0, 0, 0]


def test_a_vip_goes_first():
    seen = story("vip")
    assert seen.ever(2, 410, 1600) == {10}
    assert seen.ever(0, 410, 1600) == seen.ever(1, 410, 1600) == {0}
    # Before and after, the others take turns.
    assert seen.charged(0, 20, 400) > 60 and seen.charged(1, 20, 400) > 200
    assert seen.charged(0, 1610, 2400) > 200 and seen.charged(1, 1610, 2400) > 200


# ---- what is learned of a car


def test_probing_finds_who_needs_6_a():
    seen = story("probing")
    assert seen.ever(1, 32, 89) == {14}
    assert seen.offers(250) == [0, 20, 0]
    assert seen.ever(1, 310, 360) == {6} and seen.ever(2, 310, 360) == {14}
    assert seen.offers(590) == [0, 10, 10]
    # A is probed with 14 A, and one of the others has the 6 A that are left.
    assert seen.ever(0, 610, 660) == {14} and sorted(seen.offers(650)[1:]) == [0, 6]


def test_probing_finds_who_needs_14_a():
    seen = story("probing")
    tables = ([0, 10, 10], [14, 6, 0], [14, 0, 6])
    for second in range(1000, 2400, 50):
        assert any(seen.offers(second + more) in tables for more in (0, 10)), (second, seen.offers(second))
    assert seen.charged(0, 1000, 2400) >= 300


def test_two_newcomers_need_not_pause():
    seen = story("two_newcomers")
    assert seen.pauses() == [0, 0]
    assert sorted(seen.offers(60)) == [6, 14]
    assert seen.offers(250) == [10, 10]


def test_what_a_car_leaves_goes_to_the_other():
    seen = story("reclaim")
    assert seen.offers(135) == [16, 16]
    assert seen.offers(165) == [10, 22]
    assert seen.offers(500) == [10, 22]
    assert seen.pauses() == [0, 0]


def test_a_car_that_begins_late_keeps_its_part():
    seen = story("slow_start")
    assert seen.offers(150) == [16, 16]
    assert seen.offers(200) == [16, 16]
    assert seen.pauses() == [0, 0]


def test_a_full_car_leaves_its_part_for_good():
    seen = story("full_car")
    for second in range(1000, 2400, 50):
        assert sum(seen.drawn(second)) / 3 > 15, (second, seen.offers(second))
    assert seen.pauses() == [0, 0, 0]
    assert max(charger["offer_changes"] for charger in seen.chargers) < 20


def test_a_car_that_needs_more_gets_it_when_it_is_there():
    seen = story("needs_more")
    assert seen.charged(0, 300, 600) > 240
    assert seen.charged(0, 610, 900) == 0
    assert seen.chargers[0]["contactor_closures"] == 1


# ---- what is lost


def test_a_lost_meter_leaves_the_safe_current_for_all():
    seen = story("meter_lost")
    assert seen.offers(390) == [16, 16]
    assert seen.ever(0, 410, 699) == seen.ever(1, 410, 699) == {6}
    assert seen.pauses() == [0, 0]
    for second in range(701, 740):
        rise = [after - before for before, after in zip(seen.offers(second), seen.offers(second + 5), strict=True)]
        assert rise == [1, 1]
    assert seen.offers(800) == [16, 16]


def test_a_lost_socket_keeps_its_safe_current_and_that_is_kept_free():
    seen = story("network_lost")
    assert seen.offers(390) == [14, 14]
    assert seen.ever(1, 410, 799) == {8}
    for second in range(410, 800):
        assert seen.house(second)[0] + sum(seen.offers(second)) <= 32
    assert seen.offers(900) == [14, 14]
    assert seen.pauses() == [0, 0]


def test_beside_a_lost_socket_nothing_is_wasted():
    assert story("network_lost").offers(700) == [20, 8]


def test_a_socket_that_was_never_there_is_reserved_for():
    seen = story("strangers")
    # Not before the others would have noticed that it does not hear them, and given way.
    assert seen.ever(2, 1, 9) == {0} and seen.ever(2, 12, 399) == {8}
    for second in range(1, 400):
        assert sum(seen.offers(second)) <= 32
    # Since then it is one of three.
    assert sorted(seen.offers(450)) == [10, 11, 11]
    assert seen.pauses() == [0, 0, 0]


def test_a_socket_that_never_told_anything_is_feared_rather_than_guessed():
    # Nobody knows whether what it draws is in the reading already: it counts as house, and is kept free beside.
    assert story("strangers").offers(300) == [8, 8, 8]


def test_neighbours_that_lose_the_network_get_no_more_for_it():
    seen = story("neighbours_lost")
    for socket in range(1, 5):
        had = seen.offers(299)[socket]
        assert max(seen.ever(socket, 300, 899)) <= had
    assert seen.offers(299) == seen.offers(800) == [0, 0, 0, 6, 6]
    assert all(seen.house(second)[0] + seen.drawn(second)[0] <= 32 for second in range(1, seen.end + 1))
    assert sorted(seen.offers(1150)) == [0, 0, 0, 6, 6]


def test_after_a_pause_all_charge_on_and_a_sleeper_is_woken():
    seen = story("sleeper")
    assert seen.charged(0, 310, 890) == 0
    assert seen.charged(0, 910, 1500) > 580
    assert seen.charged(1, 980, 1500) > 500
    assert seen.offers(1400) == [10, 10]


# ---- phases


def test_phases_stay_even_as_offered():
    seen = story("imbalance")
    assert seen.offers(190) == [20, 0, 0]
    assert seen.offers(390) == [20, 20, 0]
    assert seen.offers(590) == [32, 32, 32]
    assert seen.offers(890) == [20, 20, 0]


def test_phases_stay_even_as_measured():
    seen = story("imbalance")
    for second in range(1, 900):
        drawn = seen.drawn(second)
        # When a car is unplugged, the others have their time to follow.
        if not 600 <= second <= 606:
            assert max(drawn) - min(drawn) <= 20, second


def test_three_phases_one_and_three_again():
    seen = story("phase_change")
    assert 330 <= seen.when("one_phase", 0)[0] <= 350
    assert 1200 <= seen.when("three_phases", 0)[0] <= 1230
    assert seen.charged(0, 350, 1190) == 841
    assert seen.drawn(800)[1:] == [0, 0] and seen.drawn(800)[0] > 15
    assert min(seen.drawn(1700)) > 15
    # Once at the beginning, and once for each change.
    assert seen.chargers[0]["contactor_closures"] == 3


def test_an_overload_elsewhere_is_no_concern():
    seen = story("other_phase")
    assert seen.pauses() == [0, 1]
    assert min(seen.ever(0, 310, 590)) >= 10
    assert seen.ever(1, 310, 590) == {0}
    assert seen.charged(1, 640, 890) == 251


# ---- the house


def test_a_slow_meter_cuts_once():
    seen = story("slow_meter")
    assert seen.ever(0, 30, 302) == {16}
    assert seen.ever(0, 312, 602) == {12}
    assert seen.offers(890) == [16]
    assert seen.chargers[0]["offer_changes"] == 3


def test_the_contactor_does_not_follow_a_heater():
    starts = story("flapping").when("charging", 0)
    assert len(starts) > 2
    assert all(after - before >= 30 for before, after in itertools.pairwise(starts))


def test_a_kettle_throttles_and_does_not_stop():
    seen = story("kettle")
    assert seen.offers(299) == [21]
    assert seen.ever(0, 302, 479) == {9}
    assert seen.offers(520) == [21]
    assert seen.pauses() == [0]


def test_the_first_offer_fits_and_is_kept_for_who_does_not_draw_yet():
    seen = story("first_offer")
    assert max(seen.ever(0, 1, 299)) == 15
    for second in range(320, 900):
        assert seen.offers(second) == [10, 10]
    assert seen.report["grid"]["max_over_a"] == [0, 0, 0]


def test_a_later_car_gets_its_half():
    seen = story("later_car")
    assert seen.offers(590) == [24, 0]
    assert seen.offers(610) == [10, 14]
    assert seen.offers(680) == [12, 12]
    assert seen.pauses() == [0, 0]


def test_a_late_car_is_believed_and_a_deaf_one_is_not():
    seen = story("late_car")
    assert [charger["overcurrent_pauses"] for charger in seen.chargers] == [0, 1]
    signalled = next(second for second in range(600, 900) if seen.offers(second)[1])
    assert seen.when("overcurrent_pause", 1)[0] - signalled <= 10
    # Until then the other one makes room for it.
    assert seen.pauses()[0] == 1


def test_a_charger_without_a_meter_leaves_what_its_car_may_draw():
    seen = story("no_charger_meter")
    assert seen.offers(25) == [20] and seen.offers(60) == [18]  # the car takes 16 A: 2 A are left for climbing
    for second in range(1, seen.end + 1):
        # Beside what the house draws: what was offered fits, or is given back within the time that a car has to follow.
        house = [max(seen.house(each)) for each in range(max(1, second - FOLLOW_S), second + 1)]
        assert seen.offers(second)[0] + min(house) <= 25, second
    assert seen.offers(590) == [12] and seen.offers(880) == [18]
    assert seen.pauses() == [0]
