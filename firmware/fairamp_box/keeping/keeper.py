"""Writes what has to outlast a loss of power, one file at a time, when it delays nothing.

While flash is erased a small chip stands still for some 45 ms. So that comes right after a tick, while no frame is on
its way, and never twice within a second.
"""

from fairamp.units import elapsed

GAP_MS = 1000
# After a failure it is tried again so much later. Only what is new is told.
AGAIN_MS = 60000


class Keeper:
    """What is kept has `due(now)`: is something to be written now? `changed()`: would a restart lose something else?
    And `save()`, which may raise OSError.
    """

    def __init__(self, log, now: int):
        self._log = log
        self._kept: list = []
        self._last = now
        self.problem = ""  # what went wrong at the last writing; "" = nothing

    def add(self, kept, first: bool = False) -> None:
        """`first`: it goes before all others that were there."""
        self._kept.insert(0 if first else len(self._kept), Part(kept))

    def step(self, now: int, heap=None) -> None:
        """To be called after each tick. `heap`: knows whether a frame is on its way; None = there are no lines."""
        if elapsed(now, self._last) < GAP_MS or (heap and not heap.quiet()):
            return
        self._last = now
        for part in self._kept:
            # One that cannot be written keeps no other one from it.
            if part.may(now) and part.kept.due(now):
                self._save(part, now)
                return

    def finish(self, now: int) -> None:
        """Before a restart that was asked for: everything."""
        for part in self._kept:
            while part.kept.due(now) or part.kept.changed():
                if not self._save(part, now):
                    break

    def _save(self, part, now):
        try:
            part.kept.save()
        except MemoryError:
            part.since = now
            return False
        except Exception as error:
            part.since = now
            problem = "cannot be written (" + str(error) + "): energy and sessions since then are lost at a restart"
            if problem != self.problem:
                self._log("storage", problem + "; is the flash full, or worn out?")
            self.problem = problem
            return False
        part.since = None
        if self.problem and not [other for other in self._kept if other.since is not None]:
            self._log("storage", "can be written again")
            self.problem = ""
        return True


class Part:
    """One thing that is kept, and when it could not be written; None = it could."""

    def __init__(self, kept):
        self.kept = kept
        self.since: "int | None" = None

    def may(self, now):
        return self.since is None or elapsed(now, self.since) >= AGAIN_MS
