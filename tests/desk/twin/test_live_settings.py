"""Settings that change while cars charge, in the closed loop: what falls does so at once, what rises takes its time."""

import itertools

import pytest

from fairamp.charging.point import RAISE_MS
from fairamp.settings.kinds import INSTALLER
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

# The next tick of the control loop.
TICK_S = 0.02
# The next look of the coordinator.
LOOK_S = 0.25
# Two pauses between raises, that of the coordinator and that of the charge point.
RISE_S = 11


def charging(**sections) -> Lockstep:
    """A car that takes 32 A if it may, at a house with 5 A of its own behind 40 A."""
    content = {
        "site": {"fuse": [40, 40, 40]},
        "load": [{"at": 0, "amps": [5, 5, 5]}],
        "car": [{"arrives": 1, "max": 32}],
        **sections,
    }
    run = Lockstep(check_site(content, "test"))
    run.run(60)
    assert run.box.point.contactor
    return run


def change(run: Lockstep, section: str, **values: object) -> None:
    assert run.box.settings.change({section: values}, INSTALLER) == ([], [])


def amps(run: Lockstep) -> int:
    return run.box.point.offer_ma // 1000


def offers(run: Lockstep, seconds: float) -> list[tuple[int, int]]:
    """(ms, A) of each change of the offer, the one at the beginning first."""
    found = [(run.world.ms, amps(run))]
    end = run.world.ms + 1000 * seconds
    while run.world.ms < end:
        run.step()
        if amps(run) != found[-1][1]:
            found.append((run.world.ms, amps(run)))
    return found


def most_at_the_fuse(run: Lockstep, seconds: float) -> int:
    """The highest current of house and car within that time."""
    most, end = 0, run.world.ms + 1000 * seconds
    while run.world.ms < end:
        run.step()
        most = max(most, *(run.world.house.current_ma[phase] + run.world.draw_ma()[phase] for phase in range(3)))
    return most


@pytest.mark.parametrize("key", ["max", "limit"])
def test_a_lower_limit_of_the_socket_counts_at_once_and_a_higher_one_as_offers_rise(key: str) -> None:
    run = charging()
    assert amps(run) == 32
    change(run, "charger", **{key: 10})
    run.run(TICK_S)
    assert amps(run) == 10
    run.run(20)
    change(run, "charger", **{key: 13})
    assert [ampere for _, ampere in offers(run, RISE_S)] == [10, 13]
    # Right after a raise there is none, whatever is allowed.
    change(run, "charger", **{key: 20})
    (_, _), (risen, ampere), *more = offers(run, RISE_S)
    assert ampere == 20 and not more
    change(run, "charger", **{key: 32})
    (_, _), (again, ampere), *more = offers(run, RISE_S)
    assert ampere == 32 and not more and again - risen >= RAISE_MS


def test_a_higher_limit_gives_no_more_than_the_house_leaves() -> None:
    run = charging(load=[{"at": 0, "amps": [5, 25, 5]}], charger=[{"limit": 10}])
    assert amps(run) == 10
    change(run, "charger", limit=32)
    assert most_at_the_fuse(run, 30) <= 40000
    assert amps(run) == 15


@pytest.mark.parametrize(
    ("section", "key", "low", "high"),
    [
        ("sharing", "operator_limit", [10, 10, 10], [20, 20, 20]),
        ("sharing", "profile", [[0, 10]], [[0, 20]]),
        ("site", "feeder", [10, 10, 10], [20, 20, 20]),
        ("site", "headroom", 25, 15),
        ("site", "margin", 62, 37),
    ],
)
def test_a_lower_limit_of_all_sockets_counts_at_once_and_a_higher_one_as_offers_rise(
    section: str, key: str, low: object, high: object
) -> None:
    run = charging()
    change(run, section, **{key: low})
    run.run(LOOK_S)
    assert amps(run) == 10
    run.run(60)
    change(run, section, **{key: high})
    steps = offers(run, 60)
    assert steps[-1][1] == 20
    assert all(after[0] - before[0] >= RAISE_MS for before, after in itertools.pairwise(steps[1:]))
    assert most_at_the_fuse(run, 5) <= 25000


def test_the_mode_of_sharing_changes_while_cars_charge() -> None:
    cars = [{"charger": 0, "arrives": 1, "max": 32}, {"charger": 1, "arrives": 5, "max": 32}]
    run = charging(site={"fuse": [29, 29, 29]}, charger=[{"id": 0}, {"id": 1}], car=cars)
    run.run(120)
    assert [point.offer_ma // 1000 for point in run.points] == [12, 12]
    change(run, "sharing", mode="fifo")
    most = most_at_the_fuse(run, 60)
    assert [point.offer_ma // 1000 for point in run.points] == [18, 6]
    assert most <= 29000


def test_the_current_without_a_meter_is_the_one_that_holds_now() -> None:
    run = charging()
    run.world.happen("meter_lost")
    run.run(30)
    assert amps(run) == 6
    change(run, "site", safe_current=0)
    run.run(LOOK_S)
    assert amps(run) == 0
