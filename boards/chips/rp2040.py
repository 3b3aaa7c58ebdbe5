"""RP2040: Pico, Pico W and boards like them."""

from machine import ADC, Pin

from boards.chips import common

LONGEST_WATCHDOG_MS = 8388
# Pilot line millivolts per 4096 steps of the converter, which measures in parts of 3.3 V.
PILOT_SPAN = 35967
# Channel 0 of the converter.
FIRST_GPIO = 26
TEMPERATURE_CHANNEL = 4


class Input:
    """An input of the converter, read when asked for, or by the stream once that has taken the converter."""

    stream = None

    def __init__(self, source, channel):
        self.adc = ADC(source)
        self.channel = channel

    def code(self):
        if self.stream is None:
            return self.adc.read_u16() >> 4
        return self.stream.ring[self.stream.newest(self.channel)]


class Board(common.Board):
    ct_span_mv = 3300
    ct_ends = (0, 4095)
    ct_together = True

    def __init__(self, name, pins, wifi):
        super().__init__(name, pins, wifi, converter, millivolts, uart_number)
        self._sensor = Input(ADC.CORE_TEMP, TEMPERATURE_CHANNEL)
        self._stream = None

    def read_pilot(self, samples):
        if self._stream is not None:
            return self._pilot_from_stream(self._stream, samples)
        read = self._pilot_adc.adc.read_u16
        for i in range(len(samples)):
            samples[i] = ((read() >> 4) * PILOT_SPAN >> 12) + common.PILOT_ZERO
        return len(samples)

    def _pilot_from_stream(self, stream, samples):
        if not stream.harvest():
            return 0
        ring, width = stream.ring, stream.width
        at = stream.newest(self._pilot_adc.channel)
        count = min(len(samples), stream.history)
        for i in range(count):
            # Below 0 it goes on from the end of the ring.
            samples[i] = (ring[at] * PILOT_SPAN >> 12) + common.PILOT_ZERO
            at -= width
        return count

    def start_ct(self, phases, now):
        # Most boards have no transformers, and no need for its memory.
        from boards.chips.rp2040_stream import Stream

        cts = [ct.channel for ct in self._cts[:phases]]
        inputs = [self._pilot_adc, self._sensor] + ([self._proximity] if self._proximity else [])
        if self._stream is not None:
            self._stream.stop()
        self._stream = Stream([part.channel for part in inputs] + cts, cts, now)
        for part in inputs:
            part.stream = self._stream

    def ct_window(self):
        return None if self._stream is None else self._stream.window()

    def temperature_dc(self):
        """Of the chip itself: 27 degrees at 706 mV, and 1.721 mV less for each degree more.

        In steps of the converter: 437.23 degrees at 0, and 4794/10240 degrees less for each step.
        """
        return 4372 - (self._sensor.code() * 4794 >> 10)

    def start_watchdog(self, ms):
        super().start_watchdog(min(ms, LONGEST_WATCHDOG_MS))


def converter(gpio):
    return Input(Pin(gpio), gpio - FIRST_GPIO)


def millivolts(converter):
    return converter.code() * 3300 >> 12


def uart_number(_port, tx):
    """The two UARTs take turns in groups of eight pins, from GP4 on."""
    return (tx + 4) // 8 % 2
