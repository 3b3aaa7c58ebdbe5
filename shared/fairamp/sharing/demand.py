"""What a car can use, learned from what it draws: what it leaves goes to others, and comes back when it climbs."""

from fairamp.charging.pilot import LEAST_MA
from fairamp.units import Held

# Draws less than it is offered by so much, for so long: the rest is for others.
SPARE_MA = 3500
SPARE_MS = 20000
# Left for climbing.
MARGIN_MA = 2000
# Offered energy, and does not ask for it, for so long: it sleeps, or has finished.
IDLE_MS = 60000
# It drew at a higher offer and stopped at a lower one, for so long: it needs the higher one.
STOPPED_MS = 20000
STEADY_MS = 10000
# Who sleeps gets another chance now and then.
CHANCE_MS = 600000
DRAWS_MA = 3000
NOTHING_MA = 1000
NEEDS_MOST_MA = 14000
PROBE_MS = 60000


class Demand:
    """`ma`: what it can use, None = all. `least_ma`: below this it does not charge. `idle`: it does not ask."""

    def __init__(self, least_ma: int = LEAST_MA):
        self._spare = Held()  # it leaves much of its offer
        self._asleep = Held()  # offered, and it does not ask
        self._stopped = Held()  # it asks, and draws nothing at this offer
        self._probe = Held()  # it is being probed
        self._rest = Held()  # it is idle: then it gets another chance
        self._steady = Held()  # its offer has not moved
        self._least_ma = least_ma  # of its socket, for any car
        self._offer_ma = 0  # the offer at the last look
        self.reset()

    def reset(self) -> None:
        """Another car."""
        self.ma: "int | None" = None
        self.least_ma = self._least_ma
        self.idle = False
        self.aside = False  # idle, and others wait
        self.probing = False  # it is new: offered `sharing.probe_current`, to see what it takes
        self._charged = False  # it drew once: when it stops, it is full
        self._drew_at: "int | None" = None  # the lowest offer at which it was seen to draw

    def wake(self) -> None:
        """A car that has not charged yet is given another chance to ask; one that has, is full."""
        if not self._charged:
            self.idle = self.aside = False

    def step(self, now: int, offer_ma: int, asking: bool, drawn_ma: int, step_ma: int) -> None:
        """One look at a connected car."""
        if self._probe.ms(now, self.probing and offer_ma > 0) >= PROBE_MS:
            self.probing = False
        self._learn_least(now, offer_ma, drawn_ma)
        if self._asleep.ms(now, offer_ma > 0 and not asking and not self.idle) >= IDLE_MS:
            self.idle = True
            # What it did not take at its own minimum, it does not need: it is full, or sleeps.
            self.least_ma = self._least_ma
            self._drew_at = None
            self.ma = None
        if self._rest.ms(now, self.idle) >= CHANCE_MS:
            self.wake()
        if asking:
            self.idle = self.aside = False
        self._charged = self._charged or drawn_ma >= DRAWS_MA
        if self.ma is not None and asking and drawn_ma > self.ma - MARGIN_MA // 2:
            self.ma = None
        spare = asking and not self.probing and offer_ma - drawn_ma >= SPARE_MA and offer_ma > self.least_ma
        # One that has not begun to draw may take a while for it.
        if self._spare.ms(now, spare) >= (SPARE_MS if drawn_ma >= NOTHING_MA else IDLE_MS):
            self.ma = max(self.least_ma, (drawn_ma + MARGIN_MA + step_ma - 1) // step_ma * step_ma)

    def _learn_least(self, now, offer_ma, drawn_ma):
        # A draw that still falls says nothing about the offer that it falls to.
        if offer_ma != self._offer_ma:
            self._offer_ma = offer_ma
            self._steady.ms(now, False)
        if self._steady.ms(now, True) >= STEADY_MS and drawn_ma >= DRAWS_MA and offer_ma:
            self._drew_at = offer_ma if self._drew_at is None else min(self._drew_at, offer_ma)
        below = self._drew_at is not None and 0 < offer_ma < self._drew_at and drawn_ma < NOTHING_MA
        if self._stopped.ms(now, below) >= STOPPED_MS and self._drew_at is not None:
            self.least_ma = max(self.least_ma, min(NEEDS_MOST_MA, self._drew_at))
