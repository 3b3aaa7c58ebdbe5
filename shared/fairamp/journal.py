"""Who asked for what, and what was refused: entries for the log, without a flood of them."""

from fairamp.units import elapsed

# So many entries at once, then one in so long: a log keeps few.
MOST = 5
# Each source has its own allowance, up to so many of them; all further ones share one.
MOST_SOURCES = 6
REFILL_MS = 10000


class Journal:
    """`log(where, text)`: handed in by whoever has one. Only changes and first refusals are told to it."""

    def __init__(self):
        self.log = None
        self._sources: dict = {}  # who -> Source

    def refused(self, now: int, who: str, what: str, reason: int) -> None:
        """The same once more is no news."""
        source = self._source(who)
        source.heard = True
        if source.what != what or source.reason != reason:
            source.what, source.reason = what, reason
            self.tell(now, who, what + " refused: " + words(reason))

    def write_refused(self, now: int, who: str, what: str, reason: int) -> None:
        """A write came back with an exception: told here, unless its command has told it already."""
        source = self._source(who)
        if not source.heard:
            self.refused(now, who, what, reason)
        source.heard = False

    def tell(self, now: int, who: str, text: str) -> None:
        source = self._source(who)
        if self.log and source.may_tell(now):
            self.log(who, text if source.left else text + "; what follows at once is not told")

    def _source(self, who):
        if who not in self._sources:
            if len(self._sources) >= MOST_SOURCES:
                who = ""
            if who not in self._sources:
                self._sources[who] = Source()
        return self._sources[who]


class Source:
    """One that tells something: none takes the place of another in the log."""

    def __init__(self):
        self.left = MOST  # entries that may be told now
        self.what = ""  # was refused last
        self.reason = 0  # and why
        self.heard = False  # the last refusal was that of a command, and its exception has not passed yet
        self._since = 0  # moment from which on the next one is counted

    def may_tell(self, now: int) -> bool:
        """One entry less, if there is one left."""
        periods = elapsed(now, self._since) // REFILL_MS
        if periods:
            self.left = min(MOST, self.left + periods)
            self._since = now
        if not self.left:
            return False
        self.left -= 1
        return True


def words(reason: int) -> str:
    """Of a refusal."""
    try:
        # Most boxes never refuse anything, and words take space.
        from fairamp.refusals import WORDS
    except MemoryError:
        return "for the reason " + str(reason)
    return WORDS[reason]
