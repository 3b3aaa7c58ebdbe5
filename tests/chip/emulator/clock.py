"""Simulated time in nanoseconds, and what is due in it."""

import heapq
from collections.abc import Callable
from math import inf
from typing import Any


class Alarm:
    """Calls back once after it was scheduled; scheduling again moves it."""

    __slots__ = ("_clock", "callback", "turn")

    def __init__(self, clock: "Clock", callback: Callable[[], object]) -> None:
        self._clock = clock
        self.callback = callback
        self.turn = 0  # the entry of the queue that counts; 0 for none

    def schedule(self, delta_nanos: float) -> None:
        self.at(self._clock.nanos + delta_nanos)

    def at(self, nanos: float) -> None:
        self._clock.put(nanos, self)

    def cancel(self) -> None:
        self.turn = 0

    @property
    def scheduled(self) -> bool:
        return self.turn != 0


class Clock:
    """`state` is that of the processor, which moves the time while it runs."""

    def __init__(self, state: Any) -> None:
        self._state = state
        self._queue: list[tuple[float, int, Alarm]] = []
        self._turns = 0
        self._moment: float | None = None

    @property
    def nanos(self) -> float:
        """Now; for an alarm that goes off, its own time, although the processor may be an instruction further."""
        return self._state.now if self._moment is None else self._moment

    @property
    def micros(self) -> float:
        return self.nanos / 1000

    def create_alarm(self, callback: Callable[[], object]) -> Alarm:
        return Alarm(self, callback)

    def put(self, nanos: float, alarm: Alarm) -> None:
        self._turns += 1
        alarm.turn = self._turns
        heapq.heappush(self._queue, (nanos, alarm.turn, alarm))
        if nanos < self._state.until:
            self._state.until = nanos

    def next_due(self) -> float:
        queue = self._queue
        while queue and queue[0][2].turn != queue[0][1]:
            heapq.heappop(queue)
        return queue[0][0] if queue else inf

    def fire(self) -> None:
        """All that is due by now, in order, each with its own time."""
        before = self._moment
        while self.next_due() <= self._state.now:
            self._moment, _, alarm = heapq.heappop(self._queue)
            alarm.turn = 0
            alarm.callback()
        self._moment = before

    def pass_until(self, nanos: float) -> None:
        """Time passes while the processor stands still in the middle of an instruction."""
        while (due := self.next_due()) <= nanos:
            self._state.now = max(self._state.now, due)
            self.fire()
        self._state.now = max(self._state.now, nanos)
