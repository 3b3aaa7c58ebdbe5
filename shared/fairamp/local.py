"""The charge point's end of a network, while the coordinator is on another box."""

from fairamp.charging import contacts
from fairamp.charging.limits import BALANCE
from fairamp.connection import obey, tell
from fairamp.sharing.commitment import FOLLOW_MS
from fairamp.sharing.hearing import NETWORK_MS, Hearing
from fairamp.sharing.messages import Grant, Report
from fairamp.units import Held


class Local:
    """Obeys what it hears, stays as it is while it hears nothing, and then takes its safe current.

    Above it, it cuts at once; below it, it waits until the others have given way.

    `can_switch`: between one phase and three, as its socket at the coordinator has it.
    """

    def __init__(self, settings, point, inputs, can_switch: bool):
        self.can_switch = can_switch
        self.report = Report()  # what it tells
        self.grant = Grant()  # what it was told last
        self._settings = settings
        self._point = point
        self._inputs = inputs
        self._hearing = Hearing()
        self._most_ma = settings["charger.safe"]  # of its safe current; None = what the coordinator says
        self.grant.safe_ma = self._most_ma or 0  # until it is told less
        self._silent = Held()  # it hears nothing
        self._wait_ms = NETWORK_MS + FOLLOW_MS  # so long, others may not know yet that it does not hear them

    def wire(self, enable_closed: bool, shed_closed: bool) -> None:
        """The two contacts of this charger. What they ask for all holds here: the others have a coordinator."""
        inputs = self._inputs
        downgrade, suspend = contacts.understand(self._settings, enable_closed, shed_closed, inputs)
        inputs.shed_closed = inputs.shed_closed or downgrade
        inputs.enable_closed = inputs.enable_closed and not suspend

    def tell(self) -> None:
        """Brings the report up to date; to be sent then."""
        tell(self._point, self._inputs, self.report, self._settings)

    def hear(self, now: int, grant) -> None:
        """A grant has come."""
        self._hearing.note(now)
        mine = self.grant
        mine.ma, mine.vacant, mine.one_phase = grant.ma, grant.vacant, grant.one_phase
        mine.over = grant.over
        mine.reason, mine.values = grant.reason, grant.values
        mine.safe_ma = grant.safe_ma if self._most_ma is None else min(grant.safe_ma, self._most_ma)
        self._wait_ms = FOLLOW_MS
        obey(now, self._point, self)

    def step(self, now: int) -> None:
        """To be called several times per second."""
        silent_ms = self._silent.ms(now, not self._hearing.lasts(now))
        if self._hearing.lasts(now):
            return
        # Whether the fuse is over, nobody tells any more.
        self._point.guard.overcurrent.over = False
        # What nobody ever measured does not charge, as on any box.
        limits, safe_ma = self._point.limits, self.grant.safe_ma if self._inputs.reading else 0
        has_ma = 0 if limits.vacant else limits.get(BALANCE)
        if safe_ma < has_ma or silent_ms >= self._wait_ms:
            limits.grant(safe_ma)
