"""The processor's own registers: which interrupts are on, which are asked for, and how urgent they are."""

from rp2040py.peripherals.peripheral import BasePeripheral

CPUID_VALUE = 0x410CC601
SET_ENABLE, CLEAR_ENABLE, SET_PENDING, CLEAR_PENDING = 0x100, 0x180, 0x200, 0x280
PRIORITIES = range(0x400, 0x420, 4)
CPUID, CONTROL, VECTORS, SLEEP = 0xD00, 0xD04, 0xD08, 0xD10
PRIORITY_SVCALL, PRIORITY_OTHERS = 0xD1C, 0xD20
SVCALL, PENDSV, SYSTICK = 11, 14, 15
# Bits of CONTROL that set and clear what software asks for.
ASK = ((28, 27, PENDSV), (26, 25, SYSTICK))


class Nvic(BasePeripheral):
    """The bits of a priority stand on top of a byte; no timer of the processor, MicroPython does not use it."""

    @property
    def state(self):
        return self.rp2040.core.state

    def read_uint32(self, offset: int) -> int:
        state = self.state
        if offset in (SET_ENABLE, CLEAR_ENABLE):
            return state.enabled
        if offset in (SET_PENDING, CLEAR_PENDING):
            return state.pending | state.latched
        if offset in PRIORITIES:
            first = offset - PRIORITIES[0]
            return sum(state.priorities[first + byte] << 8 * byte + 6 for byte in range(4))
        if offset == CPUID:
            return CPUID_VALUE
        if offset == CONTROL:
            asked = sum(1 << put for put, _, number in ASK if state.system_pending >> number & 1)
            return state.exception | asked
        if offset == VECTORS:
            return state.vectors
        if offset == PRIORITY_SVCALL:
            return state.system_priorities[SVCALL] << 30
        if offset == PRIORITY_OTHERS:
            return state.system_priorities[PENDSV] << 22 | state.system_priorities[SYSTICK] << 30
        return 0

    def write_uint32(self, offset: int, value: int) -> None:
        state = self.state
        if offset == SET_ENABLE:
            state.enabled |= value
        elif offset == CLEAR_ENABLE:
            state.enabled &= ~value
        elif offset == SET_PENDING:
            state.latched |= value
        elif offset == CLEAR_PENDING:
            state.latched &= ~value
        elif offset in PRIORITIES:
            first = offset - PRIORITIES[0]
            for byte in range(4):
                state.priorities[first + byte] = value >> 8 * byte + 6 & 3
        elif offset == CONTROL:
            for put, take, number in ASK:
                if value >> put & 1:
                    state.system_pending |= 1 << number
                if value >> take & 1:
                    state.system_pending &= ~(1 << number)
        elif offset == VECTORS:
            state.vectors = value & ~0xFF
        elif offset == PRIORITY_SVCALL:
            state.system_priorities[SVCALL] = value >> 30
        elif offset == PRIORITY_OTHERS:
            state.system_priorities[PENDSV] = value >> 22 & 3
            state.system_priorities[SYSTICK] = value >> 30
        state.attention = 1
