"""Less current when the box gets warm, none when it is hot."""

from fairamp.charging.limits import NO_LIMIT
from fairamp.charging.pilot import LEAST_MA

# After stopping, it has to be this much cooler, in 0.1 degrees.
RETURN_DC = 50


class Derating:
    """Temperatures in 0.1 degrees Celsius: warn, begin to reduce, stop."""

    def __init__(self, warn_dc: int, reduce_dc: int, stop_dc: int, most_ma: int):
        self._warn = warn_dc
        self._reduce = reduce_dc
        self._stop = stop_dc
        self.most_ma = most_ma
        self.warm = False  # warned; ends a little below where it began
        self.hot = False  # stopped; likewise

    def limit(self, dc: int) -> int:
        """What the temperature allows in mA: in a straight line from the maximum down to 6 A."""
        self.warm = dc >= self._warn - (RETURN_DC if self.warm else 0)
        self.hot = dc >= self._stop - (RETURN_DC if self.hot else 0)
        if self.hot:
            return 0
        if dc <= self._reduce:
            return NO_LIMIT
        left = self._stop - dc
        if left < 0:
            left = 0
        return LEAST_MA + (self.most_ma - LEAST_MA) * left // (self._stop - self._reduce) // 1000 * 1000
