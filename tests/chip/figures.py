"""What becomes of many measured values: the middle, the 99 % mark, the longest."""

from collections.abc import Sequence
from itertools import pairwise


def rank(values: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def median(values: Sequence[float]) -> float:
    return rank(values, 0.5)


def p99(values: Sequence[float]) -> float:
    return rank(values, 0.99)


def intervals(times: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]
