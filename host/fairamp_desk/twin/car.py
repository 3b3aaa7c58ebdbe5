"""A car at the end of the cable: it reads the pilot, sets its resistor and draws, with the habits of real ones."""

from fairamp.charging.pilot import LEAST_MA, NOT_AVAILABLE, current
from fairamp.units import PHASES
from fairamp_desk.site import Settings

# What the car's resistor leaves of the 12 V, in mV.
HIGH_MV = {"A": 12000, "B": 9000, "C": 6000, "D": 3000}
LOW_MV = -12000
ASK_AFTER_MS = 1000
SLOW_START_MS = 30_000
FOLLOW_MS = 500
ROUNDED_MA = 10  # a duty is a whole number of steps
LATE_MS = 4500  # within the 5 s of the standard, but only just
RAMP_MA_PER_S = 4000
FALL_MA_PER_S = 16000
TRICKLE_MA = 300
NIBBLE_AFTER_MS = 60_000
NIBBLE_FOR_MS = 20_000
FLICKER_MS = 60


class Car:
    """One car that comes, charges and leaves. `letter` is what it shows, `draw_ma` what it draws per phase."""

    def __init__(self, row: Settings, voltage: int):
        self._row = row
        self._voltage = voltage
        self.quirk = row["car.quirk"]
        self.plugged = False
        self.letter = "A"
        self.draw_ma = 0
        self._since_plugged = 0
        self._asked = 0
        self._offer_ma = 0
        self._changed_at: int | None = None  # when the pilot began to say something else
        self._drawn_mj = 0
        self._asleep = self.quirk == "sleeps"
        self._full_for = 0
        self._uses = 0  # how many phases

    def advance(self, ms: int, step: int, duty: int, contactor: bool, live: int = 3) -> None:
        """`ms` since the start, `step` since the last call; `live`: so many terminals lead to a phase."""
        self._uses = min(live, self._row["car.phases"])
        leaves = self._row["car.leaves"]
        self.plugged = self._row["car.arrives"] <= ms and (leaves is None or ms < leaves)
        if not self.plugged:
            self.letter, self.draw_ma, self._asked, self._since_plugged = "A", 0, 0, 0
            return
        self._since_plugged += step
        self._read_pilot(ms, duty)
        wants = self._wants(step)
        self._draw(step, wants, contactor)
        self.letter = self._shown(wants)

    def comes_and_goes(self) -> tuple[int, int | None]:
        """When it is plugged in and unplugged, in ms since the start."""
        return self._row["car.arrives"], self._row["car.leaves"]

    def high_mv(self, ms: int) -> int:
        """The high level on the pilot line."""
        if self.quirk == "half_seated" and ms // FLICKER_MS % 2:
            return HIGH_MV["A"]
        return HIGH_MV[self.letter]

    def low_mv(self) -> int:
        """The low level: the diode keeps the resistor out of it."""
        return -HIGH_MV[self.letter] if self.quirk == "no_diode" and self.plugged else LOW_MV

    def drawn_ma(self) -> list[int]:
        """Per terminal of the charger."""
        return [self.draw_ma if terminal < self._uses else 0 for terminal in PHASES]

    def energy_wh(self) -> int:
        return self._drawn_mj // 3_600_000

    def _read_pilot(self, ms, duty):
        """What the car makes of the pilot, after the time it needs."""
        if duty == NOT_AVAILABLE:
            self._asleep = False
        offer = current(duty)
        late = LATE_MS if self.quirk == "late" else FOLLOW_MS
        if offer == self._offer_ma:
            self._changed_at = None
        elif self._changed_at is None:
            self._changed_at = ms
        # No offer at all is obeyed without delay.
        if not offer or (self._changed_at is not None and ms - self._changed_at >= late):
            self._offer_ma = offer
            self._changed_at = None

    def _wants(self, step):
        """Does it ask for energy now?"""
        if self._asleep or self._offer_ma + ROUNDED_MA < max(self._row["car.min"], LEAST_MA):
            self._asked = 0
            return False
        if self.is_full():
            self._full_for += step
            nibbles = self.quirk == "nibbles" and self._full_for % (NIBBLE_AFTER_MS + NIBBLE_FOR_MS) > NIBBLE_AFTER_MS
            if not nibbles:
                self._asked = 0
                return False
        self._asked += step
        return self._asked >= ASK_AFTER_MS

    def _draw(self, step, wants, contactor):
        if not contactor:
            self.draw_ma = 0
            return
        aim = min(self._offer_ma, self._row["car.max"]) if wants else 0
        if self.quirk == "ignores_pilot":
            aim = self._row["car.max"]
        elif self.quirk == "greedy":
            aim = min(aim * 11 // 10, self._row["car.max"] * 11 // 10)
        elif self.quirk == "slow_start" and self._asked < SLOW_START_MS:
            aim = 0
        elif self.is_full() and wants:
            aim = min(aim, TRICKLE_MA)
        if aim > self.draw_ma:
            self.draw_ma = min(aim, self.draw_ma + RAMP_MA_PER_S * step // 1000)
        else:
            self.draw_ma = max(aim, self.draw_ma - FALL_MA_PER_S * step // 1000)
        self._drawn_mj += self.draw_ma * self._voltage * self._uses * step // 1000

    def _shown(self, wants):
        if wants or self.draw_ma > 0 or (self.quirk == "ignores_pilot" and self._since_plugged > ASK_AFTER_MS):
            return "D" if self.quirk == "ventilation" else "C"
        return "C" if self.quirk == "simple" else "B"

    @property
    def wanted_wh(self) -> int | None:
        return self._row["car.needs_kwh"]

    def is_full(self) -> bool:
        return self.wanted_wh is not None and self.energy_wh() >= self.wanted_wh
