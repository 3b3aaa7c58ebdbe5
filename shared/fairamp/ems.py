"""What energy managers ask for. Each dialect has set-points of its own, and a watchdog with a failsafe current.

Nobody's wish lifts a limit: the lowest of all set-points in force becomes one more limit of the charge point.
"""

from fairamp.limits import NO_LIMIT
from fairamp.pilot import LEAST_MA
from fairamp.units import elapsed


class SetPoint:
    """One current that an energy manager sets, and what happens when it falls silent.

    It limits nothing before it was first written or fed since the box started.
    """

    def __init__(self, timeout_ms: int, failsafe_ma: int):
        self.timeout_ms = timeout_ms  # 0 = no watchdog
        self.failsafe_ma = failsafe_ma
        self.written_ma = NO_LIMIT  # as it was written, to be read back
        self.expired = False
        self.watched = False
        self._fed = 0

    def write(self, ma: int) -> None:
        self.written_ma = ma

    def feed(self, now: int) -> None:
        """The manager is alive: whatever it set holds, or holds again."""
        self.watched = True
        self.expired = False
        self._fed = now

    def struck(self) -> bool:
        """Has somebody fed the watchdog, and fallen silent?"""
        return self.watched and self.expired

    def left_ms(self, now: int) -> int:
        """Until the watchdog strikes; 0 when it has, or when nobody has fed it."""
        if not self.watched or self.expired:
            return 0
        return max(0, self.timeout_ms - elapsed(now, self._fed))

    def limit(self, now: int) -> int:
        """What holds now: 0, or from 6 A up. 1 to 5 A cannot be offered, so they pause."""
        if self.watched and not self.expired:
            if not self.timeout_ms:
                self._fed = now
            elif elapsed(now, self._fed) >= self.timeout_ms:
                self.expired = True
        ma = self.failsafe_ma if self.expired else self.written_ma
        return ma if ma >= LEAST_MA else 0


class Ems:
    """The set-points of all dialects of one box."""

    def __init__(self, settings):
        safe = settings["ems.safe_current"]
        self.teltocharge = SetPoint(30000, safe)
        self.alfen = SetPoint(settings["ems.alfen_validity"], safe)
        # Per grid phase, in the mode for a whole network of chargers.
        self.alfen_network = tuple(SetPoint(settings["ems.alfen_validity"], safe) for _ in range(3))
        self.vestel = SetPoint(20000, safe)
        self.mennekes = SetPoint(60000, safe)
        self._missed = settings["ems.required"]  # somebody has to come, and nobody has
        self._safe_ma = safe
        self.phases_taken = False  # a dialect may take away all phases
        self.available = True  # a dialect may take the socket out of service
        self.one_phase = False  # wished for as long as a connection lasts
        self.phases_back = False  # that connection is gone: three phases again, as soon as may be

    def limit(self, now: int, phases) -> int:
        """The lowest of all set-points, for a charge point that uses these grid phases."""
        lowest = 0 if self.phases_taken or not self.available else NO_LIMIT
        for point in (self.teltocharge, self.alfen, self.vestel, self.mennekes):
            lowest = min(lowest, point.limit(now))
            self._missed = self._missed and not point.watched
        for phase in (0, 1, 2):
            ma = self.network_limit(now, phase)
            if phase in phases:
                lowest = min(lowest, ma)
            self._missed = self._missed and not self.alfen_network[phase].watched
        return min(lowest, self._safe_ma) if self._missed else lowest

    def network_limit(self, now: int, phase: int) -> int:
        """Of all sockets together, on a phase of the grid."""
        return self.alfen_network[phase].limit(now)
