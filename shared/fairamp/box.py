"""One box: the only place where the readings, the sharing, the limits and the charge point meet."""

from fairamp import limits
from fairamp.chargepoint import ChargePoint
from fairamp.coordinator import Coordinator
from fairamp.units import elapsed, later


class Box:
    """Told the time and what was read; holds what is to be done and what others may look at."""

    def __init__(self, settings):
        self.settings = settings
        self.coordinator = Coordinator(settings)
        self.point = ChargePoint()
        self.point.limits.set(limits.HARDWARE, settings["charger.max"])
        self.point.limits.set(limits.BALANCE, 0)
        self.phases_allowed = True
        self.status_s = 0  # how long the charge point has been in its state
        self._ems_ma = limits.NO_LIMIT
        self._state = None
        self._second = 0

    def balance(self, now: int) -> None:
        """One look at the readings; to be called several times per second."""
        self.point.limits.set(limits.BALANCE, self.coordinator.update(now))
        if self.point.state != self._state:
            self._state = self.point.state
            self._second = now
            self.status_s = 0
        seconds = elapsed(now, self._second) // 1000
        self._second = later(self._second, 1000 * seconds)
        self.status_s += seconds

    def set_ems_current(self, ma: int) -> None:
        """The set-point of an energy manager: it can lower the offer, never lift it."""
        self._ems_ma = ma
        self._ems_limit()

    def allow_phases(self, allowed: bool) -> None:
        """An energy manager gives the phases or takes them away."""
        self.phases_allowed = allowed
        self._ems_limit()

    def ems_current(self) -> int:
        """The set-point as it was written; the maximum of the charger before the first one."""
        return self.settings["charger.max"] if self._ems_ma == limits.NO_LIMIT else self._ems_ma

    def _ems_limit(self):
        self.point.limits.set(limits.EMS, self._ems_ma if self.phases_allowed else 0)

    def why(self) -> str:
        """In words, what holds the offer where it is."""
        if not self.coordinator.grid.number or not self.coordinator.own.number:
            return "waiting for the first meter reading"
        cause = limits.NAMES[self.point.limits.cause()]
        if self.coordinator.grid.stale or self.coordinator.own.stale:
            return cause + ": meter lost, safe current"
        return cause
