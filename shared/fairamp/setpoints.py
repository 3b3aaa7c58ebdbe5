"""What energy managers set: currents, each with its own watchdog and failsafe current.

Nobody's wish lifts a limit: the lowest of all set-points in force becomes one more limit of the charge point.
"""

from fairamp.charging.limits import NO_LIMIT
from fairamp.charging.pilot import LEAST_MA
from fairamp.reasons import EMS_AWAITED, EMS_SILENT
from fairamp.units import elapsed, no_older

TELL_MS = 60000


class SetPoint:
    """One current that an energy manager sets, and what happens when it falls silent.

    It limits nothing before somebody wrote since the box started: reading alone arms no watchdog.
    """

    def __init__(self, timeout_ms: int, failsafe_ma: int, phase=None):
        self.phase = phase  # of the grid, for all sockets together; None = for the socket of this box
        self.timeout_ms = timeout_ms  # 0 = no watchdog
        self.failsafe_ma = failsafe_ma
        self.written_ma = NO_LIMIT  # as it was written, to be read back
        self.who = ""  # has written it, as the log calls him
        self._holder = None  # of those who ask, the one who has written it; before that, who has written anything
        self._fresh = False  # written by the request that is being carried out
        self.expired = False  # the watchdog has struck: the failsafe current holds until it is fed
        self.watched = False  # somebody has fed it since the start
        self.fed = 0  # when, the last time; while there is no watchdog: now
        self._told_ma = NO_LIMIT  # what the log knows ...
        self._told: "int | None" = None  # ... and since when

    def write(self, ma: int, who: str = "") -> None:
        self.written_ma = ma
        self.who = who
        self._fresh = True

    def hear(self, now: int, who, wrote: bool) -> None:
        """A request was carried out. The first write arms the watchdog; then only who has set the current feeds it."""
        if wrote and (self._fresh or self.written_ma == NO_LIMIT):
            self._holder, self._fresh = who, False
        elif not self.watched or self._holder is not who:
            return
        self.feed(now)

    def arm(self, now: int) -> None:
        """Somebody writes: from now on his silence counts. What feeds the watchdog later is another matter."""
        if not self.watched:
            self.feed(now)

    def news(self, now: int) -> bool:
        """Is it to be told, as it was written? Once a minute is enough, however often it changes."""
        if self.written_ma == self._told_ma or (self._told is not None and elapsed(now, self._told) < TELL_MS):
            return False
        self._told_ma, self._told = self.written_ma, now
        return True

    def feed(self, now: int) -> None:
        """The manager is alive: whatever it set holds, or holds again."""
        self.watched = True
        self.expired = False
        self.fed = now

    def struck(self) -> bool:
        """Has somebody fed the watchdog, and fallen silent?"""
        return self.watched and self.expired

    def left_ms(self, now: int) -> int:
        """Until the watchdog strikes; 0 when it has, or when nobody has fed it."""
        if not self.watched or self.expired:
            return 0
        return max(0, self.timeout_ms - elapsed(now, self.fed))

    def limit(self, now: int) -> int:
        """What holds now: 0, or from 6 A up. 1 to 5 A cannot be offered, so they pause."""
        if self.watched:
            if self.expired:
                self.fed = no_older(now, self.fed)
            elif not self.timeout_ms:
                self.fed = now
            elif elapsed(now, self.fed) >= self.timeout_ms:
                self.expired = True
        # Silence never raises anything.
        ma = min(self.failsafe_ma, self.written_ma) if self.expired else self.written_ma
        return ma if ma >= LEAST_MA else 0


class Managers:
    """The set-points of one box: whoever is served brings its own."""

    def __init__(self, settings):
        self._by_name: dict = {}
        self.in_order: list = []  # the same ones: to walk a table would leave garbage behind
        self.alone = settings["supply.mode"] == "ems"  # without a current from a manager there is none
        self._missed = self.alone or settings["ems.required"]  # somebody has to come, and nobody has
        self._safe_ma = settings["ems.safe_current"]  # holds while a manager is missed, or silent
        self.failsafe = False  # what holds is the failsafe current of one who is silent, or missed

    def point(self, name: str, timeout_ms: int, phase=None) -> SetPoint:
        """The set-point of that name; made when it is asked for the first time."""
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = SetPoint(timeout_ms, self._safe_ma, phase)
            self.in_order.append(found)
        return found

    def tell(self, now: int, journal) -> None:
        """What is set now, where the log does not know it: the last of a burst, too."""
        for point in self.in_order:
            if point.news(now):
                ma = point.written_ma
                text = "no limit any more" if ma == NO_LIMIT else "sets at most " + str(ma // 100 / 10) + " A"
                journal.tell(now, point.who, text)

    def limit(self, now: int, phases) -> int:
        """The lowest of all set-points, for a charge point that uses these grid phases."""
        lowest, failsafe = NO_LIMIT, False
        for point in self.in_order:
            ma = point.limit(now)
            if ma < lowest and (point.phase is None or point.phase in phases):
                lowest, failsafe = ma, point.struck()
            self._missed = self._missed and not point.watched
        if self.alone:
            self._missed = False
            for phase in phases:
                self._missed = self._missed or not self._is_set(phase)
        self.failsafe = failsafe or self.unset_ma() < lowest
        return min(lowest, self.unset_ma())

    def unset_ma(self) -> int:
        """What holds as long as nobody has set anything."""
        return (0 if self.alone else self._safe_ma) if self._missed else NO_LIMIT

    def why(self, reason: int) -> int:
        """Of what holds: that `reason`, if a manager is there who has set it."""
        if not self.failsafe:
            return reason
        return EMS_AWAITED if self.alone and self.unset_ma() < NO_LIMIT else EMS_SILENT

    def network_limit(self, now: int, phase: int) -> int:
        """Of all sockets together, on a phase of the grid."""
        lowest = 0 if self.alone and not self._is_set(phase) else NO_LIMIT
        for point in self.in_order:
            if point.phase == phase:
                lowest = min(lowest, point.limit(now))
        return lowest

    def _is_set(self, phase):
        """Has anybody said what there is on this phase?"""
        for point in self.in_order:
            if point.written_ma < NO_LIMIT and (point.phase is None or point.phase == phase):
                return True
        return False
