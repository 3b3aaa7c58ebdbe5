"""The published samples of P1 and TIC are read."""

import pytest

from fairamp.meters.p1 import P1
from fairamp.meters.tic import Tic
from tests.desk.meters.telegrams import FACTS, only


def amperes(draft):
    return [None if one is None else one / 1000 for one in draft["current_ma"]]


@pytest.mark.parametrize(
    ("name", "current", "power", "total", "energy"),
    [
        ("dsmr5", [5, 3, 1], [1150, -640, 230], 740, 358023),
        ("dsmr4", [20, None, None], [4560, None, None], 4560, 10000),
    ],
)
def test_the_samples_of_p1(name, current, power, total, energy):
    draft = only(P1(), (FACTS / f"sample_{name}.txt").read_bytes())
    assert draft["power_w"] == power
    assert (draft["total_w"], draft["energy_wh"]) == (total, energy)
    assert [None if one is None else round(one) for one in amperes(draft)] == current


@pytest.mark.parametrize(
    ("name", "current", "voltage", "power", "total", "energy", "urgent"),
    [
        ("hist_tri", [7, 12, 0], [None] * 3, [None] * 3, 4400, 1234567, False),
        ("hist_adir", [7, 33, 0], [None] * 3, [None] * 3, None, None, True),
        ("std_tri", [9, 3, 1], [231000, 230000, 232000], [2079, 690, 232], 3000, 1234567, False),
    ],
)
def test_the_samples_of_tic(name, current, voltage, power, total, energy, urgent):
    draft = only(Tic(), (FACTS / f"sample_tic_{name}.bin").read_bytes())
    assert amperes(draft) == current
    assert (draft["voltage_mv"], draft["power_w"], draft["total_w"]) == (voltage, power, total)
    assert (draft["energy_wh"], draft["urgent"], draft["phases"]) == (energy, urgent, 3)
