"""One box: the only place where the readings, the sharing, the limits and the charge point meet."""

from fairamp import limits, states
from fairamp.chargepoint import ChargePoint, Inputs
from fairamp.connection import make_socket, obey, tell
from fairamp.coordinator import Coordinator
from fairamp.ems import Ems
from fairamp.reading import Reading
from fairamp.units import PHASES, elapsed, later


class Box:
    """Told the time and what was read; holds what is to be done and what others may look at."""

    def __init__(self, settings, lifetime_wh: int = 0, phase_relay: bool = False, others=()):
        """`others`: the sockets of further boxes that this one shares the current with."""
        self.settings = settings
        self.own = Reading()
        self.socket = make_socket(settings, phase_relay)
        self.phases = self.socket.phases
        self.coordinator = Coordinator(settings, [self.socket] + list(others))
        self.inputs = Inputs()
        self.point = ChargePoint(settings, lifetime_wh, phase_relay)
        self.ems = Ems(settings)
        self._rewired = (
            settings["charger.enable_function"] != "enable"
            or settings["charger.shed_function"] != "shed"
            or settings["charger.enable_inverted"]
            or settings["charger.shed_inverted"]
        )
        self.now = 0
        self.utc = None  # (year, month, day, hour, minute, second), when the box knows it
        self.uptime_s = 0
        self.status_s = 0  # how long the charge point has been in its state
        self.reboot = False  # somebody asks for it
        self.check = None  # of the installation, once somebody has asked for it
        self.session_began = (0, 0, 0)  # hour, minute, second
        self.session_ended = (0, 0, 0)
        self._session = False
        self._state = states.A
        self._second = -1  # when the last whole second began; none yet

    def balance(self, now: int) -> None:
        """One look at the readings; to be called several times per second."""
        self.now = now
        own, inputs = self.own, self.inputs
        own.stale = own.stale or elapsed(now, own.taken) > own.late_ms
        self.point.limits.set(limits.EMS, self.ems.limit(now, self.phases))
        inputs.measured = own.number > 0 and not own.stale
        inputs.reading = own.number
        inputs.read_at = own.taken
        inputs.power_w = 0
        for terminal in range(3):
            # A charger does not feed in: a sign means that the meter is wired the other way round.
            inputs.draw_ma[terminal] = abs(own.current_ma[terminal]) if inputs.measured else 0
            inputs.voltage_mv[terminal] = own.voltage_mv[terminal]
            inputs.power_w += abs(own.power_w[terminal]) if inputs.measured else 0
        if self.check:
            self._check(now)
        self._share(now)
        self._count_seconds(now)
        self._note_session()
        if self.ems.phases_back:
            phases = self.point.phases
            phases.request(now, True)
            self.ems.phases_back = phases.holds_offer() or not phases.three

    def _share(self, now):
        tell(self.point, self.inputs, self.socket.report)
        if not self.own.number:
            self.socket.report.ready = False
        elif self.own.stale:
            # Nobody knows what the car draws.
            report = self.socket.report
            report.allowed_ma = min(report.allowed_ma, self.settings["site.safe_current"])
        self.coordinator.hour = self.utc[3] if self.utc else None
        for phase in PHASES:
            self.coordinator.headroom.network_ma[phase] = self.ems.network_limit(now, phase)
        self.coordinator.update(now)
        obey(now, self.point, self.socket)

    def start_check(self) -> bool:
        """Begins the check that balancing works here; False while one is running."""
        if self.check and not self.check.done:
            return False
        # Seldom needed, and it takes space.
        from fairamp.commissioning import Check

        including = self.settings["meter.location"] == "including"
        self.check = Check(self.coordinator.grid, self.own, self.phases, including)  # type: ignore[assignment]
        return True

    def _check(self, now):
        alone = True
        for socket in self.coordinator.sockets[1:]:
            alone = alone and not socket.report.charging
        connected, least = self.point.session.connected, self.socket.demand.least_ma
        self.point.limits.set(limits.CHECK, self.check.step(now, connected, alone, least))  # type: ignore[attr-defined]

    def step(self, now: int) -> None:
        """One look at the charge point, with what was put into `inputs`."""
        self.now = now
        if self._rewired:
            self._wire_contacts()
        self.point.step(now, self.inputs)

    def _wire_contacts(self):
        """The two contacts do what the settings say: limits of this socket, or of all together."""
        inputs, coordinator, settings = self.inputs, self.coordinator, self.settings
        enable = inputs.enable_closed is not settings["charger.enable_inverted"]
        shed = inputs.shed_closed is not settings["charger.shed_inverted"]
        of_enable, of_shed = settings["charger.enable_function"], settings["charger.shed_function"]
        inputs.enable_closed = not ((of_enable == "enable" and not enable) or (of_shed == "enable" and not shed))
        inputs.shed_closed = (of_enable == "shed" and enable) or (of_shed == "shed" and shed)
        coordinator.downgraded = (of_enable == "downgrade" and enable) or (of_shed == "downgrade" and shed)
        coordinator.suspended = (of_enable == "suspend" and enable) or (of_shed == "suspend" and shed)

    def written(self, setpoint) -> int:
        """A set-point as it was written; the maximum of the charger before the first time."""
        return self.settings["charger.max"] if setpoint.written_ma == limits.NO_LIMIT else setpoint.written_ma

    def time_of_day(self):
        """(hour, minute, second); since the start, while the box does not know better."""
        if self.utc:
            return self.utc[3:6]
        return self.uptime_s // 3600 % 24, self.uptime_s // 60 % 60, self.uptime_s % 60

    def available(self) -> bool:
        """May cars charge here at all?"""
        return self.ems.available and self.point.limits.get(limits.ENABLE) > 0

    def cable_ma(self) -> int:
        """What the cable may carry; the maximum of the charger while there is none, or no contact to tell."""
        return min(self.point.limits.get(limits.CABLE), self.settings["charger.max"])

    def ocpp_status(self) -> str:
        """The status of the charge point, as OCPP 1.6 calls it."""
        session = self.point.session
        if self.point.guard.faults.active:
            return "Faulted"
        if not session.connected:
            return "Available" if self.available() else "Unavailable"
        if self.point.contactor:
            return "Charging"
        if session.stopped:
            return "Finishing"
        if not session.may_charge():
            return "Preparing"
        if not self.point.offer_ma:
            return "SuspendedEVSE"
        return "SuspendedEV" if session.charged else "Preparing"

    def can_switch_phases(self) -> bool:
        return self.point.phases.fitted and self.settings["charger.phase_switch"]

    def phases_used(self) -> int:
        """Bit mask of the grid phases that an offer loads."""
        mask = 0
        for terminal, phase in enumerate(self.phases):
            if self.point.terminals() & 1 << terminal:
                mask |= 1 << phase
        return mask

    def why(self) -> str:
        """In words, what holds the offer where it is; for those who show it."""
        from fairamp import words  # most boxes show none

        return words.why(self)

    def _count_seconds(self, now):
        if self.point.state != self._state:
            self._state = self.point.state
            self.status_s = 0
        if self._second < 0:
            self._second = now
        seconds = elapsed(now, self._second) // 1000
        self._second = later(self._second, 1000 * seconds)
        self.status_s += seconds
        self.uptime_s += seconds

    def _note_session(self):
        if self.point.session.connected is self._session:
            return
        self._session = self.point.session.connected
        if self._session:
            self.session_began = self.time_of_day()
            self.session_ended = (0, 0, 0)
        else:
            self.session_ended = self.time_of_day()
