"""The converter of an RP2040 or RP2350 running by itself: all its inputs in turn, into a ring that the DMA fills.

While it runs, a single reading by hand would spoil the order, so everything analogue is read here. It costs no time of
the processor, goes on while the flash is written, and an interrupt can look at what has just been.
Each input is read 11550 times per second: 128 in a row, 11 ms, see the 1 kHz of the pilot at 128 different moments of
its wave, and one in eleven makes the 1050 per second of a transformer.

A second DMA channel puts the first back to the beginning of the ring. So a program that is held up loses samples,
but nothing is ever written beside the ring.
"""

from array import array
from time import ticks_diff, ticks_ms

from machine import mem32
from rp2 import DMA

RATE = 11550
# Before so many rounds there is too little to look at.
FEWEST = 128
START_MS = 50
STILL_MS = 1

# Where the converter is, and its request to the DMA.
CONVERTERS = {"rp2040": (0x4004C000, 36), "rp2350": (0x400A0000, 48)}
CS, FCS, FIFO, DIV = 0, 8, 12, 16
CLOCK_HZ = 48000000
CS_ON = 1 << 0 | 1 << 1  # with the temperature sensor
CS_MANY = 1 << 3
CS_READY = 1 << 8
FCS_ON = 1 << 0 | 1 << 3 | 1 << 24  # a DMA request for every sample
FCS_LOST = 1 << 10 | 1 << 11
# Writing here sets where a DMA channel writes, and starts it.
WRITE_TRIGGER = 0x5000002C
DMA_STEP = 0x40


class Ring:
    """`codes`: the samples, of so many rounds through all `channels` that are in use; those of one are `width` apart.

    `starts` tells how often it was begun.
    """

    def __init__(self, chip, channels, rounds):
        base, self._request = CONVERTERS[chip]
        # These numbers are objects on a chip: made once, not at every look.
        self._cs, self._fcs, self._fifo, self._div = base + CS, base + FCS, base + FIFO, base + DIV
        self.rounds = rounds
        self.width = len(channels)
        self.size = rounds * self.width
        self.starts = 0
        self.codes = array("H", bytes(2 * self.size))
        self._order = sorted(channels)
        self._place = bytearray(16)
        for place, channel in enumerate(self._order):
            self._place[channel] = place
        self._seen = 0
        self._dma = DMA()
        self._again = DMA()
        # The channel knows the address of what it is told to write to.
        self._dma.write = self.codes  # type: ignore[attr-defined]
        self._begin = array("I", [self._dma.write])  # type: ignore[attr-defined]
        self.start()

    def start(self) -> None:
        """Begins anew, and waits until the first samples are there."""
        self._halt()
        dma, again = self._dma, self._again
        again.config(
            read=self._begin,
            write=WRITE_TRIGGER + DMA_STEP * dma.channel,  # type: ignore[attr-defined]
            count=1,
            ctrl=again.pack_ctrl(size=2, inc_read=False, inc_write=False),
        )
        dma.config(
            read=self._fifo,
            write=self.codes,
            count=self.size,
            ctrl=dma.pack_ctrl(
                size=1,
                inc_read=False,
                treq_sel=self._request,
                chain_to=again.channel,  # type: ignore[attr-defined]
            ),
            trigger=True,
        )
        # In parts of 256; one clock more than the register says.
        mem32[self._div] = CLOCK_HZ * 256 // (RATE * self.width) - 256
        mem32[self._fcs] = FCS_ON
        mask = 0
        for channel in self._order:
            mask |= 1 << channel
        control = CS_ON | self._order[0] << 12 | mask << 16
        mem32[self._cs] = control
        mem32[self._cs] = control | CS_MANY
        begun = ticks_ms()
        while self.round() < FEWEST and ticks_diff(ticks_ms(), begun) < START_MS:
            pass
        self._seen = 0
        self.starts += 1

    def stop(self) -> None:
        """For good: another ring takes the converter."""
        self._halt()
        self._dma.close()
        self._again.close()

    def alive(self) -> bool:
        """False when the converter stood still or lost its order, and was started again."""
        done = self.round()
        if mem32[self._fcs] & FCS_LOST or (done == self._seen and self._stands_still(done)):
            self.start()
            return False
        self._seen = done
        return True

    def _stands_still(self, done):
        begun = ticks_ms()
        while self.round() == done:
            if ticks_diff(ticks_ms(), begun) > STILL_MS:
                return True
        return False

    def round(self) -> int:
        """Of the rounds through all inputs, the one that is under way."""
        return (self.size - self._dma.count) // self.width % self.rounds  # type: ignore[attr-defined]

    def newest(self, channel: int) -> int:
        """Where in the ring the latest sample of a channel is."""
        return (self.round() - 1) % self.rounds * self.width + self._place[channel]

    def place(self, channel: int) -> int:
        """Where in each round the sample of a channel is."""
        return self._place[channel]

    def _halt(self):
        """The converter is free for single readings again, nothing is left in its queue."""
        mem32[self._cs] = CS_ON
        while not mem32[self._cs] & CS_READY:
            pass
        self._dma.active(0)
        self._again.active(0)
        mem32[self._fcs] = FCS_LOST
        while mem32[self._fcs] >> 16 & 15:
            mem32[self._fifo]
