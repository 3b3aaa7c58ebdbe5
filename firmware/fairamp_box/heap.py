"""Garbage is collected when it is convenient: after a tick, while no frame is on its way on a serial line.

Left to itself a chip collects in the middle of whatever needs memory next, and that takes longer than a tick.
"""

import gc

from fairamp.units import elapsed

PERIOD_MS = 1000
# A line that is never quiet delays it no longer than this.
PATIENCE_MS = 500
SMALL_BYTES = 400000
EARLY_BYTES = 16384


def start_small() -> None:
    """While a small heap is filled, garbage goes early: late, it leaves holes too small for a table of names."""
    if hasattr(gc, "mem_free") and gc.mem_free() < SMALL_BYTES and hasattr(gc, "threshold"):
        gc.threshold(EARLY_BYTES)  # type: ignore[attr-defined]


class Heap:
    """`lines`: serial lines that should be quiet. On CPython there is nothing to do."""

    def __init__(self, lines, now: int):
        self._lines = lines
        self._last = now
        self._ours = hasattr(gc, "mem_free")
        if self._ours:
            gc.collect()
            if hasattr(gc, "threshold"):
                gc.threshold(-1)

    def tidy(self, now: int) -> None:
        """To be called after each tick."""
        past = elapsed(now, self._last)
        if past < PERIOD_MS or not self._ours:
            return
        if past < PERIOD_MS + PATIENCE_MS:
            for line in self._lines:
                if not line.quiet():
                    return
        gc.collect()
        self._last = now
