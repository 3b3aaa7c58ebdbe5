"""Thirty simulated days of one box with a session every few hours, across two roll-overs of the clock."""

import random

import pytest

from fairamp import words
from fairamp.units import TICKS_MASK
from tests.desk.charging.test_chargepoint_properties import STEP, Bench, Watcher

DAYS = 30
HOUR_MS = 3600_000
# Nothing changes in the long hours: then time may leap, as it does when a box sleeps between two looks.
LEAP_MS = 60_000


class Leaping(Bench):
    """Passes long rests in leaps of a minute."""

    def rest(self, ms):
        for _ in range(ms // LEAP_MS):
            self.now = (self.now + LEAP_MS - STEP) & TICKS_MASK
            self.ms += LEAP_MS - STEP
            self.step()


@pytest.mark.soak
def test_thirty_days():
    rand = random.Random(30)
    bench = Leaping(clock=TICKS_MASK - 5 * HOUR_MS)
    watcher = Watcher(bench)
    sessions = charged = 0

    def run(seconds):
        for _ in range(seconds * 1000 // STEP):
            watcher.step()

    while bench.ms < DAYS * 24 * HOUR_MS:
        bench.rest(rand.randrange(HOUR_MS, 6 * HOUR_MS))
        assert bench.point.state == "A"
        bench.letter = "B"
        run(10)
        bench.letter = "C"
        run(60)
        assert bench.point.contactor, words.point(bench.point)
        charged += bench.point.session.energy.wh
        sessions += 1
        bench.rest(rand.randrange(0, HOUR_MS))
        bench.letter = "A"
        watcher.left_c = 0
        run(10)
        watcher.raised_at = None
    assert sessions > 100 and charged > 100 * sessions
    assert bench.point.session.number == sessions
    # Two roll-overs have passed.
    assert bench.ms > 2 * TICKS_MASK
