"""Time for the tasks: one place that reads the clock, on chips, on a desk, and faster than real time."""

import asyncio
import time

from fairamp.units import TICKS_MASK

# A clock that nobody has set starts before this.
FIRST_YEAR = 2025

try:
    _ticks = time.ticks_ms  # type: ignore[attr-defined]
    _ticks_us = time.ticks_us  # type: ignore[attr-defined]
    _diff = time.ticks_diff  # type: ignore[attr-defined]
    _sleep = asyncio.sleep_ms  # type: ignore[attr-defined]
    _wait_for = asyncio.wait_for_ms  # type: ignore[attr-defined]
except AttributeError:  # CPython

    def _ticks():
        return time.monotonic_ns() // 1000000

    def _ticks_us():
        return time.monotonic_ns() // 1000

    def _diff(now, before):
        return now - before

    def _sleep(ms):
        return asyncio.sleep(ms / 1000)

    def _wait_for(awaitable, ms):
        return asyncio.wait_for(awaitable, ms / 1000)


class Clock:
    """`speed`: simulated milliseconds per real one."""

    def __init__(self, speed: int = 1):
        self.speed = speed
        if speed == 1 and not hasattr(time, "monotonic_ns"):
            # A chip looks at the time so often that the way through a method counts.
            self.now = _ticks  # type: ignore[method-assign]

    def now(self) -> int:
        """Wrapped milliseconds, as fairamp.units counts them."""
        return int(_ticks() * self.speed) & TICKS_MASK

    def moment_us(self) -> int:
        """A moment for `past_us`, for what whole milliseconds are too coarse for."""
        return _ticks_us()

    def past_us(self, then: int) -> int:
        """Microseconds since that moment, of the last minutes."""
        return int(_diff(_ticks_us(), then) * self.speed)

    def utc(self):
        """(year, month, day, hour, minute, second), or None while the clock was never set."""
        now = time.gmtime()
        return tuple(now[:6]) if now[0] >= FIRST_YEAR else None

    def sleep(self, ms: int):
        """To be awaited."""
        return _sleep(ms if self.speed == 1 else self._real(ms))

    def within(self, ms: int, awaitable):
        """To be awaited: the awaitable's result, or asyncio.TimeoutError after so long."""
        return _wait_for(awaitable, ms if self.speed == 1 else self._real(ms))

    def _real(self, ms):
        real = ms / self.speed
        return real if hasattr(time, "monotonic_ns") else int(real)
