"""RP2040 and RP2350: Pico, Pico W, Pico 2 and boards like them."""

from time import sleep

from machine import ADC, Pin, Timer, freq, mem32

from boards.chips import common
from boards.chips.rp2_ring import Ring
from boards.chips.rp2_viper import gone, latest

LONGEST_WATCHDOG_MS = 8388
# Channel 0 of the converter.
FIRST_GPIO = 26
TEMPERATURE_CHANNEL = 4
# Of the RP2040: the voltage of the core, of which the first 200 MHz need a little more than it has after a reset.
VOLTAGE = 0x40064000
VOLTAGE_BITS = 15 << 4
VOLTAGE_1V15 = 12 << 4
SETTLED_S = 0.002
# The contactor is watched so often, in an interrupt that nothing but writing to the flash can delay.
WATCH_MS = 10
# What decides there: two looks of 11 ms each, at samples that follow each other.
LOOKS = 2
LOOK = 128
# So many rounds of samples are kept: 27 ms for the looks at the pilot, 80 ms where there are transformers.
ROUNDS = 308
CT_ROUNDS = 924
# The driver is looked at again after so long, when it was still sending.
AGAIN_US = 150


class Input:
    """An input of the converter, which samples all of them in turn."""

    ring: "Ring"

    def __init__(self, source, channel):
        self.adc = ADC(source)
        self.channel = channel

    def code(self):
        return self.ring.codes[self.ring.newest(self.channel)]


class SerialPort(common.SerialPort):
    """A timer in hard context switches the driver off: no other task and no collection of garbage can delay that."""

    def __init__(self, number, tx, rx, de):
        self._timer = Timer(-1)
        # Nothing may be made in an interrupt, not even this.
        self._look_again = self._look
        self._sending = False
        super().__init__(number, tx, rx, de)

    def send(self, buf):
        self._timer.deinit()
        self._sending = True
        self._de.value(1)
        self._uart.write(buf)
        self._wait(len(buf) * self._char_us + AGAIN_US)

    def sent(self):
        return not self._sending

    def listen(self):
        self._timer.deinit()
        self._de.value(0)
        self._sending = False

    def _wait(self, us):
        self._timer.init(mode=Timer.ONE_SHOT, period=us, tick_hz=1000000, callback=self._look_again, hard=True)  # type: ignore[call-overload]

    def _look(self, _timer):
        if self._uart.txdone():
            self._de.value(0)
            self._sending = False
        else:
            self._wait(AGAIN_US)


class Board(common.Board):
    pilot_span_mv = 35967
    ct_span_mv = 3300
    ct_ends = (0, 4095)
    ct_together = True
    # MEMP_NUM_TCP_PCB of lwIP; who listens is not counted.
    connections = 5

    def __init__(self, name, pins, wifi, chip="rp2040", clock_hz=0):
        self._chip = chip
        self._clock_hz = clock_hz
        super().__init__(name, pins, wifi)
        self._sensor = Input(ADC.CORE_TEMP, TEMPERATURE_CHANNEL)
        self._windows = None
        self._watching = False
        self._fell = False
        self._start_ring([], ROUNDS)

    def _start_ring(self, cts, rounds):
        inputs = [self._pilot_adc, self._sensor] + ([self._proximity] if self._proximity else [])
        self._ring = Ring(self._chip, [part.channel for part in inputs] + cts, rounds)
        for part in inputs:
            part.ring = self._ring

    def read_pilot(self, codes):
        ring = self._ring
        if not ring.alive():
            return 0
        latest(ring.codes, ring.newest(self._pilot_adc.channel), ring.width, ring.size, codes)
        return len(codes)

    # ---- the contactor

    def set_contactor(self, on):
        self._watching = False
        super().set_contactor(on)
        if on:
            self._fell = False
            self._watching = True

    def watch_contactor(self, border, bottom, top):
        self._border = border
        self._bottom = bottom
        self._top = top
        self._watch = Timer(-1)
        self._watch.init(mode=Timer.PERIODIC, period=WATCH_MS, callback=self._look, hard=True)

    def contactor_fell(self):
        # Not taken and put back in one: what an interrupt sets in between would be lost.
        if not self._fell:
            return False
        self._fell = False
        return True

    def _look(self, _timer):
        """In an interrupt, where nothing can be made: it can only open."""
        if not self._watching:
            return
        ring = self._ring
        at = ring.newest(self._pilot_adc.channel)
        if gone(ring.codes, at, ring.width, ring.size, LOOK, LOOKS, self._border, self._bottom, self._top):
            self._contactor.value(0)
            self._watching = False
            self._fell = True

    # ---- the transformers

    def start_ct(self, phases, now):
        # Most boards have no transformers, and no need for its memory.
        from boards.chips.rp2_windows import Windows

        self._ring.stop()
        cts = [ct.channel for ct in self._cts[:phases]]
        self._start_ring(cts, CT_ROUNDS)
        self._windows = Windows(self._ring, cts, now)

    def ct_window(self):
        return None if self._windows is None else self._windows.window()

    def temperature_dc(self):
        """Of the chip itself: 27 degrees at 706 mV, and 1.721 mV less for each degree more.

        In steps of the converter: 437.23 degrees at 0, and 4794/10240 degrees less for each step.
        """
        return 4372 - (self._sensor.code() * 4794 >> 10)

    def start_watchdog(self, ms):
        super().start_watchdog(min(ms, LONGEST_WATCHDOG_MS))

    # ---- what the chip is asked for by boards.chips.common

    def _set_clock(self):
        if self._clock_hz:
            if self._chip == "rp2040":
                mem32[VOLTAGE] = mem32[VOLTAGE] & ~VOLTAGE_BITS | VOLTAGE_1V15
                sleep(SETTLED_S)
            freq(self._clock_hz)

    def _converter(self, gpio):
        return Input(Pin(gpio), gpio - FIRST_GPIO)

    def _millivolts(self, converter):
        return converter.code() * 3300 >> 12

    def _port(self, name, tx, rx, de):
        # The two UARTs take turns in groups of eight pins, from GP4 on.
        return SerialPort((tx + 4) // 8 % 2, tx, rx, de)
