"""Whole numbers, phases and wrapped time.

Time is counted in milliseconds as `ticks_ms` of the chips counts: from 0 to TICKS_MASK and over again, every
12.4 days. A moment older than that cannot be told from a fresh one, so a timer that has run out is cleared, and a
moment of which the age is shown is kept within six days.
"""

TICKS_MASK = 0x3FFFFFFF
OLDEST_MS = 6 * 86400000
PHASES = (0, 1, 2)
# The time zone of who has named none.
UTC = "UTC0"


def mapped(mapping: str):
    """The grid phase of each terminal, 0 to 2, of a mapping such as L2L3L1."""
    return [int(letter) - 1 for letter in mapping.split("L")[1:]]


def fuse_limit(fuse_ma: int, margin: int, headroom_ma: int) -> int:
    """What may flow through a fuse of which so many percent, and so much, stay free."""
    return max(0, fuse_ma * (100 - margin) // 100 - headroom_ma)


def elapsed(now: int, since: int) -> int:
    """Milliseconds from `since` to `now`, right across the roll-over."""
    return (now - since) & TICKS_MASK


def age(now: int, since: int) -> int:
    """The same of something that was seen a while ago; 0 when that moment is still to come: tasks take turns."""
    ms = elapsed(now, since)
    return ms if ms < 1 << 29 else 0


def no_older(now: int, since: int) -> int:
    """That moment, or six days ago where it is older. Asked once a day at the least, its age never begins anew."""
    return later(now, -OLDEST_MS) if age(now, since) > OLDEST_MS else since


def later(now: int, ms: int) -> int:
    """The moment `ms` after `now`."""
    return (now + ms) & TICKS_MASK


def amps(ma: int) -> str:
    """A measured current for a message: -9.5 A, 10.0 A."""
    tenths = (abs(ma) + 50) // 100
    return ("-" if ma < 0 and tenths else "") + str(tenths // 10) + "." + str(tenths % 10) + " A"


def iso(utc) -> str:
    """2026-06-21T12:00:00Z, of (year, month, day, hour, minute, second)."""
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % tuple(utc)


class Held:
    """How long something has been so without a break. Counts no further than an hour, so that it never rolls over."""

    MOST_MS = 3600000

    def __init__(self):
        self._since = None  # when it began to hold; None = it does not

    def ms(self, now: int, is_so: bool) -> int:
        """Milliseconds for which it has been so; 0 when it is not, or has just begun."""
        if not is_so:
            self._since = None
            return 0
        if self._since is None:
            self._since = now
        past = elapsed(now, self._since)
        if past > self.MOST_MS:
            self._since = later(now, -self.MOST_MS)
            return self.MOST_MS
        return past
