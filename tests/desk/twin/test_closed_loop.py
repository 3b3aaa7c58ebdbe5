"""A quarter of a simulated day of the twin's house and box, without waiting for it."""

import random

import pytest

from fairamp.units import TICKS_MASK
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep
from fairamp_desk.twin.world import STEP_MS

DAY_MS = 6 * 3600 * 1000
METER_MS = 1000


def random_house(rand) -> list[dict]:
    """A load that changes every few minutes and at times alone exceeds the fuse."""
    at, loads = 0, []
    while at < DAY_MS // 1000:
        loads.append({"at": at, "amps": [round(rand.uniform(-10, 27), 1) for _ in range(3)]})
        at += rand.randrange(5, 900)
    return loads


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
def test_a_house_stays_under_the_fuse_but_for_the_moment_the_house_jumps(seed):
    rand = random.Random(seed)
    site = check_site({"load": random_house(rand), "car": [{"max": 32}]}, "day")
    run = Lockstep(site, start=TICKS_MASK - 3600_000)
    over_ms, longest_ms, charged = 0, 0, False
    for _ in range(DAY_MS // STEP_MS):
        run.step()
        draw, house = run.world.draw_ma(), run.world.house.current_ma
        charged |= draw[0] > 6000
        over = any(draw[phase] and house[phase] + draw[phase] > 25000 for phase in range(3))
        over_ms = over_ms + STEP_MS if over else 0
        longest_ms = max(longest_ms, over_ms)
    assert charged
    # One meter period, and what the car takes to come down.
    assert longest_ms <= METER_MS + 6000, longest_ms
