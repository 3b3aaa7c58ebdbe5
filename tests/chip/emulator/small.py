"""Small parts: watchdog, random bits, supply, resets of single parts."""

import random
from collections.abc import Callable

from rp2040py.peripherals.peripheral import BasePeripheral
from rp2040py.peripherals.reset import RPReset

# Of the watchdog.
CONTROL, LOAD, REASON, SCRATCH, TICK = 0x00, 0x04, 0x08, range(0x0C, 0x2C, 4), 0x2C
TRIGGER, ON, LEFT_MASK = 1 << 31, 1 << 30, 0xFFFFFF
BY_TIMER, BY_PROGRAM = 1, 2
TICKS = 1 << 9 | 1 << 10
# By a fault of the chip it counts two for each microsecond.
COUNT_NANOS = 500.0


class Watchdog(BasePeripheral):
    """`on_feed` is called when the program loads it again, `on_reset` when it bites; only lost power clears it."""

    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.on_feed: Callable[[], object] = lambda: None
        self.on_reset: Callable[[], object] = lambda: None
        self.on_scratch: Callable[[int, int], object] = lambda number, value: None
        self._alarm = rp2040.clock.create_alarm(self.bite)
        self.power_up()

    def power_up(self) -> None:
        self._alarm.cancel()
        self.scratch = [0] * len(SCRATCH)
        self._reason = self._load = 0
        self._on = False
        self._ends = 0.0

    def reset(self) -> None:
        """It stops, and remembers why; so do the eight words."""
        self._on = False
        self._alarm.cancel()

    def read_uint32(self, offset: int) -> int:
        if offset == CONTROL:
            left = max(0, int((self._ends - self.rp2040.clock.nanos) / COUNT_NANOS)) if self._on else self._load
            return (ON if self._on else 0) | left & LEFT_MASK
        if offset == REASON:
            return self._reason
        if offset in SCRATCH:
            return self.scratch[SCRATCH.index(offset)]
        return TICKS if offset == TICK else 0

    def write_uint32(self, offset: int, value: int) -> None:
        if offset == LOAD:
            self._load = value & LEFT_MASK
            self._start()
            self.on_feed()
        elif offset == CONTROL:
            if value & TRIGGER:
                self._reason = BY_PROGRAM
                self.on_reset()
                return
            if bool(value & ON) != self._on:
                self._on = bool(value & ON)
                self._start()
        elif offset in SCRATCH:
            number = SCRATCH.index(offset)
            self.scratch[number] = value
            self.on_scratch(number, value)

    def _start(self) -> None:
        self._alarm.cancel()
        if self._on:
            self._ends = self.rp2040.clock.nanos + self._load * COUNT_NANOS
            self._alarm.at(self._ends)

    def bite(self) -> None:
        """As if nobody had fed it."""
        self._reason = BY_TIMER
        self.on_reset()


class RingOscillator(BasePeripheral):
    """Gives random bits, the same ones for the same seed."""

    STATUS, BIT = 0x18, 0x1C

    def __init__(self, rp2040, name: str, seed: int) -> None:
        super().__init__(rp2040, name)
        self._random = random.Random(seed)
        self.on_bit: Callable[[], object] = lambda: None

    def read_uint32(self, offset: int) -> int:
        if offset == self.BIT:
            self.on_bit()
            return self._random.getrandbits(1)
        return 0x80001000 if offset == self.STATUS else 0

    def write_uint32(self, offset: int, value: int) -> None:
        pass


class Supply(BasePeripheral):
    """VREG_AND_CHIP_RESET: the voltage is always right; tells whether power was lost."""

    VOLTAGE, LAST_RESET = 0x0, 0x8
    RIGHT, BY_POWER, BY_PIN = 1 << 12, 1 << 8, 1 << 16

    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.last_reset = self.BY_POWER
        self._voltage = 0xB1

    def read_uint32(self, offset: int) -> int:
        return {self.VOLTAGE: self._voltage | self.RIGHT, self.LAST_RESET: self.last_reset}.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        if offset == self.VOLTAGE:
            self._voltage = value & 0xFF


class Resets(RPReset):
    """A part that is put into reset forgets its registers; `parts` is by bit."""

    def __init__(self, rp2040, name: str, parts: dict[int, list]) -> None:
        super().__init__(rp2040, name)
        self._parts = parts

    def write_uint32(self, offset: int, value: int) -> None:
        before = self.read_uint32(0)
        super().write_uint32(offset, value)
        fresh = self.read_uint32(0) & ~before
        for bit, parts in self._parts.items():
            if fresh >> bit & 1:
                for part in parts:
                    part.reset()
