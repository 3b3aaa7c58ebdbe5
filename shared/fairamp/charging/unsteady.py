"""A car or a cable that cannot make up its mind: each time, the contactor would close and open under load."""

from fairamp.units import Held

SHORT_MS = 15000  # who ends so soon after the contactor has closed ...
FEW = 4  # ... so many times, has to wait
REST_MS = 30000  # the first time; twice as long each further time ...
MOST_REST_MS = 300000  # ... up to this
CALM_MS = 600000  # without an end so soon, all is forgotten
GONE_MS = 5000  # a line that flips seems to be unplugged, too, but not for so long


class Unsteady:
    """`rests`: nothing is to be offered now. `busy`: to be asked at each step, else when the contactor moves."""

    def __init__(self):
        self.rests = False
        self.busy = False
        self.closed = False  # was the contactor, at the last step?
        self._count = 0  # openings that came too soon
        self._soon = False  # would an opening be one of them?
        self._closed = Held()  # the contactor is
        self._since = Held()  # the last opening that came too soon
        self._gone = Held()  # no car is there

    def step(self, now: int, closed: bool, offered: bool, gone: bool, stopped: bool) -> None:
        """How it is now: the contactor is `closed`, something is `offered`, the car is `gone`, a fault `stopped` it.

        An end that the box itself wanted has no offer before it, or a fault.
        """
        self.closed = closed
        opened = self._soon and not closed and not stopped
        self._soon = self._closed.ms(now, closed) < SHORT_MS and closed and offered
        if opened:
            self._count = min(self._count + 1, FEW + 4)
        past = self._since.ms(now, self._count > 0 and not opened)
        if self._gone.ms(now, gone) >= GONE_MS or past >= CALM_MS:
            self._count = 0
        self.rests = self._count >= FEW and past < min(REST_MS << self._count - FEW, MOST_REST_MS)
        self.busy = self._soon or self._count > 0
