"""A car or a cable that cannot make up its mind: each time, the contactor would close and open under load."""

from fairamp.units import Held

SHORT_MS = 15000  # who ends so soon after the contactor has closed has four points,
SOON_MS = 60000  # and who ends so soon has two: also honest cars pause now and then
FEW = 16  # with so many points it has to wait
REST_MS = 30000  # the first time; twice as long each further time ...
MOST_REST_MS = 300000  # ... up to this
CALM_MS = 600000  # without an end so soon, all is forgotten
GONE_MS = 5000  # a line that flips seems to be unplugged, too; who is it for so long has one more try
LEFT_MS = 60000  # and so long is another car


class Unsteady:
    """`rests`: nothing is to be offered now. `busy`: to be asked at each step, else when the contactor moves."""

    def __init__(self):
        self.rests = False
        self.busy = False
        self.closed = False  # was the contactor, at the last step?
        self._count = 0  # points
        self._soon = 0  # so many an opening would bring
        self._tried = False  # was the contactor closed since it was unplugged last?
        self._closed = Held()  # the contactor is
        self._since = Held()  # the last opening that came too soon
        self._gone = Held()  # no car is there

    def step(self, now: int, closed: bool, offered: bool, gone: bool, stopped: bool) -> None:
        """How it is now: the contactor is `closed`, something is `offered`, the car is `gone`, a fault `stopped` it.

        An end that the box itself wanted has no offer before it, or a fault.
        """
        self.closed = closed
        self._tried = self._tried or closed
        opened = self._soon and not closed and not stopped
        if opened:
            self._count = min(self._count + self._soon, 2 * FEW)
        closed_ms = self._closed.ms(now, closed)
        self._soon = 2 * (closed_ms < SHORT_MS) + 2 * (closed_ms < SOON_MS) if closed and offered else 0
        past = self._since.ms(now, self._count > 0 and not opened)
        gone_ms = self._gone.ms(now, gone)
        if gone_ms >= LEFT_MS or past >= CALM_MS:
            self._count = 0
        elif gone_ms >= GONE_MS and self._tried and self._count:
            self._tried = False
            self._count -= 1
        few = self._count >= FEW
        self.rests = few and past < min(REST_MS << (self._count - FEW) // 4, MOST_REST_MS)
        self.busy = self._soon > 0 or self._count > 0
