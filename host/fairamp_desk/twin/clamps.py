"""Clamps around the conductors of a simulated house, and the converter behind them: currents in, codes out."""

import bisect
import math
import random
from array import array
from collections.abc import Sequence
from itertools import accumulate

from fairamp.meters.clamps import RATE, WINDOW

WINDOW_MS = 1000 * WINDOW // RATE
CODES = 4096
NOISE_CODES = 1.5
HARMONICS = (3, 5, 7, 9, 11, 13, 15)
# The bias is where two resistors of 5 % put it, and it drifts.
BIAS = (0.4, 0.6)
DRIFT_CODES = 2
# Four codes of an RP2040 are that much wider than the others (its erratum E11).
WIDE_CODES = (512, 1536, 2560, 3584)
WIDTH = 9.9


class ClampInputs:
    """`count` clamps from L1 on. `distortion`: all harmonics together, as a part of the fundamental wave."""

    def __init__(
        self,
        count: int,
        seed: int,
        *,
        ratio: int = 3000,
        burden: float = 22,
        hertz: float = 50,
        distortion: float = 0.2,
        bias: tuple[float, float] = BIAS,
        wide_codes: bool = False,
        together: bool = False,
    ):
        """`together`: all waves of 50 or 60 Hz begin at the same moment, as on one phase."""
        self._random = random.Random(seed)
        self._codes_per_ma = burden / ratio * CODES / 3300
        self._shapes = [self._shape(hertz, distortion, together) for _ in range(count)]
        self._bias = [CODES * self._random.uniform(*bias) for _ in range(count)]
        self._ends = _ends() if wide_codes else None
        self._last: int | None = None

    def due(self, ms: int) -> bool:
        """Has another window passed by the moment `ms`?"""
        if self._last is not None and 0 <= ms - self._last < WINDOW_MS:
            return False
        self._last = ms
        return True

    def window(self, currents_ma: Sequence[int]) -> array:
        """The samples of one window, phase after phase."""
        codes = array("H")
        for phase, shape in enumerate(self._shapes):
            size = currents_ma[phase] * self._codes_per_ma
            drift = self._random.uniform(-DRIFT_CODES, DRIFT_CODES) / WINDOW
            for at in shape:
                self._bias[phase] += drift
                codes.append(self._code(self._bias[phase] + size * at + self._random.gauss(0, NOISE_CODES)))
        return codes

    def _code(self, level):
        if self._ends is not None:
            return min(bisect.bisect(self._ends, level), CODES - 1)
        return max(0, min(int(level), CODES - 1))

    def _shape(self, hertz, distortion, together):
        """The samples of a wave whose true RMS is 1."""
        sizes = [self._random.random() for _ in HARMONICS]
        scale = distortion / math.hypot(*sizes)
        parts = [(1, 1.0)] + [(harmonic, scale * size) for harmonic, size in zip(HARMONICS, sizes, strict=True)]
        waves = [(2 * math.pi * hertz / RATE * harmonic, size, 7 * self._random.random()) for harmonic, size in parts]
        if together:
            waves[0] = (*waves[0][:2], 0)
        rms = math.hypot(1, distortion) / math.sqrt(2)
        return [sum(size * math.sin(step * at + phase) for step, size, phase in waves) / rms for at in range(WINDOW)]


def _ends() -> list[float]:
    """The level at which each code ends; all of them together fill the span."""
    widths = [WIDTH if code in WIDE_CODES else 1.0 for code in range(CODES)]
    scale = CODES / sum(widths)
    return [scale * end for end in accumulate(widths)]
