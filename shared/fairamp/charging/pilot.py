"""The control pilot after IEC 61851-1: duty from current and back, and what the car says with voltage.

A duty is counted in 1/100 %. Currents are rounded so that a car is never told more than was meant.
"""

from array import array

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
NO_MV = 1000000
# What the divider of every board makes of the line: its millivolts at code 0 of the converter, and those of 4096 codes
# of a converter for 3.3 V.
ZERO_MV = -14667
SPAN_MV = 35967
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


def span(letter: str):
    """(above, up to): the levels that leave this letter what it is."""
    index = LETTERS.index(letter)
    above = BORDERS[index] - HYSTERESIS_MV if index < 4 else -NO_MV
    return above, BORDERS[index - 1] + HYSTERESIS_MV if index else NO_MV


def code(mv: int, span_mv: int = SPAN_MV) -> int:
    """What a converter makes of these millivolts on the line."""
    return ((mv - ZERO_MV) << 12) // span_mv


def _halves(codes, border, bins, found):
    """found = [how many codes are at the border or above, their median, the median of the others]."""
    ordered = sorted(codes)
    low, end = 0, len(ordered)
    while low < end:
        middle = (low + end) // 2
        if ordered[middle] < border:
            low = middle + 1
        else:
            end = middle
    high = len(ordered) - low
    found[0] = high
    found[1] = ordered[low + high // 2] if high else 0
    found[2] = ordered[low // 2] if low else 0


try:
    from fairamp.charging.pilot_viper import halves
except (ImportError, NameError, SyntaxError):
    halves = _halves


class Levels:
    """High and low level of the line, from samples taken at any moment of the wave."""

    def __init__(self):
        self.high_mv = 0  # what the car makes of +12 V ...
        self.low_mv = 0  # ... and of -12 V, while there is a wave
        self.known = False  # did the last samples show a line at all?
        self._bins = bytearray(192)  # how many samples are of each level; used anew at each look
        self._found = array("H", (0, 0, 0))  # what the loop over them returns, without garbage
        self.calibrate(SPAN_MV)

    def calibrate(self, span_mv: int) -> None:
        """Millivolts of the line that are 4096 codes of this board's converter."""
        self._span_mv = span_mv
        self._border = code(MIDDLE_MV, span_mv) & ~63

    def charging(self):
        """In codes: the border between the halves of the wave, and what the high one stays between in C and D."""
        bottom, top = BORDERS[3] - HYSTERESIS_MV, BORDERS[1] + HYSTERESIS_MV
        return self._border, code(bottom, self._span_mv), code(top, self._span_mv)

    def _mv(self, code):
        return (code * self._span_mv >> 12) + ZERO_MV

    def take(self, codes, count: int, duty: int) -> None:
        """Looks at an array of codes; `known` tells whether they suffice for the wave of this duty.

        Each level is the median of its half: spikes of a converter and edges do not reach the middle.
        """
        self.known = False
        if count != len(codes):
            return
        found = self._found
        halves(codes, self._border, self._bins, found)
        high = found[0]
        low = count - high
        expected = count * duty // STEADY
        if high < FEWEST and not _enough(high, expected, FEWEST):
            return
        if low < FEWEST_LOW and not _enough(low, count - expected, FEWEST_LOW):
            return
        self.known = True
        if high >= FEWEST:
            self.high_mv = self._mv(found[1])
        if low >= FEWEST_LOW:
            self.low_mv = self._mv(found[2])
        if high < FEWEST:
            self.high_mv = self.low_mv
        elif low < FEWEST_LOW:
            self.low_mv = self.high_mv

    def diode(self) -> bool:
        """Does the low half show a diode? Of a switching line only."""
        return self.low_mv < DIODE_MV


def _enough(found, expected, fewest):
    """Of less than the fewest: is that an answer?"""
    return expected < 1 or (found < fewest // 2 and expected >= EXPECTED)


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
