"""Does the car draw more than it was offered? Compared with what was signalled, after the time a car has to follow."""

from fairamp.units import Held, elapsed, later

# The standard gives a car 5 s to follow; the window may begin anywhere in a second.
WINDOW_S = 6
# What meters of charger and car may differ.
MARGIN_MA = 500
MARGIN_PERCENT = 5
# So long above, and it is no spike.
PERSIST_MS = 3000
PAUSE_MS = 300000


class OverCurrent:
    """Watches one car. `above`: the last reading shows too much; `paused`: stopped for it."""

    def __init__(self):
        self._highest = [0] * WINDOW_S  # offer of each of the last seconds
        self._second = None  # when the last of these seconds began; None = never
        self._readings = 0  # fresh ones in a row that were above
        self._since = 0  # when the first of them came
        self._pause = Held()  # it is paused
        self.above = False
        self.paused = False
        self.count = 0  # pauses since the start
        self.allowed_ma = 0  # when it was paused last, and ...
        self.draw_ma = 0  # ... what the car drew instead

    def step(self, now: int, offer_ma: int, draw_ma: int, fresh: bool) -> None:
        """`offer_ma` as signalled, `draw_ma` of the strongest phase; judged when it comes from a fresh reading."""
        self._remember(now, offer_ma)
        if self._pause.ms(now, self.paused) >= PAUSE_MS:
            self.paused = False
            self._readings = 0
        if fresh:
            self._judge(now, draw_ma)

    def _judge(self, now, draw_ma):
        allowed = 0
        for ma in self._highest:
            if ma > allowed:
                allowed = ma
        self.above = draw_ma > allowed + allowed * MARGIN_PERCENT // 100 + MARGIN_MA
        # With nothing offered in the whole window, the contactor is open or about to be.
        if not self.above or not allowed or self.paused:
            self._readings = 0
            return
        if not self._readings:
            self._since = now
        self._readings += 1
        if self._readings > 1 and elapsed(now, self._since) >= PERSIST_MS:
            self.paused = True
            self.count += 1
            self.allowed_ma, self.draw_ma = allowed, draw_ma

    def forget(self) -> None:
        """The car is gone."""
        self.above = self.paused = False
        self._readings = 0
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
