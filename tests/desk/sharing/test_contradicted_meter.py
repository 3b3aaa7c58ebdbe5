"""House meters that are wired wrong, in a closed loop with a house that moves: named within minutes of charging."""

import random

import pytest

from fairamp import commands
from fairamp.refusals import DONE, NO_DOUBT
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

FUSE, END = 25, 600


def make_site(fault, at, phases=3, **meter):
    """A house of some A that changes all the time, and a car that comes after 20 s."""
    rand = random.Random(fault)
    # With more, a meter that shows ten times as much lets no car begin.
    most = 1 if fault == "meter_tenfold" else 4
    loads, second = [], 0
    while second < END:
        loads.append({"at": second, "amps": [round(rand.uniform(0.3, most), 1) for _ in range(3)]})
        second += rand.randrange(10, 60)
    content = {
        "site": {"fuse": [FUSE] * 3},
        "meter": {"witness": True, **meter},
        "load": loads,
        "car": [{"arrives": 20, "max": 16, "phases": phases}],
        "event": [{"at": at, "what": fault}] if fault else [],
    }
    return check_site(content, "contradicted")


def named_after(site, since):
    """(s from `since` on until the meter was not believed any more, why); None = it always was."""
    run = Lockstep(site, quick=True)
    one = run.box.coordinator
    while run.world.ms < 1000 * END:
        run.step()
        if one.witness.problem:
            seconds = run.world.ms / 1000 - since
            run.run(1)
            assert run.points[0].offer_ma <= 6000
            return seconds, one.witness.problem
    return None


@pytest.mark.parametrize("period", [0.2, 2, 5])
@pytest.mark.parametrize(
    ("fault", "phases", "words"),
    [
        ("meter_unclamped", 3, "clamp off"),
        ("meter_reversed", 3, "turn the clamp there round"),
        ("meter_swapped", 1, "shows on another phase"),
        ("meter_tenth", 3, "ratio"),
    ],
)
def test_a_meter_that_is_wired_wrong_is_named_within_minutes_of_charging(fault, phases, words, period):
    seconds, problem = named_after(make_site(fault, 0, phases, period=period), 20)
    assert words in problem
    assert seconds <= 180, seconds


def test_a_meter_that_shows_ten_times_as_much_lets_nobody_charge_and_is_named():
    """After some tries, with longer rests each time."""
    seconds, problem = named_after(make_site("meter_tenfold", 0, period=2), 20)
    assert "ratio" in problem
    assert seconds <= 500, seconds


@pytest.mark.parametrize("period", [0.2, 2, 5])
@pytest.mark.parametrize("fault", ["meter_unclamped", "meter_reversed"])
def test_a_fault_that_comes_while_the_car_draws_steadily_is_named_too(fault, period):
    seconds, problem = named_after(make_site(fault, 100, period=period), 100)
    assert seconds <= 120, (seconds, problem)


@pytest.mark.parametrize("period", [0.2, 2, 5])
@pytest.mark.parametrize("fault", [None, "meter_noisy", "meter_slow", "meter_lost", "meter_frozen"])
def test_a_meter_that_is_only_bad_is_not(fault, period):
    assert named_after(make_site(fault, 100, period=period), 0) is None


class Battery:
    """Holds the sum of all phases at 0: each second it makes up for `share` of what it saw `late` seconds ago."""

    def __init__(self, world, most_ma, share, late):
        self._world, self._most, self._share, self._late = world, most_ma, share, late
        self._seen: list[int] = []
        self._gives = 0.0
        self._at = 0
        world.house.advance = self._move

    def _move(self, _ms):
        world = self._world
        if world.ms - self._at >= 1000:
            self._at = world.ms
            self._seen.append(sum(world.total_ma))
            seen = self._seen[max(0, len(self._seen) - 1 - self._late)]
            self._gives = max(-self._most, min(self._most, self._gives + self._share * seen))
        world.house.current_ma[:] = [3000 - int(self._gives / 3)] * 3


@pytest.mark.parametrize(
    ("most_ma", "share", "late"),
    [
        (60000, 0.3, 0),  # as fast as home batteries are
        (60000, 0.3, 3),  # and slower ones, which swing
        (43000, 0.3, 0),  # at its limit while the car has all
        (43000, 0.3, 3),
        (60000, 0.3, 4),
    ],
)
def test_a_battery_that_follows_the_car_makes_no_wrong_meter(most_ma, share, late):
    site = check_site({"site": {"fuse": [FUSE] * 3}, "car": [{"arrives": 120, "max": 16}]}, "battery")
    run = Lockstep(site, quick=True)
    Battery(run.world, most_ma, share, late)
    while run.world.ms < 1000 * END:
        run.step()
        assert not run.box.coordinator.witness.problem, run.world.ms
    assert run.points[0].offer_ma >= 16000


MENDED_AT, LATER = 300, 3900


def doubted_without_a_draw(case, mended=True):
    """Some time after its clamps are right again, or not: a site where the safe current lets the car draw nothing."""
    content = {
        "site": {"fuse": [FUSE] * 3, "safe_current": 0 if case == "no safe current" else 6},
        "meter": {"witness": True, "period": 2},
        "load": [{"at": at, "amps": [2.0 + at % 3, 1.0, 3.0 - at % 2]} for at in range(0, LATER, 25)],
        "car": [{"arrives": 20, "max": 16}],
        "event": [{"at": 60, "what": "meter_reversed"}],
    }
    if case == "a car that needs 8 A":
        content["charger"] = [{"id": 0, "min": 8}]
    if mended:
        content["event"].append({"at": MENDED_AT, "what": "meter_back"})
    run = Lockstep(check_site(content, "doubted"), quick=True)
    run.said = []
    run.box.journal.log = lambda where, text: run.said.append(where + ": " + text)
    run.run(MENDED_AT)
    assert "turn the clamp" in run.box.coordinator.grid.problem
    return run


@pytest.mark.parametrize("case", ["no safe current", "a car that needs 8 A"])
def test_where_the_safe_current_lets_no_car_draw_a_person_says_that_the_meter_is_right(case):
    run = doubted_without_a_draw(case)
    while run.world.ms < 1000 * 3600:
        run.step()
        assert run.points[0].offer_ma == 0, run.world.ms
    # Both the log and the status tell what to do.
    assert "POST /api/meter/trust" in run.box.coordinator.grid.problem
    assert any("POST /api/meter/trust" in text for text in run.said), run.said
    assert commands.trust_meter(run.box, "http") == DONE
    while run.world.ms < 1000 * LATER:
        run.step()
        assert max(run.world.total_ma) <= 1000 * FUSE
    assert not run.box.coordinator.witness.problem
    assert run.points[0].offer_ma >= 16000
    assert run.said[-1] == "house meter: shows what the cars do: believed"
    assert commands.trust_meter(run.box, "http") == NO_DOUBT


def test_who_says_so_of_a_meter_that_is_still_wrong_has_it_named_again():
    run = doubted_without_a_draw("no safe current", mended=False)
    assert commands.trust_meter(run.box, "http") == DONE
    run.run(1)
    assert not run.box.coordinator.witness.problem
    run.run(180)
    assert "turn the clamp" in run.box.coordinator.witness.problem
    assert run.points[0].offer_ma == 0
