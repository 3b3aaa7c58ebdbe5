"""Current transformers: codes of a 12-bit converter become true RMS currents, in whole numbers, without garbage.

A window is 210 samples of each phase, 1050 per second: 10 cycles of 50 Hz or 12 of 60 Hz. At this rate the odd
harmonics of both fold back between the others, not onto them, so that the squares add up right without a filter.
"""

from array import array

from fairamp.meters.sieve import Doubt

RATE = 1050
WINDOW = 210
MIDDLE = 2048
# name -> ratio and rating in mA; the first for the clamps of wallboxes, the second as SCT-013-000 or FATS16L-100
CLAMPS = {"3000:1": (3000, 150000), "2000:1": (2000, 100000)}
TOP = 1 << 28
# Noise has no more than 10 codes: beyond that, something flows.
LOUDEST = WINDOW * 10 * 10
# Cycles that come back after a whole number of samples: one of 50 Hz, two of 60 Hz.
LAGS = (RATE // 50, 2 * RATE // 60)


def most_ma(kind, burden_mohm, span_mv, ends):
    """What such clamps can show: what a sine fills from peak to peak, 2828 per 1000, and at most their rating."""
    ratio, rating_ma = CLAMPS[kind]
    low, high = ends
    return min(rating_ma, (high - low) * ratio * span_mv * 1000 // (4096 * burden_mohm) * 1000 // 2828)


class Clips(Doubt):
    kind = "clips"


class NoBias(Doubt):
    kind = "no bias voltage"


class Flowing(Doubt):
    """The zero cannot be found while current flows."""

    kind = "current flows"


def _add_up(codes, start, count, sums):
    """Adds codes[start : start + count], counted from MIDDLE, to [sum, sum of squares, least code, highest code].

    The squares of up to 255 samples stay below 2 ** 30, the largest number that is no object on a small chip.
    """
    total, squares = sums[0], sums[1]
    least, most = sums[2], sums[3]
    for index in range(start, start + count):
        code = codes[index]
        if code < least:
            least = code
        if code > most:
            most = code
        code -= MIDDLE
        total += code
        squares += code * code
    sums[0] = total
    sums[1] = squares
    sums[2] = least
    sums[3] = most


def _differences(codes, start, count, lag):
    """Sum of the squares of what each sample and the one `lag` later differ."""
    squares = 0
    for index in range(start, start + count):
        step = codes[index] - codes[index + lag]
        squares += step * step
    return squares


def _products(codes, start, count, lag):
    """Sum of the products of each sample and the one `lag` later, counted from MIDDLE."""
    total = 0
    for index in range(start, start + count):
        total += (codes[index] - MIDDLE) * (codes[index + lag] - MIDDLE)
    return total


# SLICE: samples that are looked at in one go, about 2 ms on a small chip; WINDOW is a multiple of it.
try:
    from fairamp.meters.clamps_viper import add_up, differences, products

    SLICE = WINDOW
except (NameError, SyntaxError):
    add_up, differences, products = _add_up, _differences, _products
    SLICE = 42


def root(square):
    """Whole square root of a number below 2 ** 30."""
    found = 0
    bit = TOP
    while bit:
        if square >= found + bit:
            square -= found + bit
            found = (found >> 1) + bit
        else:
            found >>= 1
        bit >>= 2
    return found


class Clamps:
    """`count` clamps, from L1 on, and the current of each; the codes come phase after phase.

    `span_mv` is what 4096 codes are, `ends` the codes beyond which the converter cannot see. Per phase: `trim` in
    0.1 %, and `floor_ma`, the noise that is there without current.
    """

    def __init__(self, count, kind, burden_mohm, span_mv, ends, trim, floor_ma):
        ratio = CLAMPS[kind][0]
        self.count = count
        self.current_ma = [0, 0, 0]
        self.squares = [0, 0, 0]  # of the deviations from the mean, added up over the last window
        self.means = [0, 0, 0]  # of that window, counted from MIDDLE
        self.rests = [0, 0, 0]  # what all its samples together are more than so often the mean
        self.floor = [0, 0, 0]  # squares that are noise
        # mA of one code are up / down.
        self._up = [ratio * span_mv * (1000 + percent) for percent in trim]
        self._down = 4096 * burden_mohm
        self.resolution_ma = self._up[0] // self._down
        low, high = ends
        self._ends = ends
        self._bias = (low + (high - low) * 3 // 10, low + (high - low) * 7 // 10)
        self.most_ma = most_ma(kind, burden_mohm, span_mv, ends)
        self._shift = [_shift(up, self._down) for up in self._up]
        self._gain = [(up << shift) // self._down for up, shift in zip(self._up, self._shift)]
        self._sums = array("i", [0, 0, 0, 0])
        self.subtract(floor_ma)

    def subtract(self, floor_ma) -> None:
        """From now on this is what noise alone shows on each phase."""
        for phase in range(3):
            # The squares of so many samples of noise vary by a tenth: so much more, and nothing shows as nothing.
            squares = WINDOW * (floor_ma[phase] * self._down) ** 2 // self._up[phase] ** 2
            self.floor[phase] = squares * 11 // 10

    def take(self, phase: int, codes, start: int, count: int) -> None:
        """Looks at some samples of a phase; the last of the window make its current, or raise a Doubt."""
        sums = self._sums
        if start == 0:
            sums[0] = sums[1] = sums[3] = 0
            sums[2] = 65535
        add_up(codes, phase * WINDOW + start, count, sums)
        if start + count == WINDOW:
            self._finish(phase, sums[0], sums[1])

    def _finish(self, phase, total, squares):
        mean = total // WINDOW
        rest = total - WINDOW * mean
        squares -= mean * (WINDOW * mean + 2 * rest) + rest * rest // WINDOW
        self.squares[phase] = squares
        self.means[phase] = mean
        self.rests[phase] = rest
        floor = self.floor[phase]
        current = self.rms_ma(phase, squares - floor if squares > floor else 0)
        self._check(phase, MIDDLE + mean, current)
        self.current_ma[phase] = current

    def _check(self, phase, mean, current):
        if not self._bias[0] <= mean <= self._bias[1]:
            low, high = self._ends
            at = (mean - low) * 100 // (high - low)
            raise NoBias(
                "L" + str(phase + 1) + ": no bias voltage, the input rests at " + str(at) + " %; check the wiring"
            )
        if self._sums[2] <= self._ends[0] or self._sums[3] >= self._ends[1]:
            text = "L" + str(phase + 1) + " clips: " + str(current // 1000) + " A are more than this clamp and burden"
            raise Clips(text + " can show (at most " + str(self.most_ma // 1000) + " A); use a smaller burden")

    def rms_ma(self, phase: int, squares: int) -> int:
        """The current whose squares, in codes, add up to this over a window."""
        if squares <= 0:
            return 0
        up = 0
        while squares < TOP:
            squares <<= 2
            up += 1
        squares //= WINDOW
        while squares < TOP:
            squares <<= 2
            up += 1
        return root(squares) * self._gain[phase] >> (up + self._shift[phase])

    def fill(self, draft) -> None:
        """The currents of the last window; which way they flow, no clamp can tell."""
        draft.phases = self.count
        draft.resolution_ma = self.resolution_ma
        for phase in range(self.count):
            draft.current_ma[phase] = self.current_ma[phase]


def _shift(up, down):
    """Makes the gain a number of 15 bits: its product with a root of 15 bits is still below 2 ** 30."""
    shift = 0
    while (up << shift) // down < 1 << 14:
        shift += 1
    return shift


class Zero:
    """The noise of clamps that are connected, but around no cable; give it every window that `clamps` has taken.

    What repeats with the mains is a current, and no noise: from one cycle to the next, only noise makes a difference.
    """

    def __init__(self, clamps):
        self._clamps = clamps
        self._squares = [0, 0, 0]
        self._differences = [[0, 0, 0], [0, 0, 0]]
        self._windows = 0

    def take(self, phase: int, codes, start: int, count: int) -> None:
        if start == 0:
            squares = self._clamps.squares[phase]
            if squares > LOUDEST:
                self._refuse(phase, squares)
            self._squares[phase] += squares
            self._windows += phase == 0
        for index in (0, 1):
            lag = LAGS[index]
            pairs = min(count, WINDOW - lag - start)
            if pairs > 0:
                self._differences[index][phase] += differences(codes, phase * WINDOW + start, pairs, lag)

    def floor_ma(self):
        """What noise alone shows on each phase; Flowing when it is not noise alone."""
        floors = [0, 0, 0]
        for phase in range(self._clamps.count):
            squares = self._squares[phase] // self._windows
            for lag, sums in zip(LAGS, self._differences):
                noise = sums[phase] // self._windows * WINDOW // (2 * (WINDOW - lag))
                # A converter that wavers between two codes looks like this, too.
                if squares - noise > max(squares // 8, WINDOW // 4):
                    self._refuse(phase, squares - noise)
            floors[phase] = self._clamps.rms_ma(phase, squares)
        return floors

    def _refuse(self, phase, squares):
        tenths = (self._clamps.rms_ma(phase, squares) + 50) // 100
        amps = str(tenths // 10) + "." + str(tenths % 10)
        raise Flowing("L" + str(phase + 1) + ": " + amps + " A flow; take the clamp off the cable, then try again")
