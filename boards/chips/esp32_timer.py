"""The transformers of an ESP32, read by a timer: one reading at a time, 1050 per second, one phase after the other.

Without DMA every reading costs the processor about 0.1 ms. The phases in turn take a third of what all of them at
once would; a reading of three phases is then 0.6 s in the making. The timer calls between two steps of whatever
runs, so no task is held up for longer than one reading.
"""

from array import array

from machine import Timer

RATE = 1050
WINDOW = 210
# UARTs may use timer 0.
TIMER = 1
# A call that comes later than this was held up: the moments of these samples are wrong.
LATE_MS = 2
# So many calls may wait and then come all at once.
QUEUE = 8
TICKS_MASK = 0x3FFFFFFF


class TimedReadings:
    """`converters`: one for each phase; now() is the time in wrapped ms."""

    def __init__(self, converters, now):
        self._converters = converters
        self._now = now
        self._full = array("H", bytes(2 * WINDOW * len(converters)))
        self._filling = array("H", bytes(2 * WINDOW * len(converters)))
        self._at = 0
        self._fresh = False
        self._skip = 0
        self._last = now()
        self._timer = Timer(TIMER)
        self._timer.init(mode=Timer.PERIODIC, freq=RATE, callback=self._take)

    def window(self):
        """The samples of a whole window, phase after phase, once; None while there is no new one."""
        if not self._fresh:
            return None
        self._fresh = False
        return self._full

    def _take(self, _):
        now = self._now()
        if (now - self._last) & TICKS_MASK > LATE_MS:
            self._skip = QUEUE
        self._last = now
        if self._skip:
            self._skip -= 1
            self._again()
            return
        try:
            self._filling[self._at] = self._converters[self._at // WINDOW].read_uv() // 1000
        except OSError:
            # A conversion came to nothing.
            self._again()
            return
        self._at += 1
        if self._at == len(self._filling):
            self._at = 0
            self._full, self._filling = self._filling, self._full
            self._fresh = True

    def _again(self):
        """The window of this phase begins anew."""
        self._at -= self._at % WINDOW
