"""PL011: both queues, the time that bytes take, and the interrupts at the levels that are set."""

from collections import deque
from collections.abc import Callable, Iterable

from rp2040py.peripherals.peripheral import BasePeripheral

DATA, ERRORS, FLAGS, WHOLE, FRACTION, LINE, CONTROL = 0x00, 0x04, 0x18, 0x24, 0x28, 0x2C, 0x30
LEVELS, MASK, RAW, MASKED, CLEAR, DMA = 0x34, 0x38, 0x3C, 0x40, 0x44, 0x48
RECEIVED, SENT, TIMED_OUT, OVERRUN = 1 << 4, 1 << 5, 1 << 6, 1 << 10
BUSY, NOTHING_IN, FULL_OUT, FULL_IN, NOTHING_OUT = 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7
DMA_RECEIVES, DMA_SENDS = 1, 2
ON, SENDS, RECEIVES = 1 << 0, 1 << 8, 1 << 9
FILL = (4, 8, 16, 24, 28, 28, 28, 28)
DEPTH = 32
# Silence after the last byte, in bits, that counts as its end.
SILENCE_BITS = 32


class Uart(BasePeripheral):
    """`on_byte(byte)` is called when the stop bit has left the pin; `send` puts bytes on the wire to the chip."""

    def __init__(self, rp2040, name: str, irq: int, sends: int) -> None:
        """`sends`: number of the DMA request when it has room for a byte; that when one has come follows."""
        super().__init__(rp2040, name)
        self.irq = irq
        self._sends = sends
        self.on_byte: Callable[[int], object] | None = None
        self.lost = 0  # came while the queue was full or the receiver off
        self._wire: deque[int] = deque()
        clock = rp2040.clock
        self._sent = clock.create_alarm(self._out)
        self._comes = clock.create_alarm(self._in)
        self._silence = clock.create_alarm(self._silent)
        self.reset()

    def reset(self) -> None:
        self._whole = self._fraction = self._line = self._mask = self._raw = self._dma = 0
        self._levels, self._control = 0x12, SENDS | RECEIVES
        self._out_queue: deque[int] = deque()
        self._in_queue: deque[int] = deque()
        self._shifting: int | None = None
        self._sent.cancel()
        self._silence.cancel()
        self._tell()

    @property
    def baud(self) -> float:
        parts = 64 * self._whole + self._fraction
        return self.rp2040.clk_peri * 4 / parts if parts else 0.0

    @property
    def char_nanos(self) -> float:
        """Of one character: start, data, parity and stop bits."""
        bits = 1 + 5 + (self._line >> 5 & 3) + (self._line >> 1 & 1) + 1 + (self._line >> 3 & 1)
        return bits * self.bit_nanos

    @property
    def bit_nanos(self) -> float:
        return 1e9 / (self.baud or 115200)

    def send(self, data: Iterable[int]) -> None:
        """Byte after byte at the speed that the chip has set, after what is still on the wire."""
        idle = not self._wire
        self._wire.extend(data)
        if idle and self._wire:
            self._comes.schedule(self.char_nanos)

    @property
    def _depth(self) -> int:
        return DEPTH if self._line & 0x10 else 1

    def _in_level(self) -> int:
        return FILL[self._levels >> 3 & 7] if self._depth > 1 else 1

    def _out_level(self) -> int:
        return FILL[self._levels & 7] if self._depth > 1 else 0

    def _load(self) -> None:
        if self._shifting is not None or not self._out_queue or not self._control & ON:
            return
        before = len(self._out_queue)
        self._shifting = self._out_queue.popleft()
        # The interrupt is for the moment in which the queue falls to its level.
        if before > self._out_level() >= len(self._out_queue):
            self._raw |= SENT
        self._sent.schedule(self.char_nanos)

    def _out(self) -> None:
        byte, self._shifting = self._shifting, None
        if self.on_byte:
            self.on_byte(byte)
        self._load()
        self._tell()

    def _in(self) -> None:
        byte = self._wire.popleft()
        if self._wire:
            self._comes.schedule(self.char_nanos)
        if self._control & (ON | RECEIVES) != ON | RECEIVES:
            self.lost += 1
            return
        if len(self._in_queue) >= self._depth:
            self.lost += 1
            self._raw |= OVERRUN
        else:
            self._in_queue.append(byte)
            if len(self._in_queue) >= self._in_level():
                self._raw |= RECEIVED
        self._silence.schedule(SILENCE_BITS * self.bit_nanos)
        self._tell()

    def _silent(self) -> None:
        if self._in_queue:
            self._raw |= TIMED_OUT
            self._tell()

    def _take(self) -> int:
        byte = self._in_queue.popleft() if self._in_queue else 0
        if len(self._in_queue) < self._in_level():
            self._raw &= ~RECEIVED
        if not self._in_queue:
            self._raw &= ~TIMED_OUT
            self._silence.cancel()
        elif not self._raw & TIMED_OUT:
            self._silence.schedule(SILENCE_BITS * self.bit_nanos)
        self._tell()
        return byte

    def _put(self, byte: int) -> None:
        if len(self._out_queue) < self._depth:
            self._out_queue.append(byte)
        if len(self._out_queue) > self._out_level():
            self._raw &= ~SENT
        self._load()

    def _flags(self) -> int:
        out, into, depth = len(self._out_queue), len(self._in_queue), self._depth
        return (
            (0 if into else NOTHING_IN)
            | (0 if out else NOTHING_OUT)
            | (FULL_OUT if out >= depth else 0)
            | (FULL_IN if into >= depth else 0)
            | (BUSY if out or self._shifting is not None else 0)
        )

    def read_uint32(self, offset: int) -> int:
        if offset == DATA:
            return self._take()
        if offset == FLAGS:
            return self._flags()
        return {
            WHOLE: self._whole,
            FRACTION: self._fraction,
            LINE: self._line,
            CONTROL: self._control,
            LEVELS: self._levels,
            MASK: self._mask,
            RAW: self._raw,
            MASKED: self._raw & self._mask,
            DMA: self._dma,
        }.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        if offset == DATA:
            self._put(value & 0xFF)
        elif offset == WHOLE:
            self._whole = value & 0xFFFF
        elif offset == FRACTION:
            self._fraction = value & 0x3F
        elif offset == LINE:
            self._line = value & 0xFF
        elif offset == CONTROL:
            self._control = value & 0xFFFF
            self._load()
        elif offset == LEVELS:
            self._levels = value & 0x3F
        elif offset == MASK:
            self._mask = value & 0x7FF
        elif offset == CLEAR:
            self._raw &= ~self.raw_write_value
        elif offset == DMA:
            self._dma = value & 7
        self._tell()

    def _tell(self) -> None:
        self.rp2040.set_interrupt(self.irq, bool(self._raw & self._mask))
        self._request(self._sends, bool(self._dma & DMA_SENDS) and len(self._out_queue) < self._depth)
        self._request(self._sends + 1, bool(self._dma & DMA_RECEIVES) and bool(self._in_queue))

    def _request(self, number: int, on: bool) -> None:
        dma = self.rp2040.dma
        dma.set_dreq(number) if on else dma.clear_dreq(number)
