"""What a socket was offered, and what may flow there: more, while a cut is not yet followed or a car is greedy."""

from fairamp.units import Held, elapsed

# After so long, what was cut counts as free even if the draw has not fallen.
FOLLOW_MS = 6000
# No two raises within this: a car has so long to follow.
RAISE_MS = 5000
# Meters and cars are not exact.
TOLERANCE_MA = 1000
EXACT_MA = 100
# A car that has come down this far beside its offer, for so long, will not come further.
NEAR_MS = 2000
# Where readings come slowly, one so long after the cut tells it.
LATE_MS = 4500


def a_little(offered_ma: int) -> int:
    """A car that draws so much more than it is offered follows, but not exactly."""
    return max(TOLERANCE_MA, offered_ma // 8)


class Commitment:
    """Cuts are immediate, but what was cut is committed until the car has followed."""

    def __init__(self):
        self.offered_ma = 0  # in force: 0, or 6 A and more
        self.committed_ma = 0  # what others must leave: the offer, what it was before a cut, or what a greedy car draws
        self.cut_at = None  # moment of the last cut; None = followed
        self.raised_at = None  # moment of the last raise; None = never
        self.excess_ma = 0  # what was seen to flow beyond the offer at an overload: left for this car until it goes
        self._fell = False  # since the cut, its draw was above the offer: once below, it has followed
        self._drew_ma = 0  # at the last cut
        self._near = Held()  # it has come down after a cut, but not all the way
        self._beyond_ma = 0  # what it draws beyond its offer when it has had its time to follow

    def offer(self, now: int, ma: int, drawn_ma: int) -> None:
        """Another offer than before, for a car that draws so much now."""
        if ma < self.offered_ma:
            self.cut_at = now
            self._fell = drawn_ma > ma
            self._drew_ma = drawn_ma
            self.committed_ma = max(self.committed_ma, self.offered_ma)
        else:
            self.raised_at = now
            self.committed_ma = max(self.committed_ma, ma)
        self.offered_ma = ma
        self._near.ms(now, False)

    def expected_ma(self) -> int:
        """What flows where nobody measures it: the offer, and for a while what it was before a cut."""
        return self.offered_ma if self.cut_at is None else self.committed_ma

    def expire(self, now: int) -> None:
        """A car has had its time to follow."""
        if self.cut_at is not None and elapsed(now, self.cut_at) >= FOLLOW_MS:
            self.cut_at = None

    def step(self, now: int, drawn_ma: int, charging: bool) -> None:
        """What was taken away is free once the draw has fallen, or after a while. The time is looked at before."""
        offered = self.offered_ma
        # A car that draws less than it has now may still be on its way up to what it had.
        self._fell = self._fell or drawn_ma > offered or not offered or not charging
        if self.cut_at is not None and self._fell and drawn_ma <= offered:
            self.cut_at = None
        if self.cut_at is None:
            # A car that draws more than it was offered is not hidden by what it ought to draw.
            self.committed_ma = max(offered, drawn_ma if drawn_ma > offered + EXACT_MA else 0)
        elif self._fell and drawn_ma <= offered + TOLERANCE_MA:
            self.committed_ma = drawn_ma
        self._judge(now, drawn_ma)

    def _judge(self, now, drawn_ma):
        """Does it draw more than its offer although it has had its time, or has come down as far as it will?"""
        offered = self.offered_ma
        beyond = drawn_ma - offered if offered and drawn_ma > offered + EXACT_MA else 0
        near = 0 < beyond <= a_little(offered) and drawn_ma < self._drew_ma - EXACT_MA
        near_ms = self._near.ms(now, near)
        late = near and self.cut_at is not None and elapsed(now, self.cut_at) >= LATE_MS
        if near_ms >= NEAR_MS or late or self.cut_at is None:
            self._beyond_ma = beyond
        exact = not beyond and drawn_ma >= offered - EXACT_MA
        if self.cut_at is None and offered and (exact or (not beyond and self.excess_ma > a_little(offered))):
            # That was no habit: it did not follow, and now it does.
            self.excess_ma = 0

    def note_excess(self) -> None:
        """There is an overload, and what a car draws beyond its offer has a part in it."""
        self.excess_ma = max(self.excess_ma, self._beyond_ma)

    def forget(self) -> None:
        """Another car."""
        self.excess_ma = self._beyond_ma = 0

    def may_rise(self, now: int) -> bool:
        """From nothing at once, else not soon after the last raise."""
        return not self.offered_ma or self.raised_at is None or elapsed(now, self.raised_at) >= RAISE_MS
