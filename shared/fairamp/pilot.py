"""The control pilot after IEC 61851-1: duty from current, and what the car says from voltage.

A duty is counted in 1/100 %: 10000 is a steady +12 V (no offer), 0 a steady -12 V (not available).
"""

STEADY = 10000
NOT_AVAILABLE = 0

# The high level that the car's resistor leaves, in mV: between two states the middle decides.
STATES = (("A", 10500), ("B", 7500), ("C", 4500), ("D", 1500))
# The low half proves the diode of a car.
LOW_ENOUGH_MV = -10000
FEWEST = 8


def duty(ma: int) -> int:
    """Duty that offers this current, rounded down; no offer below 6 A."""
    if ma < 6000:
        return STEADY
    if ma <= 51000:
        return ma // 6
    return min(ma, 80000) * 2 // 50 + 6400


def state(high_mv: int) -> str:
    """State letter of a high level; E when the line is dragged to zero."""
    for letter, above in STATES:
        if high_mv > above:
            return letter
    return "E"


class Levels:
    """High and low level of the line, from samples taken at any moment."""

    def __init__(self):
        self.high_mv = 0
        self.low_mv = 0
        self.known = False

    def take(self, samples, count: int, switching: bool) -> None:
        """Sorts the samples in place; `known` tells whether they suffice. A switching line shows both levels."""
        samples.sort()
        low = 0
        while low < count and samples[low] < -3000:
            low += 1
        high = count - low
        if switching:
            self.known = low >= FEWEST and high >= FEWEST
        else:
            self.known = low >= FEWEST or high >= FEWEST
        if low:
            self.low_mv = samples[low // 2]
        if high:
            self.high_mv = samples[low + high // 2]
        else:
            self.high_mv = self.low_mv
