"""Where the clocks come from: crystal, two PLLs, dividers. So `machine.freq` makes the processor faster."""

from rp2040py.peripherals.clocks import RPClocks
from rp2040py.peripherals.peripheral import BasePeripheral

CRYSTAL = 12_000_000
RING_OSCILLATOR = 6_500_000
STATUS, POWER, FEEDBACK, DIVIDERS = 0x0, 0x4, 0x8, 0xC
LOCKED = 1 << 31


class Pll(BasePeripheral):
    """Locks at once."""

    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.reset()

    def reset(self) -> None:
        self._registers = {STATUS: 1, POWER: 0x2D, FEEDBACK: 0, DIVIDERS: 0x77000}

    @property
    def hertz(self) -> float:
        dividers = self._registers[DIVIDERS]
        reference = CRYSTAL / max(1, self._registers[STATUS] & 63)
        return reference * self._registers[FEEDBACK] / max(1, dividers >> 16 & 7) / max(1, dividers >> 12 & 7)

    def read_uint32(self, offset: int) -> int:
        return self._registers[offset] | (LOCKED if offset == STATUS else 0)

    def write_uint32(self, offset: int, value: int) -> None:
        self._registers[offset] = value
        self.rp2040.clocks.changed()


class Clocks(RPClocks):
    """Tells the chip how fast its processor and its peripherals are."""

    def write_uint32(self, offset: int, value: int) -> None:
        super().write_uint32(offset, value)
        self.changed()

    def reset(self) -> None:
        super().reset()
        self.changed()

    def changed(self) -> None:
        chip = self.rp2040
        system, usb = chip.pll_sys.hertz, chip.pll_usb.hertz
        sources = (system, usb, RING_OSCILLATOR, CRYSTAL)
        reference = (RING_OSCILLATOR, usb, CRYSTAL, CRYSTAL)[self.ref_ctrl & 3]
        source = sources[self.sys_ctrl >> 5 & 3] if self.sys_ctrl & 1 else reference
        chip.set_clocks(
            source / divider(self.sys_div) or reference,
            lambda sys: (sys, *sources)[min(self.peri_ctrl >> 5 & 7, 4)] or sys,
        )


def divider(register: int) -> float:
    return (register >> 8 or 65536) + (register & 255) / 256
