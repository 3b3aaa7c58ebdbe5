"""Chargers that lose each other: nobody gets more for it, and what they keep fits the fuse."""

import pytest

from fairamp_desk.errors import UsageError
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

FIVE = range(5)
LOST_AT, BACK_AT, END = 300, 900, 1200


def street(house=20, fuse=25, lost=(1, 2, 3, 4), safe=None, **car):
    """Five chargers with a hungry car each; `house` from the start on, in A."""
    named = {} if safe is None else {"safe": safe}
    content = {
        "site": {"fuse": [fuse] * 3},
        "load": [{"amps": [house] * 3}],
        "charger": [{"id": id, **named} for id in FIVE],
        "car": [{"charger": id, "max": 32, "arrives": 10 + id, **car} for id in FIVE],
        "event": [
            {"at": at, "what": what, "charger": id}
            for at, what in ((LOST_AT, "network_lost"), (BACK_AT, "network_back"))
            for id in lost
        ],
    }
    return Lockstep(check_site(content, "street"), quick=True)


def play(run, seconds, fuse):
    """The highest load of the fuse, in A, and the highest offer of each charger."""
    highest, offers = 0, [0] * len(run.points)
    end = run.world.ms + 1000 * seconds
    while run.world.ms < end:
        run.step(min(1000, end - run.world.ms))
        highest = max(highest, *run.world.total_ma)
        offers = [max(was, point.offer_ma) for was, point in zip(offers, run.points, strict=True)]
    assert highest <= 1000 * fuse, highest
    return offers


@pytest.mark.parametrize("fuse", [25, 32])
def test_four_of_five_chargers_lose_the_network_and_the_fuse_holds(fuse):
    """With 25 A nobody keeps anything; with 32 A everybody could keep 6 A, but not beside this house."""
    run = street(fuse=fuse)
    play(run, END, fuse)


def test_who_waited_waits_on_when_the_network_is_lost():
    run = street(fuse=32)
    play(run, LOST_AT, 32)
    before = [point.offer_ma for point in run.points]
    assert sorted(before) == [0, 0, 0, 6000, 6000]
    after = play(run, BACK_AT - LOST_AT - 1, 32)
    assert all(later <= was for was, later in zip(before, after, strict=True)), (before, after)


def test_a_car_that_comes_while_the_network_is_lost_gets_the_safe_current():
    run = street(house=2, fuse=32, arrives=LOST_AT + 60)
    assert play(run, BACK_AT - 1, 32)[1:] == [6000] * 4


def test_safe_currents_that_do_not_fit_are_refused_with_the_sums():
    with pytest.raises(UsageError) as refused:
        street(safe=6)
    text = "safe currents of 5 chargers: 5 x 6 = 30 A on L1, more than the 25 A that fuse"
    assert text in str(refused.value)
