"""What goes on by itself in a fake chip while time passes: timers, the converter of an RP2040 and its DMA."""

from collections.abc import Callable
from typing import Any

CS, FCS, FIFO, DIV = 0, 8, 12, 16
# Where the registers of the converter are, and its request to the DMA: of an RP2040 and of an RP2350.
BASES = {0x4004C000: 36, 0x400A0000: 48}
EN, TS_EN, START_MANY, READY = 1, 2, 8, 256
FIFO_EN, DREQ_EN, EMPTY, UNDER, OVER = 1, 8, 256, 1024, 2048
DEPTH = 4
UNPACED = 63
DMA_BASE, DMA_STEP, WRITE_TRIGGER = 0x50000000, 0x40, 0x2C
MEMORY, MEMORY_STEP = 0x20000000, 0x10000
CORE_CHANNEL = 4
VOLTAGE = 0x40064000
# What a program needs to look at a register.
LOOK_US = 5
QUEUE = 8


class Clock:
    def __init__(self) -> None:
        self.us = 0.0

    def ms(self) -> int:
        """As Clock.now() has it."""
        return int(self.us / 1000) & 0x3FFFFFFF


class Converter:
    """Registers of the converter; the pins begin at 26, and the temperature is at no pin."""

    def __init__(self, volts_at: Callable[[int, float], int]) -> None:
        self.volts_at = volts_at
        self.cs, self.fcs, self.div = EN | READY, 0, 0
        self.queue: list[int] = []
        self.due = 0.0
        self.taken = 0
        self.frozen = False
        self.base = 0

    def register(self, address: int) -> int:
        """Which one it is; a program knows one chip only."""
        base = address & ~0xFFF
        assert base in BASES and self.base in (0, base), hex(address)
        self.base = base
        return address - base

    def request(self) -> int:
        return BASES.get(self.base, UNPACED)

    def running(self) -> bool:
        return bool(self.cs & START_MANY)

    def period_us(self) -> float:
        return max(96, 1 + self.div / 256) / 48

    def convert(self) -> None:
        """One sample of the input whose turn it is."""
        channel = self.cs >> 12 & 7
        turns = self.cs >> 16 & 31
        volts = self.volts_at(-1 if channel == CORE_CHANNEL else 26 + channel, self.due)
        if turns:
            following = next(c % 5 for c in range(channel + 1, channel + 6) if turns >> c % 5 & 1)
            self.cs = self.cs & ~(7 << 12) | following << 12
        self.taken += 1
        if self.fcs & FIFO_EN:
            if len(self.queue) == DEPTH:
                self.fcs |= OVER
            else:
                self.queue.append(max(0, min(volts * 4096 // 3300000, 4095)))

    def pop(self) -> int:
        if not self.queue:
            self.fcs |= UNDER
            return 0
        return self.queue.pop(0)


class Registers:
    """machine.mem32, of the converter and the voltage of the core only."""

    def __getitem__(self, address: int) -> int:
        pass_time(LOOK_US)
        if address == VOLTAGE:
            return core[0]
        register = converter.register(address)
        if register == CS:
            return converter.cs
        if register == FCS:
            return converter.fcs | len(converter.queue) << 16 | (0 if converter.queue else EMPTY)
        assert register == FIFO, hex(address)
        return converter.pop()

    def __setitem__(self, address: int, value: int) -> None:
        if address == VOLTAGE:
            core[0] = value
            return
        register = converter.register(address)
        if register == CS:
            assert value & EN
            if value & START_MANY and not converter.running():
                converter.due = clock.us + converter.period_us()
            converter.cs = value & (EN | TS_EN | START_MANY | 7 << 12 | 31 << 16) | READY
        elif register == FCS:
            lost = converter.fcs & (UNDER | OVER) & ~value
            converter.fcs = value & ~(UNDER | OVER) | lost
        else:
            assert register == DIV, hex(address)
            assert 0 <= value < 1 << 24
            converter.div = value


class DMA:
    """One channel. Addresses are made up: every buffer lies alone at its own."""

    FIELDS = ("size", "inc_read", "inc_write", "treq_sel", "chain_to")

    def __init__(self) -> None:
        taken = [dma.channel for dma in channels]
        self.channel = next(number for number in range(12) if number not in taken)
        channels.append(self)
        self.read = self._write = self._count = self.left = 0
        self.ctrl: dict[str, int] = {}
        self.busy = False
        self.stuck = False

    @property
    def write(self) -> int:
        return self._write

    @write.setter
    def write(self, target: Any) -> None:
        self._write = address_of(target)

    @property
    def count(self) -> int:
        pass_time(LOOK_US)
        return self.left

    def pack_ctrl(self, **fields: int) -> dict[str, int]:
        assert set(fields) <= set(self.FIELDS), fields
        return {"size": 2, "inc_read": 1, "inc_write": 1, "treq_sel": UNPACED, "chain_to": self.channel} | fields

    def config(self, *, read: Any, write: Any, count: int, ctrl: dict[str, int], trigger: bool = False) -> None:
        assert not self.busy
        self.read, self.write = address_of(read), address_of(write)
        self._count, self.ctrl = count, ctrl
        if trigger:
            self.begin()

    def active(self, on: int) -> None:
        assert not on
        self.busy = False

    def close(self) -> None:
        assert not self.busy
        channels.remove(self)

    def begin(self) -> None:
        self.left, self.busy = self._count, True
        while self.busy and self.ctrl["treq_sel"] == UNPACED:
            self.transfer()

    def transfer(self) -> None:
        value = converter.pop() if self.read == converter.base + FIFO else load(self.read)
        width = 1 << self.ctrl["size"]
        self.left -= 1
        target = self._write
        self._write += width if self.ctrl["inc_write"] else 0
        self.read += width if self.ctrl["inc_read"] else 0
        store(target, value, width)
        if not self.left:
            self.busy = False
            if self.ctrl["chain_to"] != self.channel:
                channel(self.ctrl["chain_to"]).begin()


class Timer:
    """Of an ESP32 by number: its calls wait while something holds up the program, at most QUEUE of them.

    Of an RP2040 -1, and then in hard context: nothing holds it up.
    """

    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, id: int) -> None:
        assert -1 <= id <= 3
        self.id = id
        self.hard = False
        self.period_us = self.due = 0.0
        if id >= 0:
            timers.append(self)

    def init(
        self,
        *,
        mode: int,
        callback: Callable[["Timer"], None],
        freq: int = 0,
        period: int = 0,
        tick_hz: int = 1000,
        hard: bool = False,
    ) -> None:
        assert hard == (self.id == -1), "the timers of an RP2040 are to be hard, those of an ESP32 cannot be"
        self.hard, self.mode = hard, mode
        self.period_us = 1e6 / freq if freq else period * 1e6 / tick_hz
        self.due = clock.us + self.period_us
        self.callback = callback
        if self not in timers:
            timers.append(self)

    def deinit(self) -> None:
        if self in timers:
            timers.remove(self)

    def call(self) -> None:
        if self.mode == Timer.ONE_SHOT:
            self.deinit()
        self.due += self.period_us
        self.callback(self)


clock = Clock()
converter = Converter(lambda pin, us: 0)
mem32 = Registers()
channels: list[DMA] = []
timers: list[Timer] = []
memory: list[Any] = []
# The voltage of the core.
core = [0]


def forget(volts_at: Callable[[int, float], int]) -> None:
    global converter
    clock.us = 0.0
    converter = Converter(volts_at)
    core[:] = [0x10B1]
    for kept in (channels, timers, memory):
        kept.clear()  # type: ignore[attr-defined]


def channel(number: int) -> DMA:
    return next(dma for dma in channels if dma.channel == number)


def address_of(target: Any) -> int:
    if isinstance(target, int):
        return target
    if not any(known is target for known in memory):
        memory.append(target)
    return MEMORY + MEMORY_STEP * next(index for index, known in enumerate(memory) if known is target)


def load(address: int) -> int:
    number, offset = divmod(address - MEMORY, MEMORY_STEP)
    return memory[number][offset // memory[number].itemsize]


def store(address: int, value: int, width: int) -> None:
    if address < DMA_BASE:
        number, offset = divmod(address - MEMORY, MEMORY_STEP)
        assert memory[number].itemsize == width
        memory[number][offset // width] = value
        return
    number, register = divmod(address - DMA_BASE, DMA_STEP)
    assert (register, width) == (WRITE_TRIGGER, 4)
    channel(number).write = value
    channel(number).begin()


def pass_time(us: float) -> None:
    """Lets the chip work while the program does not."""
    end = clock.us + us
    while converter.running() and not converter.frozen and converter.due <= end:
        clock.us = converter.due
        converter.convert()
        converter.due += converter.period_us()
        serve_requests()
    for timer in list(timers):
        while timer in timers and timer.due <= end:
            clock.us = timer.due
            timer.call()
    clock.us = max(clock.us, end)


def serve_requests() -> None:
    for dma in channels:
        while (
            dma.busy
            and not dma.stuck
            and dma.ctrl["treq_sel"] == converter.request()
            and converter.fcs & DREQ_EN
            and converter.queue
        ):
            dma.transfer()


def hold_up(us: float) -> None:
    """The program stands still: the converter goes on, calls of timers wait and then come all at once."""
    end = clock.us + us
    waiting = []
    for timer in [timer for timer in timers if not timer.hard]:
        while timer.due <= end:
            timer.due += timer.period_us
            waiting.append(timer)
    pass_time(us)
    for timer in waiting[:QUEUE]:
        timer.callback(timer)
