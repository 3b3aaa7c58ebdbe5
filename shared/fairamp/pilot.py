"""The control pilot after IEC 61851-1: duty from current and back, and what the car says with voltage.

A duty is counted in 1/100 %. Currents are rounded so that a car is never told more than was meant.
"""

STEADY = 10000  # +12 V, state x1: no offer
NOT_AVAILABLE = 0  # -12 V, state F
DIGITAL = 500  # "talk to me digitally": no offer without a digital link

LEAST_MA = 6000
MOST_MA = 80000

# The high level that the car's resistor leaves, in mV; between two states the middle decides.
LETTERS = "ABCDE"
BORDERS = (10500, 7500, 4500, 1500)
# A level has to pass a border by this much to change the letter.
HYSTERESIS_MV = 250
# The low half of the wave, where only the diode of a car leaves the full -12 V.
DIODE_MV = -10000
# Between the lowest high level and the low one.
MIDDLE_MV = -4000
# Samples that make a level; of a half that should show three times as many, none at all is an answer too.
FEWEST = 8
# The low half need only show that there is a diode; at 80 A it is 4 % of the wave.
FEWEST_LOW = 4
EXPECTED = 24


def duty(ma: int) -> int:
    """Duty that offers this current; no offer below 6 A."""
    if ma < LEAST_MA:
        return STEADY
    if ma <= 51000:
        return ma // 6
    # The two rules of the standard do not meet: from 51 to 52.5 A, it stays 51 A.
    return max(8500, min(ma, MOST_MA) // 25 + 6400)


def current(duty: int) -> int:
    """Current in mA that a car may read from a duty; 0 = it must not draw."""
    if duty < 800 or duty > 9700:
        return 0
    if duty <= 1000:
        return LEAST_MA
    if duty <= 8500:
        return duty * 6
    if duty <= 9600:
        return (duty - 6400) * 25
    return MOST_MA


def letter(high_mv: int, before: str) -> str:
    """State letter of a high level, given the letter so far."""
    for index in range(4):
        border = BORDERS[index]
        # Towards the side where we are, the border is wider.
        if before <= LETTERS[index]:
            border -= HYSTERESIS_MV
        else:
            border += HYSTERESIS_MV
        if high_mv > border:
            return LETTERS[index]
    return "E"


class Levels:
    """High and low level of the line, from samples taken at any moment of the wave."""

    def __init__(self):
        self.high_mv = 0
        self.low_mv = 0
        self.known = False

    def take(self, samples, count: int, duty: int) -> None:
        """Sorts the list of samples; `known` tells whether they suffice for the wave of this duty.

        Each level is the median of its half: spikes of a converter and edges do not reach the middle.
        """
        self.known = False
        if count != len(samples):
            return
        samples.sort()
        low = 0
        while low < count and samples[low] < MIDDLE_MV:
            low += 1
        high = count - low
        high_expected = count * duty // STEADY
        low_expected = count - high_expected
        if not _enough(high, high_expected, FEWEST) or not _enough(low, low_expected, FEWEST_LOW):
            return
        self.known = True
        if high >= FEWEST:
            self.high_mv = samples[low + high // 2]
        if low >= FEWEST_LOW:
            self.low_mv = samples[low // 2]
        if high < FEWEST:
            self.high_mv = self.low_mv
        elif low < FEWEST_LOW:
            self.low_mv = self.high_mv

    def diode(self) -> bool:
        """Does the low half show a diode? Of a switching line only."""
        return self.low_mv < DIODE_MV


def _enough(found, expected, fewest):
    return found >= fewest or expected < 1 or (found < fewest // 2 and expected >= EXPECTED)


# Resistance between proximity contact and earth, in ohm, and what the cable may carry, in mA.
CABLES = ((80, 140, 63000), (164, 308, 32000), (400, 936, 20000), (1100, 2460, 13000))
NO_CABLE_OHM = 4500
NO_CABLE = 0
CABLE_FAULT = -1


def cable(ohm: int) -> int:
    """What a plugged cable may carry in mA; NO_CABLE, or CABLE_FAULT for what no cable has."""
    if ohm >= NO_CABLE_OHM:
        return NO_CABLE
    for low, high, ma in CABLES:
        if low <= ohm <= high:
            return ma
    return CABLE_FAULT
