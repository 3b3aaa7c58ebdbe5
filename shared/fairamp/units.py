"""Whole numbers and wrapped time.

Time is counted in milliseconds as `ticks_ms` of the chips counts: from 0 to TICKS_MASK and over again, every
12.4 days. A moment older than that cannot be told from a fresh one, so a timer that has run out is cleared.
"""

TICKS_MASK = 0x3FFFFFFF
PHASES = (0, 1, 2)


def elapsed(now: int, since: int) -> int:
    """Milliseconds from `since` to `now`, right across the roll-over."""
    return (now - since) & TICKS_MASK


def later(now: int, ms: int) -> int:
    """The moment `ms` after `now`."""
    return (now + ms) & TICKS_MASK


def clamp(value: int, low: int, high: int) -> int:
    return low if value < low else high if value > high else value
