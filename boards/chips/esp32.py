"""ESP32 and ESP32-S3."""

import esp32
from machine import ADC, Pin

from boards.chips import common

# The driver stays on so much longer than the bytes take: the UART may begin a little late.
AFTER_US = 200


class SerialPort(common.SerialPort):
    """A pulse of the chip's pulse generator switches the driver: once begun, nothing can make it longer or shorter.

    MicroPython has no RS485 mode here, and its timers have to wait for their turn.
    """

    def __init__(self, number, tx, rx, de):
        super().__init__(number, tx, rx, de)
        # In microseconds; low at rest.
        self._pulse = esp32.RMT(number, pin=Pin(de), clock_div=80)

    def send(self, buf):
        left = len(buf) * self._char_us + AFTER_US
        pulses = []
        while left > 0:
            pulses.append(min(left, esp32.RMT.PULSE_MAX))
            left -= pulses[-1]
        self._pulse.write_pulses(pulses, [True] * len(pulses))
        self._uart.write(buf)

    def sent(self):
        return not self._pulse.active()

    def listen(self):
        pass


class Board(common.Board):
    # The samples are calibrated millivolts, good from 150 to 2450 mV; on the line they are 1079/99 times as many.
    pilot_span_mv = 44642
    ct_span_mv = 4096
    ct_ends = (150, 2450)
    ct_together = False
    # Of 10 sockets five may listen, and one speaks mDNS.
    connections = 4

    def __init__(self, name, pins, wifi):
        super().__init__(name, pins, wifi)
        self._readings = None

    def read_pilot(self, codes):
        read = self._pilot_adc.read_uv
        count = 0
        for _ in range(len(codes)):
            try:
                codes[count] = read() // 1000
            except OSError:
                # A conversion came to nothing.
                continue
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

    def _converter(self, gpio):
        return ADC(Pin(gpio), atten=ADC.ATTN_11DB)

    def _millivolts(self, converter):
        return converter.read_uv() // 1000

    def _port(self, name, tx, rx, de):
        # Any UART reaches any pin; number 0 is the console.
        return SerialPort(1 if name == "meter" else 2, tx, rx, de)
