"""Whose turn it is to pause when the minimum currents do not all fit."""

from fairamp.units import elapsed


class Turns:
    """Counts who waited. `number`: of the turn. `changed`: it has just begun. `waiting`: somebody does."""

    def __init__(self, period_ms: int):
        self.period_ms = period_ms
        self._began: "int | None" = None  # when this turn began; None = nobody had to wait yet
        self.number = 0  # 0 to 999; another one is another turn
        self.changed = False
        self.waiting = False

    def step(self, now: int, members) -> None:
        """After each sharing."""
        self.changed = False
        self.waiting = False
        for member in members:
            self.waiting = self.waiting or member.waits
        if self._began is None:
            # The first turn begins with the first who has to wait.
            if self.waiting:
                self._began = now
        elif elapsed(now, self._began) >= self.period_ms:
            self._began = now
            self.changed = True
            self.number = (self.number + 1) % 1000
            self._count(members)

    def _count(self, members):
        least = None
        for member in members:
            member.waited += member.waits
            if least is None or member.waited < least:
                least = member.waited
        # Who comes new counts as one that never waited.
        for member in members:
            member.waited -= least

    def left_ms(self, now: int) -> int:
        """Until the turn ends."""
        return self.period_ms if self._began is None else max(0, self.period_ms - elapsed(now, self._began))
