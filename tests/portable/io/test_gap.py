"""The silence that ends a frame on a serial line: 3.5 characters, and 1.75 ms at the least however fast it is."""

import asyncio

from still_clock import StillClock

from checks import equal
from fairamp_box.io.rs485 import Rs485


class Clock(StillClock):
    """Counts in microseconds; a sleep ends with a whole millisecond, as on a chip."""

    def __init__(self, us):
        super().__init__()
        self.us = us

    def moment_us(self):
        return self.us

    def past_us(self, then):
        return self.us - then

    async def sleep(self, ms):
        self.us = (self.us // 1000 + ms) * 1000


class Port:
    stream = None

    def init(self, baud, parity, stop):
        pass

    def listen(self):
        pass

    def any(self):
        return 1

    def readinto(self, buffer):
        return 1


def silence(baud, us):
    """How long it is waited after a byte that came at that moment, in microseconds."""
    clock = Clock(us)
    line = Rs485(Port(), clock, baud)

    async def story():
        await line.first()
        await line.gap()

    asyncio.run(story())
    return line.gap_ms, clock.us - us


def test_a_fast_line_waits_as_long_as_the_standard_has_it():
    for baud, least_us, gap_ms in ((9600, 3646, 4), (19200, 1822, 2), (38400, 1750, 2), (115200, 1750, 2)):
        for us in (0, 1, 400, 999):
            found, waited = silence(baud, us)
            equal((baud, found), (baud, gap_ms))
            assert least_us <= waited < least_us + 1000, (baud, us, waited)
