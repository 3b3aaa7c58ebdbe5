"""Does balancing work here? The car is the known load: its offer goes down and up, and both meters have to tell of it.

Told the time and how the car stands; looks at the two readings. It only lowers the offer.
"""

from fairamp.charging.limits import NO_LIMIT
from fairamp.check.result import RESTLESS, UNSURE, WITHOUT, WORKS, judge
from fairamp.units import PHASES, elapsed

# The offer moves by at least so much, and the car has to follow by nearly as much.
STEP_MA = 3000
FOLLOWED_MA = 2500
# Meters and cars are not exact.
SLACK_MA = 300
# Stays below what balancing allows, so that a small load in the house does not move the car.
SPARE_MA = 2000
# A draw that moves by so much is not steady yet.
MOVING_MA = 700
NOTHING_MA = 1000
# Once the draw is steady: until a slow meter has followed, and how long both are then watched.
SETTLE_MS = 8000
SETTLE_READINGS = 2
WATCH_MS = 4000
WATCH_READINGS = 3
LEAST_PAIRS = 4
MOST_PAIRS = 16
LONGEST_MS = 600000
# A car takes a moment to follow: not yet worth a word.
QUIET_MS = 12000

METERS, CAR, OTHERS, LITTLE, FOLLOW = "meter lost", "no car", "others", "too little", "does not follow"
# What is in the way: what the installer is to do, and for how many ms it is waited for.
WAITS = {
    METERS: ("waiting for readings of both meters", 60000),
    CAR: ("plug in a car and let it charge", 300000),
    OTHERS: ("stop the other cars: only this one may charge", 300000),
    LITTLE: ("waiting until the car draws more: switch off large loads in the house", 120000),
    FOLLOW: ("waiting for the car to lower its current", 60000),
}


class Check:
    """Runs once. `done`: then `result` is a short name, `conclusion` and `left_open` are sentences for people."""

    def __init__(self, grid, own, phases, including: bool):
        self.says = "starting"
        self.done = False
        self.works = False
        self.result = ""
        self.conclusion = ""
        self.left_open = ""
        self.seconds = 0
        self.pairs = 0
        self.charger_ma = [0, 0, 0]  # by how much each terminal rose from low to high, on average
        self.meter_ma = [0, 0, 0]  # and each phase of the house meter
        self._grid = grid
        self._own = own
        self._phases = phases
        self._including = including
        self._limit_ma = NO_LIMIT
        self._began: "int | None" = None
        self._high = True
        self._high_limit_ma = NO_LIMIT
        self._drawn_ma = 0  # in the window before
        self._hindrance: "str | None" = None
        self._hindered = 0
        # The window that is being watched.
        self._number = 0
        self._steady_since = 0
        self._readings = 0
        self._count = 0
        self._draw = [0, 0, 0]
        self._sums = [0] * 6  # of the house meter, then of the charger's
        # The windows before.
        self._last: "list | None" = None
        self._totals = [0] * 6
        self._least = [0, 0, 0]
        self._most = [0, 0, 0]

    def step(self, now: int, connected: bool, alone: bool, least_ma: int) -> int:
        """To be called several times per second; what the car may be offered, at most.

        `alone`: no other car charges. `least_ma`: below this the car does not charge.
        """
        if self.done:
            return NO_LIMIT
        if self._began is None:
            self._began = self._hindered = now
            self._restart(now)
        self.seconds = elapsed(now, self._began) // 1000
        hindrance = self._find_hindrance(connected, alone, least_ma)
        if hindrance != self._hindrance:
            self._hindrance = hindrance
            self._hindered = now
        if hindrance:
            self._restart(now)
        following = self._last is not None and hindrance in (LITTLE, FOLLOW)
        if not (following and elapsed(now, self._hindered) < QUIET_MS):
            self._tell(hindrance)
        if elapsed(now, self._began) >= LONGEST_MS:
            self._give_up()
        elif hindrance:
            if elapsed(now, self._hindered) >= WAITS[hindrance][1]:
                self._end(hindrance)
        elif self._watched(now):
            self._close_window(now, least_ma)
        return NO_LIMIT if self.done else self._limit_ma

    def state(self) -> dict:
        """For whoever shows it."""
        return {
            "step": self.says,
            "done": self.done,
            "works": self.works,
            "result": self.result,
            "conclusion": self.conclusion,
            "open": self.left_open,
            "seconds": self.seconds,
            "pairs": self.pairs,
            "charger_ma": self.charger_ma,
            "meter_ma": self.meter_ma,
        }

    # ---- what is in the way

    def _find_hindrance(self, connected, alone, least_ma):
        grid, own = self._grid, self._own
        if not grid.number or grid.stale or not own.number or own.stale:
            return METERS
        draw = max([abs(ma) for ma in own.current_ma])
        first, before = self._last is None, self._drawn_ma
        if not connected or (first and draw < NOTHING_MA):
            return CAR
        if not alone:
            return OTHERS
        if not self._high:
            return FOLLOW if draw > before - FOLLOWED_MA else None
        needed = least_ma + STEP_MA - SLACK_MA if first else before + FOLLOWED_MA
        return LITTLE if draw < needed else None

    def _tell(self, hindrance):
        if hindrance:
            self.says = WAITS[hindrance][0]
            return
        look = 1 if self._last is None else self.pairs + 2
        text = "offer at its high level" if self._high else "offer lowered"
        text += ": leave car and house as they are (look " + str(look) + " of " + str(LEAST_PAIRS + 1)
        self.says = text + (" or more)" if self.pairs < LEAST_PAIRS else ", more because loads change)")

    # ---- one window

    def _restart(self, now):
        self._steady_since = now
        self._readings = self._count = 0
        for index in range(6):
            self._sums[index] = 0
        for terminal in PHASES:
            self._draw[terminal] = abs(self._own.current_ma[terminal])

    def _watched(self, now):
        """Adds a new reading of a steady moment; True when there are enough."""
        grid, own, sums = self._grid, self._own, self._sums
        if grid.number == self._number:
            return False
        self._number = grid.number
        for terminal in PHASES:
            if abs(abs(own.current_ma[terminal]) - self._draw[terminal]) > MOVING_MA:
                self._restart(now)
                return False
        self._readings += 1
        steady_ms = elapsed(now, self._steady_since)
        if self._readings <= SETTLE_READINGS or steady_ms < SETTLE_MS:
            return False
        for phase in PHASES:
            sums[phase] += grid.current_ma[phase]
            sums[3 + phase] += abs(own.current_ma[phase])
        self._count += 1
        return self._count >= WATCH_READINGS and steady_ms >= SETTLE_MS + WATCH_MS

    def _close_window(self, now, least_ma):
        means = [total // self._count for total in self._sums]
        self._drawn_ma = max(means[3:])
        if self._last is None:
            self._high_limit_ma = max(least_ma + STEP_MA, (self._drawn_ma - SPARE_MA) // 1000 * 1000)
        else:
            self._compare(means, self._last)
        self._last = means
        if self.pairs >= LEAST_PAIRS and self._is_sure():
            self._judge()
        elif self.pairs >= MOST_PAIRS:
            self._give_up()
        else:
            self._high = not self._high
            self._limit_ma = self._high_limit_ma if self._high else least_ma
            self._tell(None)
            self._restart(now)

    def _compare(self, means, before):
        """How much higher all was in the high one of two windows that follow each other."""
        for index in range(6):
            rose = means[index] - before[index] if self._high else before[index] - means[index]
            self._totals[index] += rose
            if index < 3:
                self._least[index] = min(self._least[index], rose) if self.pairs else rose
                self._most[index] = max(self._most[index], rose) if self.pairs else rose
        self.pairs += 1
        for phase in PHASES:
            self.meter_ma[phase] = self._totals[phase] // self.pairs
            self.charger_ma[phase] = self._totals[3 + phase] // self.pairs

    def _is_sure(self):
        """Is the scatter small against the step? Of n values, the range divided by n is the error of their mean."""
        for phase in range(self._grid.phases):
            if 12 * (self._most[phase] - self._least[phase]) > self.pairs * max(self.charger_ma):
                return False
        return True

    # ---- the end

    def _judge(self):
        found = judge(
            self.charger_ma, self.meter_ma, self._phases, self._including, self._grid.directed, self._grid.phases
        )
        self.result, self.conclusion, self.left_open = found
        self.works = self.result == WORKS
        self._finish()

    def _give_up(self):
        self._end(RESTLESS if self.pairs >= LEAST_PAIRS else self._hindrance or UNSURE)

    def _end(self, result):
        self.result = result
        self.conclusion = WITHOUT[result]
        self._finish()

    def _finish(self):
        self.done = True
        self.says = "done"
