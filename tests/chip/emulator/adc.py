"""The converter: single readings, or running by itself through all inputs, into its queue or through a DMA channel."""

from collections import deque
from collections.abc import Callable

from rp2040py.peripherals.peripheral import BasePeripheral

CONTROL, RESULT, QUEUE_CONTROL, QUEUE, DIVIDER, RAW, ENABLE, FORCE, STATUS = range(0, 0x24, 4)
ON, SENSOR, ONE, MANY, READY, ROUND = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 8, 16
CONTROL_MASK = 0x1F700F
QUEUE_ON, SHIFT, REQUESTS, EMPTY, FULL, UNDER, OVER = 1 << 0, 1 << 1, 1 << 3, 1 << 8, 1 << 9, 1 << 10, 1 << 11
QUEUE_MASK = 0xF00000F
DEPTH, CHANNELS, IRQ, REQUEST = 4, 5, 22, 36
CLOCK_MHZ = 48
# A conversion takes 96 clocks.
CONVERSION = 96
# Samples for a DMA channel are made in batches, and whenever the program looks at the channel.
BATCH_NANOS = 100_000.0

Source = Callable[[float], int]


class Adc(BasePeripheral):
    """`sources[channel]` tells the code at a time in nanoseconds; without one it is 0."""

    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.sources: dict[int, Source] = {}
        self._alarm = rp2040.clock.create_alarm(self._ring)
        self.reset()

    def reset(self) -> None:
        self._alarm.cancel()
        self._control = self._queue_control = self._divider = self._enable = self._force = self._result = 0
        self._queue: deque[int] = deque()
        self._due: float | None = None  # the end of the conversion that is under way
        self._tell()

    @property
    def _period(self) -> float:
        clocks = 1 + (self._divider >> 8) + (self._divider & 255) / 256
        return max(CONVERSION, clocks) * 1000 / CLOCK_MHZ

    def catch_up(self) -> None:
        """Finishes all conversions that have ended by now."""
        now = self.rp2040.clock.nanos
        while self._due is not None and self._due <= now:
            self._finish(self._due)

    def plan(self) -> None:
        """When to look next: at each end of a conversion, or after a batch when only a DMA channel waits."""
        if self._due is None:
            self._alarm.cancel()
            return
        taker = self.rp2040.dma.taker(REQUEST) if self._queue_control & REQUESTS else None
        ahead = min(BATCH_NANOS, (taker.remaining - 1) * self._period) if taker and self._control & MANY else 0.0
        self._alarm.at(self._due + ahead)

    def _ring(self) -> None:
        self.catch_up()
        self.plan()

    def _finish(self, at: float) -> None:
        channel = self._control >> 12 & 7
        source = self.sources.get(channel)
        self._result = max(0, min(4095, source(at))) if source else 0
        if self._queue_control & QUEUE_ON:
            self._enqueue(self._result >> 4 if self._queue_control & SHIFT else self._result)
        turns = self._control >> ROUND & 31
        if turns:
            channel = (channel + 1) % CHANNELS
            while not turns >> channel & 1:
                channel = (channel + 1) % CHANNELS
            self._control = self._control & ~0x7000 | channel << 12
        self._due = at + self._period if self._control & MANY and self._control & ON else None

    def _enqueue(self, value: int) -> None:
        taker = self.rp2040.dma.taker(REQUEST) if self._queue_control & REQUESTS else None
        if taker and not self._queue:
            taker.put(value, 1 << (taker.control >> 2 & 3))
            return  # nothing has changed for the program
        if len(self._queue) < DEPTH:
            self._queue.append(value)
            while self._queue and taker and taker.busy:
                taker.put(self._queue.popleft(), 1 << (taker.control >> 2 & 3))
        else:
            self._queue_control |= OVER
        self._tell()

    def read_uint32(self, offset: int) -> int:
        self.catch_up()
        if offset == CONTROL:
            if self._due is not None and not self._control & MANY:
                # Who asks for the end of a single conversion asks until it is there.
                self.rp2040.clock.pass_until(self._due)
            return self._control | (READY if self._due is None else 0)
        if offset == RESULT:
            return self._result
        if offset == QUEUE_CONTROL:
            level = len(self._queue)
            return self._queue_control | level << 16 | (0 if level else EMPTY) | (FULL if level == DEPTH else 0)
        if offset == QUEUE:
            if not self._queue:
                self._queue_control |= UNDER
                return 0
            value = self._queue.popleft()
            self._tell()
            return value
        return {
            DIVIDER: self._divider,
            RAW: self._raw(),
            ENABLE: self._enable,
            FORCE: self._force,
            STATUS: self._raw() & self._enable | self._force,
        }.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        self.catch_up()
        if offset == CONTROL:
            self._control = value & CONTROL_MASK & ~ONE
            if value & ON and value & (ONE | MANY) and self._due is None:
                self._due = self.rp2040.clock.nanos + CONVERSION * 1000 / CLOCK_MHZ
        elif offset == QUEUE_CONTROL:
            lost = self._queue_control & (OVER | UNDER) & ~self.raw_write_value
            self._queue_control = value & QUEUE_MASK | lost
        elif offset == DIVIDER:
            self._divider = value & 0xFFFFFF
        elif offset == ENABLE:
            self._enable = value & 1
        elif offset == FORCE:
            self._force = value & 1
        self._tell()
        self.plan()

    def _raw(self) -> int:
        return int(len(self._queue) >= (self._queue_control >> 24 & 15) > 0)

    def _tell(self) -> None:
        self.rp2040.set_interrupt(IRQ, bool(self._raw() & self._enable | self._force))
