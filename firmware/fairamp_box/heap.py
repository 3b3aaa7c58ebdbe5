"""Garbage is collected when it is convenient: after a tick, while no frame is on its way on a serial line.

Left to itself a chip collects in the middle of whatever needs memory next, and that takes longer than a tick.
"""

import gc
import sys

from fairamp.units import elapsed

# The less is free, the sooner: this many bytes for each second, which is more than a busy box leaves behind.
BYTES_PER_S = 22000
SOONEST_MS = 1000
LATEST_MS = 4000
# A manager that has just been answered does not ask again at once: so long it is waited for that moment ...
BEST_MS = 1000
# ... which is that long ...
JUST_MS = 25
# ... and then for any that is quiet.
GOOD_MS = 500
SMALL_BYTES = 400000
EARLY_BYTES = 16384


def start_small() -> None:
    """While a small heap is filled, garbage goes early: late, it leaves holes too small for a table of names."""
    if hasattr(gc, "mem_free") and gc.mem_free() < SMALL_BYTES and hasattr(gc, "threshold"):
        gc.threshold(EARLY_BYTES)  # type: ignore[attr-defined]


def forget(modules) -> None:
    """Gives back the space of modules that were needed for the start only."""
    drop(modules)
    gc.collect()  # at once, so that what is loaded next does not lie between the remains


def for_making():
    """Modules that take space until all that the settings name is made."""
    from fairamp.meters import FAMILIES

    found = ["fairamp.meters." + family for family, _ in FAMILIES] + ["fairamp_box.meters.lines", "fairamp.features"]
    # Machine code that was text until it was made.
    found += [name for name in sys.modules if name.endswith("_viper")]
    return found + ["fairamp.meters.sources", "fairamp.meters", "board"]


def drop(modules) -> None:
    """Leaves modules to the next collection of garbage. Who needs one later imports it again."""
    for module in modules:
        package, _, name = module.rpartition(".")
        if sys.modules.pop(module, None) and package:
            delattr(sys.modules[package], name)


class Heap:
    """`lines`: serial lines that should be quiet; `served`: the one of them on which others ask, None = there is none.

    On CPython there is nothing to do.
    """

    def __init__(self, lines, served, now: int):
        self._lines = lines
        self._served = served
        self._last = now
        self._ours = hasattr(gc, "mem_free")
        if self._ours:
            gc.collect()
            free = gc.mem_free()  # type: ignore[attr-defined]
            self._period_ms = max(SOONEST_MS, min(free * 1000 // BYTES_PER_S, LATEST_MS))
            if hasattr(gc, "threshold"):
                gc.threshold(-1)

    def tidy(self, now: int) -> bool:
        """To be called after each tick. Was there something to do?"""
        if not self._ours:
            return False
        late = elapsed(now, self._last) - self._period_ms
        if late >= 0 and (late >= BEST_MS + GOOD_MS or self._is_quiet(now, late < BEST_MS)):
            gc.collect()
            self._last = now
            return True
        return False

    def quiet(self) -> bool:
        """Is no frame on its way?"""
        for line in self._lines:
            if not line.quiet():
                return False
        return True

    def _is_quiet(self, now, best):
        if not self.quiet():
            return False
        served = self._served
        if not best or served is None or served.ended is None:
            return True
        past = elapsed(now, served.ended)
        # Nobody asks any more, or has just been answered.
        return past < JUST_MS or past > LATEST_MS
