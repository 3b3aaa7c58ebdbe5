"""Who asked for what, and what was refused: lines for the log, without a flood of them."""

from fairamp.units import elapsed

# So many lines at once, then one in so long: a log keeps few.
MOST = 5
REFILL_MS = 10000


class Journal:
    """`log(where, text)`: handed in by whoever has one. Only changes and first refusals are told to it."""

    def __init__(self):
        self.log = None
        self._lines_left = MOST  # that may be told now
        self._refilled = 0  # when there was one more, the last time
        self._refused = ("", "", 0)  # who, what and why, the last time

    def refused(self, now: int, who: str, what: str, reason: int) -> None:
        """The same once more is no news."""
        last = self._refused
        if last[0] != who or last[1] != what or last[2] != reason:
            self._refused = (who, what, reason)
            self.tell(now, who, what + " refused: " + words(reason))

    def tell(self, now: int, who: str, text: str) -> None:
        if not self.log or not self._may_tell(now):
            return
        self._lines_left -= 1
        self.log(who, text if self._lines_left else text + "; what follows at once is not told")

    def _may_tell(self, now):
        periods = elapsed(now, self._refilled) // REFILL_MS
        if periods:
            self._lines_left = min(MOST, self._lines_left + periods)
            self._refilled = now
        return self._lines_left > 0


def words(reason: int) -> str:
    """Of a refusal."""
    try:
        # Most boxes never refuse anything, and words take space.
        from fairamp.refusals import WORDS
    except MemoryError:
        return "for the reason " + str(reason)
    return WORDS[reason]
