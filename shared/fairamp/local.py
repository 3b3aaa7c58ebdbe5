"""The charge point's end of a network, while the coordinator is on another box."""

from fairamp.charging import contacts
from fairamp.connection import obey, tell
from fairamp.sharing.hearing import Hearing
from fairamp.sharing.messages import Grant, Report


class Local:
    """Obeys what it hears, stays as it is while it hears nothing, and then keeps its safe current.

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
        mine.reason, mine.values = grant.reason, grant.values
        obey(now, self._point, self)

    def step(self, now: int) -> None:
        """To be called several times per second."""
        if not self._hearing.lasts(now):
            # The coordinator keeps this current free. What nobody ever measured does not charge, as on any box.
            self._point.limits.grant(self._settings["charger.safe"] if self._inputs.reading else 0)
