"""The highest house of the last quarter of an hour: so much is to be expected when its meter is lost."""

from array import array

from fairamp.units import PHASES, elapsed

# Forgotten part by part: what was seen is kept for 15 to 20 minutes.
PARTS = 4
PART_MS = 300000


class Highest:
    """Kept as what was seen: it is put together only when the meter is lost."""

    def __init__(self):
        self._parts = array("i", [0] * (3 * PARTS))  # of each phase the highest of each part, the newest first
        self._since: "int | None" = None  # when the newest part began; None = nothing was seen yet

    def see(self, now: int, house_ma) -> None:
        """A reading of the house."""
        parts = self._parts
        begins = self._since is None or elapsed(now, self._since) >= PART_MS
        if begins:
            self._since = now
            for at in range(len(parts) - 1, 2, -1):
                parts[at] = parts[at - 3]
        for phase in PHASES:
            parts[phase] = house_ma[phase] if begins else max(parts[phase], house_ma[phase])

    def ma(self, phase: int) -> int:
        return max([self._parts[at] for at in range(phase, len(self._parts), 3)])
