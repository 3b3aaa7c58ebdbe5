"""The converter of an RP2040 running by itself: all its inputs in turn, into a ring that the DMA fills.

While it runs, a single reading by hand would spoil the order, so pilot, cable and temperature are read here too.
The ring holds 80 ms. Each input is read 11550 times per second: one in eleven makes the 1050 per second of a
transformer, and 128 in a row, 11 ms, see the 1 kHz of the pilot at 128 different moments of its wave.

A second DMA channel puts the first back to the beginning of the ring. So a program that is held up loses samples,
but nothing is ever written beside the ring.
"""

from array import array

from machine import mem32
from rp2 import DMA

RATE = 1050
WINDOW = 210
EVERY = 11
ROUNDS = 84 * EVERY
LATE_MS = 70
START_MS = 50
TICKS_MASK = 0x3FFFFFFF

CLOCK_HZ = 48000000
CS = 0x4004C000
FCS = 0x4004C008
FIFO = 0x4004C00C
DIV = 0x4004C010
CS_ON = 1 << 0 | 1 << 1  # with the temperature sensor
CS_MANY = 1 << 3
CS_READY = 1 << 8
FCS_ON = 1 << 0 | 1 << 3 | 1 << 24  # a DMA request for every sample
FCS_LOST = 1 << 10 | 1 << 11
ADC_REQUEST = 36
# Writing here sets where a DMA channel writes, and starts it.
WRITE_TRIGGER = 0x5000002C
DMA_STEP = 0x40


def _pick(ring, at, step, count, out, fill):
    """Copies every so many-th sample of the ring, from `at` on, to out[fill : fill + count]."""
    for index in range(fill, fill + count):
        out[index] = ring[at]
        at += step


try:
    from boards.chips.rp2040_viper import pick
except (NameError, SyntaxError):
    pick = _pick


class Stream:
    """`channels` of the converter that are in use, `cts` those of the transformers; now() is the time in wrapped ms."""

    history = 128  # of so many samples of each input, one can be sure

    def __init__(self, channels, cts, now):
        self.width = len(channels)
        self.size = ROUNDS * self.width
        self.ring = array("H", bytes(2 * self.size))
        self._order = sorted(channels)
        self._cts = [self._order.index(channel) for channel in cts]
        self._now = now
        self._full = array("H", bytes(2 * WINDOW * len(cts)))
        self._filling = array("H", bytes(2 * WINDOW * len(cts)))
        self._dma = DMA()
        self._again = DMA()
        # The channel knows the address of what it is told to write to.
        self._dma.write = self.ring  # type: ignore[attr-defined]
        self._begin = array("I", [self._dma.write])  # type: ignore[attr-defined]
        self.start()

    def start(self) -> None:
        """Begins anew, and waits until the first samples are there."""
        self.stop()
        self._fresh = False
        self._fill = self._next = self._seen = 0
        dma, again = self._dma, self._again
        again.config(
            read=self._begin,
            write=WRITE_TRIGGER + DMA_STEP * dma.channel,  # type: ignore[attr-defined]
            count=1,
            ctrl=again.pack_ctrl(size=2, inc_read=False, inc_write=False),
        )
        dma.config(
            read=FIFO,
            write=self.ring,
            count=self.size,
            ctrl=dma.pack_ctrl(
                size=1,
                inc_read=False,
                treq_sel=ADC_REQUEST,
                chain_to=again.channel,  # type: ignore[attr-defined]
            ),
            trigger=True,
        )
        # In parts of 256; one clock more than the register says.
        mem32[DIV] = CLOCK_HZ * 256 // (RATE * EVERY * self.width) - 256
        mem32[FCS] = FCS_ON
        mask = 0
        for channel in self._order:
            mask |= 1 << channel
        control = CS_ON | self._order[0] << 12 | mask << 16
        mem32[CS] = control
        mem32[CS] = control | CS_MANY
        self._looked = self._now()
        while self._round() < self.history and (self._now() - self._looked) & TICKS_MASK < START_MS:
            pass
        self._looked = self._now()

    def stop(self) -> None:
        """The converter is free for single readings again, nothing is left in its queue."""
        mem32[CS] = CS_ON
        while not mem32[CS] & CS_READY:
            pass
        self._dma.active(0)
        self._again.active(0)
        mem32[FCS] = FCS_LOST
        while mem32[FCS] >> 16 & 15:
            mem32[FIFO]

    def newest(self, channel: int) -> int:
        """Where in the ring the latest sample of a channel is; those before it are `width` apart."""
        return (self._round() - 1) % ROUNDS * self.width + self._order.index(channel)

    def harvest(self) -> bool:
        """Takes what has come for the transformers; False when the converter stood still, and was started again."""
        now = self._now()
        passed = (now - self._looked) & TICKS_MASK
        done = self._round()
        if mem32[FCS] & FCS_LOST or (done == self._seen and passed > 1):
            self.start()
            return False
        self._looked = now
        self._seen = done
        upto = done // EVERY
        if passed > LATE_MS:
            # Once around, or more: which samples are missing cannot be told.
            self._fill = 0
            self._next = upto
        while self._next != upto:
            end = upto if upto > self._next else ROUNDS // EVERY
            self._take(min(end - self._next, WINDOW - self._fill))
        return True

    def window(self):
        """The samples of a whole window, phase after phase, once; None while there is no new one."""
        self.harvest()
        if not self._fresh:
            return None
        self._fresh = False
        return self._full

    def _round(self):
        """Of the rounds through all inputs, the one that is under way."""
        return (self.size - self._dma.count) // self.width % ROUNDS  # type: ignore[attr-defined]

    def _take(self, count):
        step = EVERY * self.width
        for phase in range(len(self._cts)):
            at = self._next * step + self._cts[phase]
            pick(self.ring, at, step, count, self._filling, phase * WINDOW + self._fill)
        self._next = (self._next + count) % (ROUNDS // EVERY)
        self._fill += count
        if self._fill == WINDOW:
            self._full, self._filling = self._filling, self._full
            self._fill = 0
            self._fresh = True
