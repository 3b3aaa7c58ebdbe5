"""One box: the only place where the readings, the sharing, the limits and the charge point meet."""

from fairamp.charging import contacts, limits, states
from fairamp.charging.faults import WARN_CLOCK
from fairamp.charging.point import ChargePoint, Inputs
from fairamp.charging.record import UNPLUGGED, pack
from fairamp.connection import make_socket, measure, obey, tell
from fairamp.journal import Journal
from fairamp.meters import NONE
from fairamp.meters.reading import Reading
from fairamp.reasons import NETWORK_SET
from fairamp.refusals import NO_MEMORY
from fairamp.setpoints import Managers
from fairamp.sharing.coordinator import Coordinator
from fairamp.units import PHASES, UTC, elapsed, later, no_older

# What a check takes, from files. In pieces, as it will be taken.
CHECK_PIECE = 512
CHECK_PIECES = 24
NO_WITNESS = "warning: not checked against the cars: no room in memory; restart, with less switched on"


class Box:
    """Told the time and what was read; holds what is to be done and what others may look at."""

    def __init__(self, settings, phase_relay: bool = False, others=()):
        """`others`: the sockets of further boxes that this one shares the current with."""
        self.settings = settings
        self.own = Reading()  # of the charger's own meter, written by whoever reads it
        self.socket = make_socket(settings, phase_relay)
        self.phases = self.socket.phases  # the grid phase of each terminal
        self.coordinator = Coordinator(settings, [self.socket] + list(others), self.own)
        self.inputs = Inputs()  # written by `control` and `balance`
        self.point = ChargePoint(settings, phase_relay)
        self.estimate = None  # of what its car draws, where the charger has no meter
        if settings["meter.charger_model"] == NONE:
            # Who has a meter has the space.
            from fairamp.estimate import Estimate

            self.estimate = Estimate(settings, self.point, self.own)
        self.managers = Managers(settings)
        self.journal = Journal()
        self.service = self.point.limits.add("out of service")  # number of that limit
        self.point.session.when_ended = self._end_session  # type: ignore[assignment]
        settings.follow(self.settle)
        self.contacts: tuple = ()  # (enable contact, shed contact): is it closed? Empty before the first look
        self.now = 0  # the moment of the last look
        self.utc = None  # (year, month, day, hour, minute, second), when the box knows it
        self.local = None  # the same, as the clocks on the wall have it
        self.zone = None  # of those clocks; None = that is UTC
        self.timekeeper = None  # where somebody may tell the time; None = the chip alone knows it, or not
        self.uptime_s = 0  # whole seconds since the start; no clock that rolls over
        self.status_s = 0  # how long the charge point has been in its state
        self.wrong_settings: list = []  # what is wrong with them: it holds in safe mode, and nobody commands
        self.offline = False  # a network is set up, and there is none
        self.restarting = self.point.limits.add("restart")  # number of that limit
        self.restart_for = ""  # who asks for it
        self.one_phase_for = ""  # whose wish it is, for as long as he is there
        self.three_soon = False  # he is gone: three phases again, as soon as may be
        self.check = None  # of the installation, once somebody has asked for it
        self.session_began = (0, 0, 0)  # hour, minute, second
        self.session_ended = (0, 0, 0)  # likewise; zeros while a car is there
        self.boot = 0  # so many starts of the box, this one included; 0 = nobody counts them
        self.boot_reason = ""  # why it has started this time
        self.when_ended = None  # takes the record of a session that is over
        self.when_changed = None  # takes (who, name, old, new) of a setting that has changed
        self._session = False  # was a car there at the last look?
        self._state = states.A  # the state that `status_s` counts
        self._second = -1  # when the last whole second began; none yet

    def settle(self, settings) -> None:
        """Adopts settings that changed while it runs; the next look at the readings acts on them."""
        self.point.settle(settings)
        self.coordinator.settle(settings)
        self.socket.vip = settings["charger.vip"]

    def balance(self, now: int) -> None:
        """One look at the readings; to be called several times per second."""
        self.now = now
        if self.estimate:
            unmetered = self.coordinator.unmetered
            self.estimate.step(now, unmetered.of(self.socket) if unmetered else 0)
        measure(now, self.own, self.inputs)
        self.point.limits.set(limits.EMS, self.managers.limit(now, self.phases))
        self.managers.tell(now, self.journal)
        if self.coordinator.witness:
            self.coordinator.witness.tell(now, self.journal)
        elif self.coordinator.no_witness:
            self.coordinator.no_witness = False
            self.journal.tell(now, "house meter", NO_WITNESS)
        if self.check:
            self._check(now)
        self._share(now)
        self._count_seconds(now)
        self._note_session()
        if self.three_soon:
            phases = self.point.phases
            phases.request(now, True)
            self.three_soon = phases.holds_offer() or not phases.three

    def fall_to_safe(self, now: int) -> None:
        """A look that failed: what is offered falls to what is safe without one."""
        self.coordinator.fall_to_safe(now)
        obey(now, self.point, self.socket)

    def _share(self, now):
        tell(self.point, self.inputs, self.socket.report, self.settings)
        date = self.local if self.settings["sharing.profile_zone"] == "local" else self.utc
        self.coordinator.hour = date[3] if date else None
        self.point.guard.faults.warn(WARN_CLOCK, not self.utc and bool(self.settings["sharing.profile"]))
        headroom, most = self.coordinator.headroom, limits.NO_LIMIT
        if self.managers.alone and len(self.coordinator.sockets) > 1:
            # What a manager allows one charger is for all of them, unless he says what is for all.
            most = self.managers.limit(now, self.phases)
            headroom.network_reason = self.managers.why(NETWORK_SET)
        for phase in PHASES:
            headroom.network_ma[phase] = min(most, self.managers.network_limit(now, phase))
        self.coordinator.update(now)
        obey(now, self.point, self.socket)

    def start_check(self) -> bool:
        """Begins the check that balancing works here; False while one is running."""
        if self.check and not self.check.done:
            return False
        # Better now than in the middle of the charging: MemoryError.
        spare = [bytearray(CHECK_PIECE) for _ in range(CHECK_PIECES)]
        del spare
        # Seldom needed, and it takes space.
        from fairamp.check.installation import Check

        self._checking = self.point.limits.add("commissioning check")
        including = self.settings["meter.location"] == "including"
        self.check = Check(self.coordinator.grid, self.own, self.phases, including)  # type: ignore[assignment]
        return True

    def _check(self, now):
        alone = True
        for socket in self.coordinator.sockets[1:]:
            alone = alone and not socket.report.charging
        connected, least = self.point.session.connected, self.socket.demand.least_ma
        if self.coordinator.witness and not self.check.done:  # type: ignore[attr-defined]
            # Two who judge would be in each other's way, and this one makes a new start of whatever was wrong.
            self.coordinator.witness.rest()
        try:
            ma = self.check.step(now, connected, alone, least)  # type: ignore[attr-defined]
        except MemoryError:
            self.check, ma = None, limits.NO_LIMIT
            self.journal.refused(now, "check", "check", NO_MEMORY)
        self.point.limits.set(self._checking, ma)

    def step(self, now: int) -> None:
        """One look at the charge point, with what was put into `inputs`."""
        self.now = now
        self.point.step(now, self.inputs)

    def wire(self, enable_closed: bool, shed_closed: bool) -> None:
        """The two contacts do what the settings say: limits of this socket, or of all together."""
        self.contacts = enable_closed, shed_closed
        coordinator = self.coordinator
        asked = contacts.understand(self.settings, enable_closed, shed_closed, self.inputs)
        coordinator.downgraded, coordinator.suspended = asked

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
        if seconds:
            own, grid = self.own, self.coordinator.grid
            own.taken, grid.taken = no_older(now, own.taken), no_older(now, grid.taken)

    def keep_time(self, now: int):
        """What takes the time from whoever tells it, from now on."""
        if not self.timekeeper:
            # Without a network and without a meter that knows it nobody does, and it takes space.
            from fairamp.clock.timekeeper import Timekeeper

            self.timekeeper = Timekeeper(now, self.journal)  # type: ignore[assignment]
        return self.timekeeper

    def look_at_clock(self, now: int, chip) -> None:
        """To be called about once per second. `chip`: what its own clock says, None = nobody has set it."""
        keeper = self.timekeeper
        self.utc = (keeper and keeper.utc(now)) or chip
        name = self.settings["clock.zone"]
        if name == UTC:
            self.zone = None
        elif not self.zone or self.zone.text != name:
            from fairamp.clock.zones import Zone

            self.zone = Zone(name)  # type: ignore[assignment]
        self.local = self.zone.local(self.utc) if self.zone and self.utc else self.utc
        if keeper:
            keeper.zone = self.zone

    def time_of_day(self):
        """(hour, minute, second); since the start, while the box does not know better."""
        if self.utc:
            return self.utc[3:6]
        return self.uptime_s // 3600 % 24, self.uptime_s // 60 % 60, self.uptime_s % 60

    def _note_session(self):
        session = self.point.session
        if session.connected is self._session:
            return
        self._session = session.connected
        if not self._session:
            self.session_ended = self.time_of_day()
            return
        if not session.began and not session.seconds:
            session.began, session.began_s, session.boot = self.utc, self.uptime_s, self.boot
        self.session_began = session.began[3:6] if session.began else self.time_of_day()
        self.session_ended = (0, 0, 0)

    def recall(self, data: bytes, newest: bool) -> None:
        """What `record` gave before the restart. `newest`: nothing can be newer that could not be written."""
        self.point.session.recall(data, newest and self.settings["charger.resume"])

    def record(self, end: int) -> bytes:
        """Energy and session as they are now, see charging.record."""
        return pack(self.point.session, self.settings["charger.id"], bool(self.estimate), end)

    def _end_session(self, how):
        self.point.session.ended = self.utc if how == UNPLUGGED else None
        if self.when_ended:
            self.when_ended(self.record(how))
