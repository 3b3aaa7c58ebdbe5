"""What the companion on the chip marks: the parts of a tick, with the times at which they begin and end."""

from tests.chip.companion_mail import FEED, MARKS, PILOT
from tests.chip.pico import Pico


class Marks:
    """`parts[number]` are (began, took) of each time a part ran; `ticks` reach from the pilot to the watchdog."""

    def __init__(self, pico: Pico) -> None:
        self.pico = pico
        self.parts: dict[int, list[tuple[float, float]]] = {}
        self.ticks: list[tuple[float, float]] = []
        self._began: dict[int, float] = {}
        pico.chip.watchdog.on_scratch = self._marked

    def _marked(self, number: int, value: int) -> None:
        if number != MARKS:
            return
        now, part = self.pico.ms, value & ~1
        if not value & 1:
            self._began[part] = now
        elif part in self._began:
            began = self._began.pop(part)
            self.parts.setdefault(part, []).append((began, now - began))
            if part == FEED and self.parts.get(PILOT):
                first = self.parts[PILOT][-1][0]
                if not self.ticks or self.ticks[-1][0] != first:
                    self.ticks.append((first, now - first))

    def costs(self, part: int) -> list[float]:
        return [took for _, took in self.parts.get(part, ())]
