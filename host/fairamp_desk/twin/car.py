"""A car at the end of the cable: it reads the pilot, sets its resistor and draws."""

from fairamp_desk.site import Settings

# What the car leaves of the 12 V: open, connected, asking for energy.
OPEN_MV, CONNECTED_MV, ASKING_MV = 12000, 9000, 6000
ASK_AFTER_MS = 1000
RAMP_MA_PER_S = 4000


def offered_ma(duty: int) -> int:
    """The current that a car reads from a duty in 1/100 %; 0 = it must not draw."""
    if 800 <= duty < 1000:
        return 6000
    if 1000 <= duty <= 8500:
        return duty * 6
    if 8500 < duty <= 9600:
        return (duty - 6400) * 25
    if 9600 < duty <= 9700:
        return 80000
    return 0


class Car:
    """One car that comes, charges and leaves."""

    def __init__(self, row: Settings, voltage: int):
        self._row = row
        self._voltage = voltage
        self._asked = 0
        self._drawn_mws = 0
        self.plugged = False
        self.draw_ma = 0
        self.high_mv = OPEN_MV

    def terminals(self) -> int:
        return self._row["car.phases"]

    def advance(self, ms: int, step: int, duty: int, contactor: bool) -> None:
        """`ms` since the start, `step` since the last call."""
        leaves = self._row["car.leaves"]
        self.plugged = self._row["car.arrives"] <= ms and (leaves is None or ms < leaves)
        if not self.plugged:
            self.high_mv, self.draw_ma, self._asked = OPEN_MV, 0, 0
            return
        allowed = min(offered_ma(duty), self._row["car.max"])
        wants = allowed >= self._row["car.min"] and not self._full()
        self._asked = min(self._asked + step, ASK_AFTER_MS) if wants else 0
        self._draw(allowed if wants else 0, step, contactor)
        self.high_mv = ASKING_MV if self._asked >= ASK_AFTER_MS or self.draw_ma else CONNECTED_MV

    def _draw(self, allowed, step, contactor):
        if not contactor:
            self.draw_ma = 0
            return
        change = RAMP_MA_PER_S * step // 1000
        self.draw_ma = (
            min(allowed, self.draw_ma + change) if allowed > self.draw_ma else max(allowed, self.draw_ma - 4 * change)
        )
        self._drawn_mws += self.draw_ma * self._voltage * self.terminals() * step // 1000

    def energy_wh(self) -> int:
        return self._drawn_mws // 3_600_000

    def _full(self):
        needs = self._row["car.needs_kwh"]
        return needs is not None and self.energy_wh() >= needs
