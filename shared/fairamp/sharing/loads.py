"""What the cars make of each phase over time, where the phases may not differ much."""

from fairamp.charging.pilot import LEAST_MA
from fairamp.units import PHASES, Held

PEAK_MS = 60000


class Loads:
    """`most_ma`: by so much the phases may differ."""

    def __init__(self, most_ma: int):
        self.settle(most_ma)
        self._ma = [0, 0, 0]  # of each phase, as it counts
        self._peaks = [Peak() for _ in PHASES]  # what each phase had lately: a load that comes and goes counts as there

    def settle(self, most_ma: int) -> None:
        # Less would not even let a car begin that uses all three.
        self._most_ma = max(most_ma, LEAST_MA)

    def limit(self, now: int, sockets, background_ma, budget_ma) -> None:
        """A car that is offered current but draws none makes no phase even: what is drawn counts."""
        loads = self._ma
        loads[0] = loads[1] = loads[2] = 0
        for socket in sockets:
            # Whatever it draws of its offer, a car on three phases is even by itself.
            even = socket.online and len(socket.grid_phases()) == 3
            for terminal, phase in enumerate(socket.phases):
                loads[phase] += socket.commitment.offered_ma if even else socket.draw(terminal)
        for phase in PHASES:
            loads[phase] = self._peaks[phase].of(now, loads[phase]) + background_ma[phase]
        for phase in PHASES:
            low = min([loads[other] for other in PHASES if other != phase])
            budget_ma[phase] = min(budget_ma[phase], low + self._most_ma - background_ma[phase])


class Peak:
    """The highest of the last minute: what falls only while others take over counts on."""

    def __init__(self):
        self._ma = 0  # the highest of the last time
        self._below = Held()  # it is lower now

    def of(self, now: int, ma: int) -> int:
        if self._below.ms(now, ma < self._ma) >= PEAK_MS or ma > self._ma:
            self._ma = ma
        return self._ma
