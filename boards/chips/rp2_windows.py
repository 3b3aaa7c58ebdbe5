"""What the ring of an RP2040 or RP2350 holds of the transformers, as windows of samples."""

from array import array

from boards.chips.rp2_viper import pick

WINDOW = 210
# Of the samples of the ring, one in so many makes the 1050 per second that a window has.
EVERY = 11
# The ring holds 80 ms.
LATE_MS = 70
TICKS_MASK = 0x3FFFFFFF


class Windows:
    """`cts`: channels of the transformers from L1 on; now() is the time in wrapped ms."""

    def __init__(self, ring, cts, now):
        self._ring = ring
        self._cts = cts
        self._now = now
        self._full = array("H", bytes(2 * WINDOW * len(cts)))
        self._filling = array("H", bytes(2 * WINDOW * len(cts)))
        self._begin()

    def _begin(self):
        self._fresh = False
        self._fill = 0
        self._starts = self._ring.starts
        self._next = self._ring.round() // EVERY
        self._looked = self._now()

    def window(self):
        """The samples of a whole window, phase after phase, once; None while there is no new one."""
        self._harvest()
        if not self._fresh:
            return None
        self._fresh = False
        return self._full

    def _harvest(self):
        """Takes what has come."""
        ring, now = self._ring, self._now()
        if ring.starts != self._starts or (now - self._looked) & TICKS_MASK > LATE_MS:
            # Begun anew, or once around or more: which samples are missing cannot be told.
            self._begin()
            return
        self._looked = now
        upto = ring.round() // EVERY
        while self._next != upto:
            end = upto if upto > self._next else ring.rounds // EVERY
            self._take(min(end - self._next, WINDOW - self._fill))

    def _take(self, count):
        ring = self._ring
        step = EVERY * ring.width
        for phase in range(len(self._cts)):
            at = self._next * step + ring.place(self._cts[phase])
            pick(ring.codes, at, step, count, self._filling, phase * WINDOW + self._fill)
        self._next = (self._next + count) % (ring.rounds // EVERY)
        self._fill += count
        if self._fill == WINDOW:
            self._full, self._filling = self._filling, self._full
            self._fill = 0
            self._fresh = True
