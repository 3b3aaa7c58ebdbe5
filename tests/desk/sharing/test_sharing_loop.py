"""Sharing in a closed loop: random houses, chargers, cars and mishaps, and what must hold at every moment."""

import pytest

from fairamp.charging import overcurrent
from fairamp.units import TICKS_MASK
from fairamp_desk.site import check_site
from fairamp_desk.twin import car as cars
from tests.desk.sharing.sharing_losses import PROFILE, Deprived
from tests.desk.sharing.sharing_watch import Watched, used
from tests.desk.sharing.site_maker import PERIODS, random_site

HOUR = 3600
# A socket is at rest with so much more than its car draws.
MARGIN_MA = 3500


def play(site, seconds, **how):
    run = Watched(site, start=TICKS_MASK - 1800_000, **how)
    run.run(seconds)
    if run.obedient:
        run.check_end()
    return run


@pytest.mark.parametrize("seed", range(20))
def test_any_site(seed):
    play(random_site(seed, HOUR), HOUR)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 190))
def test_any_site_for_hours(seed):
    play(random_site(seed, 2 * HOUR), 2 * HOUR)


@pytest.mark.parametrize("seed", range(500, 508))
def test_stations(seed):
    play(random_site(seed, HOUR, stations=True), HOUR)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(510, 530))
def test_stations_for_hours(seed):
    play(random_site(seed, 2 * HOUR, stations=True), 2 * HOUR)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(300, 320))
def test_a_meter_that_shows_what_was(seed):
    play(random_site(seed, HOUR), HOUR, late_meter=True)


@pytest.mark.parametrize("seed", range(600, 604))
def test_draws_that_were_read_before_the_house(seed):
    play(random_site(seed, HOUR // 2), HOUR // 2, old_draws=True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(610, 630))
def test_draws_that_were_read_before_the_house_for_hours(seed):
    play(random_site(seed, HOUR), HOUR, old_draws=True)


def deprive(seed, seconds):
    site = random_site(seed, seconds, losses=True)
    site.settings.load({"sharing": {"profile": PROFILE}}, "test")
    run = Deprived(site, seed, start=TICKS_MASK - 1800_000)
    run.run(seconds)
    run.check_end()
    return run


@pytest.mark.parametrize("seed", range(700, 704))
def test_losses(seed):
    deprive(seed, HOUR)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(710, 850))
def test_losses_for_hours(seed):
    """Together 10^6 seconds, in which everything that can be lost is lost at random."""
    deprive(seed, 2 * HOUR)


@pytest.mark.parametrize("seed", range(400, 403))
def test_cars_that_do_not_obey_do_not_change_what_is_offered(seed):
    play(random_site(seed, HOUR // 2, habits=("ignores_pilot", "greedy", "none")), HOUR // 2, obedient=False)


def test_overloads_do_happen():
    """Else nothing above would show that they are answered."""
    assert sum(play(random_site(seed, HOUR // 4), HOUR // 4).overloads for seed in range(6)) > 20


@pytest.mark.parametrize("phases", [1, 2, 3])
@pytest.mark.parametrize("mode", ["equal", "fifo"])
def test_phases_are_even_from_the_first_second_of_a_session(mode, phases):
    content = {
        "site": {"fuse": [63, 63, 63]},
        "sharing": {"imbalance": 20, "mode": mode},
        "charger": [{"id": 0}, {"id": 1, "mapping": "L2L3L1"}],
        "car": [{"charger": id, "arrives": 10 + 90 * id, "phases": phases, "max": 32} for id in (0, 1)],
    }
    run = play(check_site(content, "even"), 300)
    # Whoever is seen on three phases has all of it.
    assert min(run.offers) >= {1: 20000, 2: 6000, 3: 31000}[phases], run.offers


# ---- a calm house

CALM = 300
STEADY = ("none", "late")
FOLLOW_MS = (500, 2000, 4500, 7000, 10000)


def calm_site(seed, period, **fixed):
    return random_site(seed, 2 * HOUR, calm=CALM, period=period, habits=STEADY, **fixed)


def held(socket):
    return socket.commitment.offered_ma < socket.member.offer_ma or (
        socket.commitment.offered_ma > 0 and socket.demand.probing
    )


def settle(run):
    """Until nothing is left of overloads and probes."""
    run.run(CALM + 60)
    assert run.run(HOUR, until=lambda: not any(held(socket) for socket in run.sockets)), run.say("does not settle")


def unused(run, phase):
    budget = min(run.limit[phase] - run.world.house.current_ma[phase], run.feeder[phase])
    return budget - run.offered(phase)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("seed", range(500, 503))
def test_what_can_be_used_is_used(seed, period):
    site = calm_site(seed, period, mode="equal")
    site.settings.load({"sharing": {"imbalance": 0}}, "test")
    run = Watched(site)
    settle(run)
    run.run(60)
    step = site.settings["sharing.step"]
    for socket, point, outlet in run.all:
        drawn = outlet.draw_ma()[0]
        if socket.commitment.offered_ma >= socket.report.allowed_ma:
            continue
        room = min(unused(run, phase) for phase in used(point, outlet))
        if socket.commitment.offered_ma - drawn < step:
            # It would take more.
            assert room < (step if socket.commitment.offered_ma else 6000), run.say("unused", socket.id, room)
        else:
            assert socket.commitment.offered_ma - drawn <= MARGIN_MA or room >= step, run.say(
                "kept for nothing", socket.id
            )


def slow_cars(monkeypatch, follow_ms):
    monkeypatch.setattr(cars, "FOLLOW_MS", follow_ms)
    # Too slow a car would be stopped.
    monkeypatch.setattr(overcurrent, "PERSIST_MS", HOUR * 1000)


def check_still(site):
    site.settings.load({"sharing": {"turn_period": 10 * HOUR}}, "test")
    run = Watched(site, obedient=False)
    settle(run)
    run.run(180)
    # Whose start made the phases too uneven has to rest for longer each time, and may try once more; who hunts is never
    # still for so long.
    for _ in range(5):
        before = list(run.offers)
        run.run(200, until=lambda: run.offers != before)  # noqa: B023
        if run.offers == before:
            return
    raise AssertionError(run.say("hunts", before))


@pytest.mark.parametrize("follow_ms", FOLLOW_MS)
@pytest.mark.parametrize("period", PERIODS)
def test_nothing_hunts(period, follow_ms, monkeypatch):
    """The same house and the same cars, however slow: after 3 minutes, nothing changes any more but by turns."""
    slow_cars(monkeypatch, follow_ms)
    check_still(calm_site(int(10 * period) + follow_ms, period))


@pytest.mark.soak
@pytest.mark.parametrize("follow_ms", FOLLOW_MS)
@pytest.mark.parametrize("period", PERIODS)
def test_nothing_hunts_anywhere(period, follow_ms, monkeypatch):
    slow_cars(monkeypatch, follow_ms)
    for seed in range(6):
        check_still(calm_site(100_000 * seed + int(10 * period) + follow_ms, period))


# ---- hours of turns


@pytest.mark.parametrize(("count", "phases", "amps", "mapping"), [(5, 3, 29, "L1L2L3"), (4, 1, 20, "L1")])
def test_turns_are_fair_and_waste_nothing(count, phases, amps, mapping):
    seconds = 25 * 900
    content = {
        "site": {"fuse": [amps] * 3},
        "charger": [{"id": id, "mapping": mapping} for id in range(count)],
        "car": [{"charger": id, "phases": phases, "max": 32, "arrives": 10 * id} for id in range(count)],
    }
    run = play(check_site(content, "turns"), seconds)
    outlets = run.world.outlets
    energies = [outlet.cars[0].energy_wh() for outlet in outlets]
    mean = sum(energies) / count
    assert all(abs(energy - mean) <= 0.05 * mean for energy in energies), energies
    usable = amps * phases * 230 * seconds / HOUR
    assert sum(energies) >= 0.97 * usable, (energies, usable)
    assert all(outlet.closures <= 4 * seconds / HOUR for outlet in outlets)
