"""ESP32 and ESP32-S3."""

import esp32
from machine import ADC, Pin

from boards.chips import common


class Board(common.Board):
    # The samples are calibrated millivolts, good from 150 to 2450 mV.
    ct_span_mv = 4096
    ct_ends = (150, 2450)
    ct_together = False

    def __init__(self, name, pins, wifi):
        super().__init__(name, pins, wifi, converter, millivolts, uart_number)
        self._readings = None

    def read_pilot(self, samples):
        read = self._pilot_adc.read_uv
        count = 0
        for _ in range(len(samples)):
            try:
                millivolts = read() // 1000
            except OSError:
                # A conversion came to nothing.
                continue
            samples[count] = millivolts * 1079 // 99 + common.PILOT_ZERO
            count += 1
        return count

    def start_ct(self, phases, now):
        from boards.chips.esp32_timer import TimedReadings

        self._readings = TimedReadings(self._cts[:phases], now)

    def ct_window(self):
        return None if self._readings is None else self._readings.window()

    def temperature_dc(self):
        """Of the chip itself; the first ESP32 has no sensor worth the name."""
        if not hasattr(esp32, "mcu_temperature"):
            return None
        try:
            return 10 * esp32.mcu_temperature()
        except OSError:
            return None


def converter(gpio):
    return ADC(Pin(gpio), atten=ADC.ATTN_11DB)


def millivolts(converter):
    return converter.read_uv() // 1000


def uart_number(port, _tx):
    """Any UART reaches any pin; number 0 is the console."""
    return 1 if port == "meter" else 2
