"""What the cars surely make of each phase, where the phases may not differ much."""

from fairamp.charging.phases import NO_CURRENT_MA
from fairamp.sharing.highest import Highest
from fairamp.units import PHASES, Held

# A load that has risen is believed after so long: what comes and goes counts as gone.
STEADY_MS = 6000
# Meters and pilots are not exact: a load that has fallen by so little is the same.
SAME_MA = 100


class Loads:
    """`most_ma`: by so much the phases may differ."""

    def __init__(self, most_ma: int, sockets):
        self.settle(most_ma)
        self._ma = [0, 0, 0]  # of each phase, as it counts
        self.alone_ma = [0, 0, 0]  # what each phase bears when no car on another one makes it even
        self._low_ma = [0, 0, 0]  # the least that is to be expected besides the cars
        self._lowest = Highest()  # of that, below zero: the highest of its opposite
        self._sure = [Sure() for _ in PHASES]  # what each phase has had for a while
        self._three: list = [None] * len(sockets)  # of each socket, the car that drew on three phases; None = none yet

    def settle(self, most_ma: int) -> None:
        self._most_ma = most_ma

    def limit(self, now: int, sockets, background_ma, budget_ma, meter_lost: bool) -> None:
        """A phase bears no more than the others surely have, and what they may differ.

        A car that is offered current but draws none makes no phase even, nor does one whose phases nobody has seen.
        """
        self._expect(now, background_ma, meter_lost)
        loads, even_ma = self._ma, 0
        loads[0] = loads[1] = loads[2] = 0
        for number, socket in enumerate(sockets):
            if not socket.online:
                continue  # whether it draws, nobody knows
            offered = socket.commitment.offered_ma
            if self._is_even(number, socket):
                even_ma += offered
            elif socket.report.measured:
                for terminal, phase in enumerate(socket.phases):
                    loads[phase] += min(offered, socket.report.draw_ma[terminal])
        for phase in PHASES:
            loads[phase] = self._sure[phase].of(now, loads[phase]) + even_ma
        for phase in PHASES:
            most = alone = budget_ma[phase]
            for other in PHASES:
                if other != phase:
                    # What is uneven by itself may stay so.
                    differs = max(0, self._most_ma + self._low_ma[other] - background_ma[phase])
                    alone, most = min(alone, differs), min(most, loads[other] + differs)
            self.alone_ma[phase], budget_ma[phase] = alone, most

    def _expect(self, now, background_ma, meter_lost):
        """The worst that is known: without a meter, the least of the last quarter of an hour on the other phases."""
        if not meter_lost:
            self._lowest.see(now, [-ma for ma in background_ma])
        for phase in PHASES:
            low = background_ma[phase]
            self._low_ma[phase] = min(low, -self._lowest.ma(phase)) if meter_lost else low

    def _is_even(self, number, socket):
        """Whatever it draws of its offer: it was seen on three phases, and is not seen on fewer now."""
        report = socket.report
        if len(socket.grid_phases()) < 3:
            return False
        drawn = 0
        if report.measured:
            drawn = sum([ma > NO_CURRENT_MA for ma in report.draw_ma])
        if drawn == 3:
            self._three[number] = report.session
        return not drawn % 3 and self._three[number] == report.session


class Sure:
    """The lowest of the last seconds."""

    def __init__(self):
        self._ma = 0  # the lowest of the last time
        self._above = Held()  # it is higher now

    def of(self, now: int, ma: int) -> int:
        if self._above.ms(now, ma > self._ma) >= STEADY_MS or ma < self._ma - SAME_MA:
            self._ma = ma
        return self._ma
