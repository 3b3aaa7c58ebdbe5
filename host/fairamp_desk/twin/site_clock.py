"""The clock that the chip of the box has: it runs with the site, is that of this computer, or there is none."""

import time

from fairamp.clock.calendar import date


class SiteClock:
    """`start`: seconds since 1970 when the site begins, None = nobody says. `usual`: then that of this computer."""

    def __init__(self, start: int | None, usual: bool = False):
        self._start = start
        self._usual = usual
        self.lost = False

    def seconds(self, ms: int) -> int | None:
        """Since 1970, so many ms after the begin; None while nobody knows."""
        if self.lost:
            return None
        if self._start is None:
            return int(time.time()) if self._usual else None
        return self._start + ms // 1000

    def date(self, ms: int) -> tuple | None:
        """(year, month, day, hour, minute, second)"""
        seconds = self.seconds(ms)
        return None if seconds is None else date(seconds)
