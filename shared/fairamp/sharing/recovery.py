"""How an offer comes back after an overload, after a lost meter, and after it was lost altogether."""

from fairamp.units import elapsed

# After an overload offers stay down this long, so that no contactor follows a kettle, and then climb. A socket that
# lost its offer rests as long, and each time twice as long.
HOLD_MS = 30000
# After a charge of so long, pauses are counted anew; at most so many are.
LONG_MS = 600000
MOST_DROPS = 4


class Recovery:
    """May it rise now, and how far at once? An overload holds a whole phase: see `release`."""

    def __init__(self):
        self.climbing = False  # since an overload or a lost meter, until it has what it is to have: step by step
        self.kept = None  # most that it may have until the meter is back: what it had when that was lost; None = any
        self.had = 0  # what it had before it was asked to change, so that the house meter shows it; 0 = it was not
        self.capped = False  # since an overload with a draw that nobody measures, until it may rise: only its least
        self.dropped_at = None  # when it lost all of its offer for lack of current; None = it has one, or another car
        self._drops = 0  # how often that was without a long charge in between: 0 to MOST_DROPS

    def drop(self, now: int, raised_at) -> None:
        """It loses all of its offer for lack of current."""
        if raised_at is not None and elapsed(now, raised_at) >= LONG_MS:
            self._drops = 0
        self._drops = min(self._drops + 1, MOST_DROPS)
        self.dropped_at = now

    def rests(self, now: int) -> bool:
        """Longer each time, so that no contactor follows a load that comes and goes."""
        return self.dropped_at is not None and elapsed(now, self.dropped_at) < HOLD_MS << max(0, self._drops - 1)
