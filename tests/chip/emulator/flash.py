"""A W25Q16 at the chip's SSI: erasing and programming take as long as its data sheet says, and nothing else can be
read meanwhile, so the boot ROM waits with interrupts off."""

from collections import deque

from rp2040py.peripherals.peripheral import BasePeripheral

MILLISECOND = 1e6
ERASES = {0x20: (0x1000, 45), 0x52: (0x8000, 120), 0xD8: (0x10000, 150)}
PAGE, PAGE_MS, STATUS_MS = 256, 0.4, 10
PROGRAM, READ, STATUS, STATUS2, IDENTITY, UNIQUE, POWER_UP = 0x02, 0x03, 0x05, 0x35, 0x9F, 0x4B, 0xAB
WRITE_STATUS = (0x01, 0x11, 0x31)
WRITE_ON, WRITE_OFF = 0x06, 0x04
MAKER = (0xEF, 0x40, 0x15)
SERIAL = bytes.fromhex("e66058388357b22d")
# Of the SSI.
TYPE, ON, SENT_LEVEL, HELD_LEVEL, STATE, IDENT, VERSION = 0x00, 0x08, 0x20, 0x24, 0x28, 0x58, 0x5C
DATA = range(0x60, 0xF0)
CAN_SEND, HAS_DATA = 0x6, 0x8
# Of IO_QSPI: whether the select pin is left to the SSI, or forced low or high.
SELECT_PIN, FORCED_LOW, FORCED_HIGH = 0x0C, 2, 3


class Flash:
    """One command per selection. `busy_until` is the time at which it listens again."""

    def __init__(self, clock, content: bytearray) -> None:
        self._clock = clock
        self.content = content
        self.busy_until = 0.0
        self.erases = self.programs = 0
        self._may_write = False
        self._command: int | None = None
        self._sent = bytearray()
        self._last = (0, 0)

    def select(self) -> None:
        self._command = None
        self._sent = bytearray()

    def exchange(self, byte: int) -> int:
        """A byte in, a byte out."""
        if self._command is None:
            self._command = byte
            return 0xFF
        at = len(self._sent)
        self._sent.append(byte)
        if self._command == STATUS:
            return self._status()
        if self._command == STATUS2:
            return 2  # four data lines are on
        if self._command == IDENTITY:
            return MAKER[at % 3]
        if self._command == UNIQUE:
            return SERIAL[(at - 4) % 8] if at >= 4 else 0xFF
        if self._command == POWER_UP:
            return 0x14
        if self._command == READ and at >= 3:
            return self.content[(self._address() + at - 3) % len(self.content)]
        return 0xFF

    def _status(self) -> int:
        """Who asks while it is busy asks again until it is not; that waiting is done here at once."""
        if self._clock.nanos < self.busy_until:
            self._clock.pass_until(self.busy_until)
        return 2 if self._may_write else 0

    def deselect(self) -> None:
        command, self._command = self._command, None
        if command == WRITE_ON:
            self._may_write = True
        elif command == WRITE_OFF:
            self._may_write = False
        elif command in ERASES and self._may_write:
            self._erase(*ERASES[command])
        elif command == PROGRAM and self._may_write:
            self._program()
        elif command in WRITE_STATUS and self._may_write:
            self._work(0, 0, STATUS_MS)

    def power_cut(self, rubbish: bytes) -> None:
        """What was being erased or programmed is neither old nor new."""
        if self._clock.nanos < self.busy_until:
            start, length = self._last
            for at in range(start, start + length):
                self.content[at] &= rubbish[at % len(rubbish)]
        self.busy_until = 0.0
        self._may_write = False

    def _address(self) -> int:
        return int.from_bytes(self._sent[:3], "big") % len(self.content)

    def _erase(self, size: int, ms: float) -> None:
        start = self._address() & ~(size - 1)
        self.content[start : start + size] = b"\xff" * size
        self.erases += 1
        self._work(start, size, ms)

    def _program(self) -> None:
        """Bits can only become 0, and the address stays within its page."""
        at = self._address()
        start = at & ~(PAGE - 1)
        for index, byte in enumerate(self._sent[3:]):
            self.content[start | at + index & PAGE - 1] &= byte
        self.programs += 1
        self._work(start, PAGE, PAGE_MS)

    def _work(self, start: int, length: int, ms: float) -> None:
        self.busy_until = self._clock.nanos + ms * MILLISECOND
        self._may_write = False
        self._last = (start, length)


class Ssi(BasePeripheral):
    """The way to the flash for whoever does not just read it as memory."""

    def __init__(self, rp2040, name: str, flash: Flash) -> None:
        super().__init__(rp2040, name)
        self.flash = flash
        self.reset()

    def reset(self) -> None:
        self._registers: dict[int, int] = {}
        self._held: deque[int] = deque()
        self._forced = 0
        self._selected = False

    def force(self, how: int) -> None:
        self._forced = how
        self._select(how == FORCED_LOW)

    def _select(self, on: bool) -> None:
        if on and not self._selected:
            self.flash.select()
        elif self._selected and not on:
            self.flash.deselect()
        self._selected = on

    def read_uint32(self, offset: int) -> int:
        if offset == SENT_LEVEL:
            return 0
        if offset == HELD_LEVEL:
            return len(self._held)
        if offset == STATE:
            self._release()
            return CAN_SEND | (HAS_DATA if self._held else 0)
        if offset == IDENT:
            return 0x51535049
        if offset == VERSION:
            return 0x3430312A
        if offset in DATA:
            return self._held.popleft() if self._held else 0
        return self._registers.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        if offset in DATA:
            self._send(value)
            return
        if offset == ON and not value & 1:
            self._release()
            self._held.clear()
        self._registers[offset] = value

    def _send(self, value: int) -> None:
        if self._registers.get(TYPE, 0) >> 21 & 3:
            # A read on four lines: only the boot loader does it, to begin reading as memory.
            self._held.append(0xFFFFFFFF)
            return
        if not self._forced:
            self._select(True)
        self._held.append(self.flash.exchange(value & 0xFF) if self._selected else 0xFF)

    def _release(self) -> None:
        """Where the select pin is left to the SSI, it lets go when all is sent."""
        if not self._forced:
            self._select(False)


class QspiPins(BasePeripheral):
    """IO_QSPI and its pads: registers, of which one forces the select pin."""

    def __init__(self, rp2040, name: str, forces: bool) -> None:
        super().__init__(rp2040, name)
        self._forces = forces
        self.reset()

    def reset(self) -> None:
        self._registers: dict[int, int] = {}

    def read_uint32(self, offset: int) -> int:
        return self._registers.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        self._registers[offset] = value
        if self._forces and offset == SELECT_PIN:
            self.rp2040.ssi.force(value >> 8 & 3)
