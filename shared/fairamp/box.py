"""One box: the only place where the readings, the sharing, the limits and the charge point meet."""

from fairamp import limits, states
from fairamp.chargepoint import ChargePoint, Inputs
from fairamp.coordinator import Coordinator
from fairamp.units import elapsed, later


class Box:
    """Told the time and what was read; holds what is to be done and what others may look at."""

    def __init__(self, settings, lifetime_wh: int = 0, phase_relay: bool = False):
        self.settings = settings
        self.coordinator = Coordinator(settings)
        self.inputs = Inputs()
        self.point = ChargePoint(settings, lifetime_wh, phase_relay)
        self.phases_allowed = True
        self.status_s = 0  # how long the charge point has been in its state
        self._ems_ma = limits.NO_LIMIT
        self._state = states.A
        self._second = 0

    def balance(self, now: int) -> None:
        """One look at the readings; to be called several times per second."""
        own, inputs = self.coordinator.own, self.inputs
        self.point.limits.set(limits.BALANCE, self.coordinator.update(now))
        inputs.measured = own.number > 0 and not own.stale
        inputs.reading = own.number
        inputs.power_w = 0
        for terminal in range(3):
            inputs.draw_ma[terminal] = own.current_ma[terminal] if inputs.measured else 0
            inputs.voltage_mv[terminal] = own.voltage_mv[terminal]
            inputs.power_w += own.power_w[terminal]
        self._count_seconds(now)

    def step(self, now: int) -> None:
        """One look at the charge point, with what was put into `inputs`."""
        self.point.step(now, self.inputs)

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

    def why(self) -> str:
        """In words, what holds the offer where it is."""
        if not self.coordinator.grid.number or not self.coordinator.own.number:
            return "waiting for the first meter reading"
        why = self.point.why()
        if self.coordinator.grid.stale or self.coordinator.own.stale:
            return why + "; meter lost, safe current"
        return why

    def _ems_limit(self):
        self.point.limits.set(limits.EMS, self._ems_ma if self.phases_allowed else 0)

    def _count_seconds(self, now):
        if self.point.state != self._state:
            self._state = self.point.state
            self._second = now
            self.status_s = 0
        seconds = elapsed(now, self._second) // 1000
        self._second = later(self._second, 1000 * seconds)
        self.status_s += seconds
