"""RP2040: Pico, Pico W and boards like them."""

from machine import ADC, Pin

from boards.chips import common

LONGEST_WATCHDOG_MS = 8388
# Pilot line millivolts per 4096 steps of the converter, which measures in parts of 3.3 V.
PILOT_SPAN = 35967


class Board(common.Board):
    def __init__(self, name, pins, wifi):
        super().__init__(name, pins, wifi, converter, millivolts, uart_number)
        self._sensor = ADC(ADC.CORE_TEMP)

    def read_pilot(self, samples):
        read = self._pilot_adc.read_u16
        for i in range(len(samples)):
            samples[i] = ((read() >> 4) * PILOT_SPAN >> 12) + common.PILOT_ZERO
        return len(samples)

    def temperature_dc(self):
        """Of the chip itself: 27 degrees at 706 mV, and 1.721 mV less for each degree more.

        In steps of the converter: 437.23 degrees at 0, and 4794/10240 degrees less for each step.
        """
        return 4372 - ((self._sensor.read_u16() >> 4) * 4794 >> 10)

    def start_watchdog(self, ms):
        super().start_watchdog(min(ms, LONGEST_WATCHDOG_MS))


def converter(gpio):
    return ADC(Pin(gpio))


def millivolts(converter):
    return (converter.read_u16() >> 4) * 3300 >> 12


def uart_number(_port, tx):
    """The two UARTs take turns in groups of eight pins, from GP4 on."""
    return (tx + 4) // 8 % 2
