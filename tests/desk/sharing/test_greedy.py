"""Cars that draw more than they are offered: how long the fuse bears it, and who has to stop for it."""

import random

import pytest

from fairamp import words
from fairamp.charging.faults import OVERCURRENT
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

FUSE, FOLLOW_MS = 25, 6000
CALM, RISES_AT, END = 3, 60.3, 180
ROUNDED_MA = 50
JITTER_A = 0.05
# A round of meters, and a look at the charge point.
ROUND_MS = 200
BESIDES = (("none", 1, 20), ("late", 1, 14), ("late", 2, 32), ("slow_start", 2, 14))


class Evening(Lockstep):
    """The house takes 9 A more at once, while the first of the cars has a habit; all meters jitter."""

    def __init__(self, quirk, cars, most, period=1, phases=3, charger_model="eastron_sdm630"):
        content = {
            "site": {"fuse": [FUSE] * 3},
            "meter": {"period": period, "charger_model": charger_model},
            "sharing": {"probe_current": 0},
            "load": [{"amps": [CALM] * 3}, {"at": RISES_AT, "amps": [CALM + 9] * 3}],
            "charger": [{"id": id} for id in range(cars)],
            "car": [
                {"charger": id, "arrives": 2, "max": most, "phases": phases, "quirk": "none" if id else quirk}
                for id in range(cars)
            ],
        }
        super().__init__(check_site(content, "greedy"), quick=True)
        self._chance = random.Random(int(10 * most) + cars)
        self.longest_ms = 0  # for so long the fuse has borne more than it may
        over = 0
        while self.world.ms < 1000 * END:
            step = self.step(200)
            over = over + step if max(self.world.total_ma) > 1000 * FUSE + ROUNDED_MA else 0
            self.longest_ms = max(self.longest_ms, over)
        self.pauses = [point.guard.overcurrent.count for point in self.points]

    def _read(self):
        for meter in [self.world.grid_meter] + [outlet.meter for outlet in self.world.outlets]:
            meter.amps = [amps and amps + self._chance.uniform(-JITTER_A, JITTER_A) for amps in meter.amps]
        super()._read()


@pytest.mark.parametrize("period", [1, 5])
@pytest.mark.parametrize("quirk", ["none", "greedy", "late"])
@pytest.mark.parametrize(("cars", "most"), [(1, 32), (1, 14), (2, 32), (2, 14)])
def test_the_fuse_is_not_over_for_longer_than_meter_and_cars_need(quirk, cars, most, period):
    assert Evening(quirk, cars, most, period).longest_ms <= 1000 * period + FOLLOW_MS


@pytest.mark.parametrize("phases", [1, 3])
@pytest.mark.parametrize("period", [1, 5])
@pytest.mark.parametrize(("cars", "most"), [(1, 14), (1, 20), (1, 32), (2, 11), (2, 14), (3, 7)])
def test_a_deaf_car_is_cut_off_when_it_has_had_its_time(cars, most, period, phases):
    run = Evening("ignores_pilot", cars, most, period, phases)
    assert run.longest_ms <= 1000 * period + FOLLOW_MS + ROUND_MS
    assert not any(run.pauses[1:])


def test_the_reason_is_the_car_and_its_neighbour_goes_on():
    run = Evening("ignores_pilot", 2, 11)
    assert run.pauses == [1, 0]
    assert run.box.point.guard.faults.has(OVERCURRENT)
    assert "the car draws more than it was offered" in words.why(run.box)
    assert run.world.outlets[1].closures == 1 and run.points[1].offer_ma > 10000


def test_a_car_that_draws_a_little_more_is_given_less_and_charges_on():
    """Its own offer falls with the first readings, and only who ignores that, too, is cut off."""
    run = Evening("greedy", 3, 7)
    assert run.longest_ms < 4000
    assert run.pauses == [0, 0, 0]


@pytest.mark.parametrize("period", [0.2, 1, 3, 4.6, 5, 10])
@pytest.mark.parametrize(("quirk", "cars", "most"), BESIDES)
def test_nobody_who_follows_in_time_is_cut_off(quirk, cars, most, period):
    assert not any(Evening(quirk, cars, most, period).pauses)


def test_without_a_meter_of_its_own_a_deaf_car_loses_its_offer_twice():
    """First down to the least; when that has changed nothing, to nothing. Then its contactor opens."""
    run = Evening("ignores_pilot", 1, 20, charger_model="none")
    assert run.longest_ms <= 1000 + 2 * FOLLOW_MS + ROUND_MS
    assert run.pauses == [0]
