"""Two clamps tell what the grid gives or takes, behind the converter of an RP2040 with its noise."""

import math

import pytest

from fairamp.meters.clamps import WINDOW, Clamps, Zero
from fairamp.meters.clamps_solar import Solar
from fairamp.meters.draft import Draft
from fairamp_desk.twin.clamps import ClampInputs

SEEDS = range(6)
# House and sun in A, as RMS.
PAIRS = [
    (0, 0),
    (0.2, 0),
    (5, 0),
    (63, 0),
    (5, 0.3),
    (5, 3),
    (5, 5),
    (3, 8),
    (0.3, 16),
    (20, 20),
    (19, 20),
    (20, 16),
    (40, 16),
    (0, 10),
]


def solar(inputs, trim=(0, 0, 0)):
    meter = Clamps(2, "3000:1", 22000, 3300, (0, 4095), trim, (0, 0, 0))
    search = Zero(meter)
    for _ in range(25):
        codes = inputs.window([0, 0])
        for phase in range(2):
            meter.take(phase, codes, 0, WINDOW)
            search.take(phase, codes, 0, WINDOW)
    meter.subtract(search.floor_ma())
    return meter, Solar(meter, trim, 230)


def shown(meter, pair, codes) -> int:
    """In mA, what is exported below zero."""
    draft = Draft()
    for phase in range(2):
        meter.take(phase, codes, 0, WINDOW)
    for start in range(0, WINDOW, 42):
        pair.take(codes, start, 42)
    pair.fill(draft)
    assert draft.phases == 1 and draft.current_ma[1] is None
    assert abs(draft.power_w[0]) == draft.current_ma[0] * 230 // 1000
    return -draft.current_ma[0] if draft.power_w[0] < 0 else draft.current_ma[0]


def wanted(inputs, house, sun):
    """(what is taken, what another load could have of it below zero) in A, from the difference of the waves."""
    one, other = inputs._shapes
    grid = [house * first - sun * second for first, second in zip(one, other, strict=True)]
    rms = math.sqrt(sum(value * value for value in grid) / WINDOW)
    given = sum(value * second for value, second in zip(grid, other, strict=True)) / WINDOW
    return rms, given


@pytest.mark.parametrize("hertz", [50, 60])
@pytest.mark.parametrize("wide_codes", [False, True])
@pytest.mark.parametrize("looks", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_house_without_sun_is_grid(hertz, wide_codes, looks):
    for seed in SEEDS:
        inputs = ClampInputs(2, seed, hertz=hertz, wide_codes=wide_codes, together=True, distortion=0.1)
        meter, pair = solar(inputs)
        for house, sun in PAIRS:
            currents = [int(1000 * house) * looks[0], int(1000 * sun) * looks[1]]
            ma = shown(meter, pair, inputs.window(currents))
            taken, given = wanted(inputs, house, sun)
            # Noise adds to a difference of nearly nothing, as a current would.
            most = 0.01 * max(house, sun) + (0.4 if wide_codes else 0.25)
            right = [given] if given < 0 and house < sun else [taken]
            if house == sun:
                right.append(given)
            if sun < 0.5:
                right.append(house)  # too little to be told from noise
            assert min(abs(ma / 1000 - amps) for amps in right) <= most, (seed, house, sun, ma, right)


def test_trims_of_both_clamps_count():
    inputs = ClampInputs(2, 3, together=True, distortion=0)
    meter, pair = solar(inputs, trim=(50, -30, 0))
    # Clamps that show too little and too much.
    ma = shown(meter, pair, inputs.window([int(12000 / 1.05), int(20000 / 0.97)]))
    assert abs(ma + 8000) < 200
    ma = shown(meter, pair, inputs.window([int(30000 / 1.05), int(20000 / 0.97)]))
    assert abs(ma - 10000) < 200


def test_no_sun_is_never_an_export():
    for seed in range(60):
        inputs = ClampInputs(2, seed, together=True, wide_codes=True)
        meter, pair = solar(inputs)
        for house in (0, 0.1, 0.5, 5, 25):
            assert shown(meter, pair, inputs.window([int(1000 * house), 0])) >= 0


def test_a_load_that_takes_no_power_is_none_that_the_sun_pays():
    """A motor without load draws a quarter of a cycle late: what the fuse carries is not less for the sun."""
    inputs = ClampInputs(2, 1, together=True, distortion=0)
    meter, pair = solar(inputs)
    late = [math.sqrt(2) * math.sin(2 * math.pi * 50 * at / 1050 - math.pi / 2) for at in range(WINDOW)]
    inputs._shapes[0] = late
    assert abs(shown(meter, pair, inputs.window([10000, 8000])) - 1000 * math.hypot(10, 8)) < 250
    # All of the sun goes out, and no more than that.
    assert abs(shown(meter, pair, inputs.window([4000, 8000])) + 8000) < 250
