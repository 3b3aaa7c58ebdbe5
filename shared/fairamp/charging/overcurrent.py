"""Does the car draw more than it was offered? Compared with what was signalled, after the time a car has to follow.

Where nothing but its own offer is exceeded, it is waited for. Where the fuse is, it is stopped when that time is over.
"""

from fairamp.units import Held, age, elapsed, later

# The standard gives a car 5 s to follow; the window may begin anywhere in a second.
WINDOW_S = 6
# What meters of charger and car may differ.
MARGIN_MA = 500
MARGIN_PERCENT = 5
# So long above, and it is no spike.
PERSIST_MS = 3000
PAUSE_MS = 300000
# With the fuse over, half the margin is enough: an offer that fell by little would not show who does not follow.
HURRY = 2
FOLLOW_MS = 6000
# What was read so long after that began counts: a slow meter tells nothing more in time.
READ_MS = 4700
# A car that is still on its way down falls by more than meters jitter, from one reading to the next.
FALLS_MA = 300


class OverCurrent:
    """Watches one car. `above`: the last reading shows too much; `paused`: stopped for it, and perhaps `at_once`.

    `over`: what it draws beyond its offer is too much for the fuse, as others see it.
    """

    def __init__(self):
        self.over = False
        self._highest = [0] * WINDOW_S  # offer of each of the last seconds
        self._second = None  # when the last of these seconds began; None = never
        self._readings = 0  # fresh ones in a row that were above
        self._since = 0  # when the first of them came
        self._pause = Held()  # it is paused
        self._drawn_ma = 0  # at the last reading ...
        self._before_ma = 0  # ... and at the one before
        self._ignores = Held()  # the fuse is over, it draws more than its offer and does not come down
        self._ignored_ma = 0  # the most that it was offered since then
        self._told = False  # was the last reading late enough to show that?
        self.above = False
        self.paused = False
        self.at_once = False  # for the fuse: this car has had its time, so the contactor does not wait for it once more
        self.count = 0  # pauses since the start
        self.allowed_ma = 0  # when it was paused last, and ...
        self.draw_ma = 0  # ... what the car drew instead

    def step(self, now: int, offer_ma: int, draw_ma: int, fresh: bool, read_at: int) -> None:
        """`offer_ma` as signalled, `draw_ma` of the strongest phase; judged when it comes from a fresh reading.

        `read_at`: when that was taken.
        """
        self._remember(now, offer_ma)
        if self._pause.ms(now, self.paused) >= PAUSE_MS:
            # It is judged anew, by readings to come.
            self._pause.ms(now, False)
            self.paused = self.at_once = self._told = False
            self._readings = self._drawn_ma = self._before_ma = 0
        if fresh:
            self._before_ma, self._drawn_ma = self._drawn_ma, draw_ma
        self._hurry(now, offer_ma, age(now, read_at), fresh)
        if fresh:
            self._judge(now, draw_ma)

    def _hurry(self, now, offer_ma, age_ms, fresh):
        """The fuse is over: who has had his time, and has not come down from one reading to the next, is cut off."""
        drawn, before = self._drawn_ma, self._before_ma
        more = self.over and drawn > offer_ma + _margin(offer_ma) // HURRY
        ignores = more and drawn >= before - FALLS_MA
        ms = self._ignores.ms(now, ignores)
        self._ignored_ma = max(self._ignored_ma, offer_ma) if ignores else 0
        if fresh:
            self._told = ms - age_ms >= READ_MS
        # With nothing offered in all that time, the contactor is about to open.
        if ms >= FOLLOW_MS and self._told and self._ignored_ma and not self.at_once:
            self.at_once = True
            if not self.paused:
                self._stop(self._ignored_ma)

    def _most(self):
        """What was offered at most while a car has to follow."""
        allowed = 0
        for ma in self._highest:
            if ma > allowed:
                allowed = ma
        return allowed

    def _stop(self, allowed):
        self.paused = True
        self.count += 1
        self.allowed_ma, self.draw_ma = allowed, self._drawn_ma

    def _judge(self, now, draw_ma):
        allowed = self._most()
        self.above = draw_ma > allowed + _margin(allowed)
        # With nothing offered in the whole window, the contactor is open or about to be.
        if not self.above or not allowed or self.paused:
            self._readings = 0
            return
        if not self._readings:
            self._since = now
        self._readings += 1
        if self._readings > 1 and elapsed(now, self._since) >= PERSIST_MS:
            self._stop(allowed)

    def forget(self) -> None:
        """The car is gone."""
        self.above = self.paused = self.at_once = self._told = False
        self._readings = self._drawn_ma = self._before_ma = 0
        for index in range(WINDOW_S):
            self._highest[index] = 0

    def _remember(self, now, offer_ma):
        highest = self._highest
        if self._second is None:
            self._second = now
        past = elapsed(now, self._second) // 1000
        if past:
            self._second = later(self._second, 1000 * past)
            for _ in range(min(past, WINDOW_S)):
                for index in range(WINDOW_S - 1, 0, -1):
                    highest[index] = highest[index - 1]
                highest[0] = 0
        if offer_ma > highest[0]:
            highest[0] = offer_ma


def _margin(allowed_ma):
    return allowed_ma * MARGIN_PERCENT // 100 + MARGIN_MA
