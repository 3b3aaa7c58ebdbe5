"""What the house draws over time."""

from fairamp_desk.site import Settings


class House:
    """Loads that follow one another; nothing before the first."""

    def __init__(self, loads: list[Settings]):
        self._loads = loads
        self._next = 0
        self.current_ma = [0, 0, 0]

    def next_change(self) -> int | None:
        """When it draws something else, in ms since the start."""
        return self._loads[self._next]["load.at"] if self._next < len(self._loads) else None

    def advance(self, ms: int) -> None:
        """`ms` since the start."""
        while self._next < len(self._loads) and self._loads[self._next]["load.at"] <= ms:
            self.current_ma = list(self._loads[self._next]["load.amps"])
            self._next += 1
