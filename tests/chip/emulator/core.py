"""The processor: core.c seen from Python, with its memories."""

import ctypes
from array import array
from collections.abc import Callable

from tests.chip.emulator import native

ROM_BYTES = 0x4000
RAM_BYTES = 0x42000
FLASH_BYTES = 0x200000
USB_BYTES = 0x1000
RAM_START = 0x20000000
FLASH_START = 0x10000000

TIME, ASLEEP, HOOKED, COLLECTED, STRANGE = range(5)
HOOKS = 8
NO_HOOK = 1
PC, SP = 15, 13
ALL_MASKED = 0xFFFFFFFF

Read = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32)
Write = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32)
WORD = ctypes.c_uint32
MEMORY = ctypes.POINTER(ctypes.c_uint8)


class State(ctypes.Structure):
    """core_t of core.h, which says what each member is."""

    _fields_ = [
        ("r", WORD * 16),
        *((name, WORD) for name in ("other_sp", "process_stack", "negative", "not_zero", "carry", "overflow")),
        *((name, WORD) for name in ("masked", "exception", "pending", "latched", "enabled")),
        ("priorities", WORD * 32),
        ("system_pending", WORD),
        ("system_priorities", WORD * 16),
        *((name, WORD) for name in ("vectors", "attention", "waiting", "event")),
        *((name, WORD) for name in ("dividend", "divisor", "quotient", "remainder", "dirty", "locks")),
        ("hooks", WORD * HOOKS),
        *((name, WORD) for name in ("hook_filter", "reason", "table", "table_bytes", "marks")),
        *((name, ctypes.c_double) for name in ("first_mark", "now", "until", "cycle", "timer_began")),
        ("instructions", ctypes.c_uint64),
        *((name, MEMORY) for name in ("rom", "ram", "flash", "usb")),
        ("read", Read),
        ("write", Write),
    ]


class Fault(Exception):
    """What would end in the fault handler of a real chip."""


class Core:
    """Registers and memories; `read` and `write` serve what is outside of them."""

    def __init__(self, read: Callable[[int, int], int], write: Callable[[int, int, int], None]) -> None:
        self.rom = bytearray(ROM_BYTES)
        self.ram = bytearray(RAM_BYTES)
        self.flash = bytearray(b"\xff" * FLASH_BYTES)
        self.usb = bytearray(USB_BYTES)
        self.state = State()
        self.state.cycle = 8.0
        for name in ("rom", "ram", "flash", "usb"):
            memory = getattr(self, name)
            view = (ctypes.c_uint8 * len(memory)).from_buffer(memory)
            setattr(self.state, name, ctypes.cast(view, MEMORY))
        self._failure: BaseException | None = None
        self._read, self._write = read, write
        self.state.read, self.state.write = Read(self._guarded_read), Write(self._guarded_write)
        self._run = native.load().run
        self._address = ctypes.byref(self.state)
        self._hooks: dict[int, Callable[[], None]] = {}
        self.reset()

    def reset(self) -> None:
        """As the boot ROM leaves the processor: about to run what stands first in the flash."""
        state = self.state
        for name in ("other_sp", "process_stack", "negative", "carry", "overflow", "masked", "exception"):
            setattr(state, name, 0)
        for name in ("pending", "latched", "enabled", "system_pending", "vectors", "attention", "waiting", "event"):
            setattr(state, name, 0)
        for number in range(16):
            state.r[number] = state.system_priorities[number] = 0
        for number in range(32):
            state.priorities[number] = 0
        state.not_zero = 1
        state.locks = state.marks = state.table_bytes = 0
        state.r[SP] = RAM_START + RAM_BYTES
        state.r[PC] = FLASH_START

    def run(self) -> int:
        """Until `state.until`, or one of the other reasons; what failed in a part is raised here."""
        reason = self._run(self._address)
        if self._failure:
            failure, self._failure = self._failure, None
            raise failure
        if reason == STRANGE:
            raise Fault(f"the program runs into an instruction that does not exist, at {self.state.r[PC]:#x}")
        if reason == HOOKED:
            self._hooks[self.state.r[PC]]()
        return reason

    def set_interrupt(self, number: int, up: bool) -> None:
        state, bit = self.state, 1 << number
        if up:
            state.pending |= bit
            state.attention = 1
        else:
            state.pending &= ~bit

    def hook(self, address: int, callback: Callable[[], None]) -> None:
        """Calls back before the instruction at an address whenever a call or a return leads there."""
        self._hooks[address] = callback
        self._set_hooks()

    def unhook(self, address: int) -> None:
        del self._hooks[address]
        self._set_hooks()

    def _set_hooks(self) -> None:
        places = [*self._hooks, *[NO_HOOK] * HOOKS][:HOOKS]
        self.state.hooks = (WORD * HOOKS)(*places)
        self.state.hook_filter = 0
        for place in self._hooks:
            self.state.hook_filter |= 1 << (place >> 1 & 31)

    def words(self) -> array:
        """A copy of the RAM as words."""
        return array("I", bytes(self.ram))

    def _guarded_read(self, address: int, size: int) -> int:
        try:
            return self._read(address, size)
        except BaseException as failure:
            self._fail(failure)
            return 0

    def _guarded_write(self, address: int, size: int, value: int) -> None:
        try:
            self._write(address, size, value)
        except BaseException as failure:
            self._fail(failure)

    def _fail(self, failure: BaseException) -> None:
        """C cannot raise: it is made to come back, and run() raises."""
        self._failure = self._failure or failure
        self.state.until = 0
