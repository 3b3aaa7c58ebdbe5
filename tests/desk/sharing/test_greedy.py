"""Cars that draw more than they are offered: how long the fuse bears it."""

import pytest

from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

FUSE, PERIOD_MS, FOLLOW_MS = 25, 1000, 6000
CALM, RISES_AT, END = 3, 60, 180
ROUNDED_MA = 50


def longest_over(quirk, cars, most):
    """The longest time in ms for which the fuse bears more than it may while the house takes 9 A more."""
    content = {
        "site": {"fuse": [FUSE] * 3},
        "sharing": {"probe_current": 0},
        "load": [{"amps": [CALM] * 3}, {"at": RISES_AT, "amps": [CALM + 9] * 3}],
        "charger": [{"id": id} for id in range(cars)],
        "car": [{"charger": id, "arrives": 2, "max": most, "quirk": "none" if id else quirk} for id in range(cars)],
    }
    run = Lockstep(check_site(content, "greedy"), quick=True)
    longest = over = 0
    while run.world.ms < 1000 * END:
        step = run.step(200)
        over = over + step if max(run.world.total_ma) > 1000 * FUSE + ROUNDED_MA else 0
        longest = max(longest, over)
    return longest


@pytest.mark.parametrize("quirk", ["none", "greedy", "late"])
@pytest.mark.parametrize(("cars", "most"), [(1, 32), (1, 14), (2, 32), (2, 14)])
def test_the_fuse_is_not_over_for_longer_than_meter_and_cars_need(quirk, cars, most):
    assert longest_over(quirk, cars, most) <= PERIOD_MS + FOLLOW_MS
