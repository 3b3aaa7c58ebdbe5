"""Writes what has to outlast a loss of power, one file at a time, when it delays nothing.

While flash is erased a small chip stands still for some 45 ms. So that comes right after a tick, while no frame is on
its way, and never twice within a second.
"""

from fairamp.units import elapsed

GAP_MS = 1000
# After a failure it is tried again so much later. Only what is new is told.
AGAIN_MS = 60000


class Keeper:
    """What is kept has `due(now)`: is something to be written? And `save()`, which may raise OSError."""

    def __init__(self, log, now: int):
        self._log = log
        self._kept: list = []
        self._last = now
        self._pause_ms = GAP_MS
        self.problem = ""  # what went wrong at the last writing; "" = nothing

    def add(self, kept, first: bool = False) -> None:
        """`first`: it goes before all others that were there."""
        self._kept.insert(0 if first else len(self._kept), kept)

    def step(self, now: int, heap=None) -> None:
        """To be called after each tick. `heap`: knows whether a frame is on its way; None = there are no lines."""
        if elapsed(now, self._last) < self._pause_ms or (heap and not heap.quiet()):
            return
        self._last = now
        for kept in self._kept:
            if kept.due(now):
                self._save(kept)
                return

    def finish(self, now: int) -> None:
        """Before a restart that was asked for: everything."""
        for kept in self._kept:
            while kept.due(now) or kept.changed():
                if not self._save(kept):
                    break

    def _save(self, kept):
        try:
            kept.save()
        except OSError as error:
            self._pause_ms = AGAIN_MS
            problem = "cannot be written (" + str(error) + "): energy and sessions since then are lost at a restart"
            if problem != self.problem:
                self._log("storage", problem + "; is the flash full, or worn out?")
            self.problem = problem
            return False
        if self.problem:
            self._log("storage", "can be written again")
        self._pause_ms, self.problem = GAP_MS, ""
        return True
