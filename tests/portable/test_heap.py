import gc

from checks import equal
from fairamp.units import TICKS_MASK
from fairamp_box import heap

# As in fairamp_box.heap; compiled for a chip, its constants have no names.
PERIOD_MS, PATIENCE_MS, SMALL_BYTES, EARLY_BYTES = 1000, 500, 400000, 16384
MICROPYTHON = hasattr(gc, "mem_free")


class Line:
    def __init__(self):
        self.busy = False

    def quiet(self):
        return not self.busy


class Counted:
    """Counts collections while a test runs."""

    def __enter__(self):
        self.count = 0
        self._gc = heap.gc
        heap.gc = self
        return self

    def __exit__(self, *_):
        heap.gc = self._gc

    def __getattr__(self, name):
        return getattr(self._gc, name)

    def collect(self):
        self.count += 1


def test_garbage_goes_when_the_lines_are_quiet():
    if not MICROPYTHON:
        return
    for start in (0, TICKS_MASK - 1500):
        with Counted() as counted:
            line = Line()
            tidy = heap.Heap([Line(), line], start).tidy
            equal(counted.count, 1)
            for ms in range(0, PERIOD_MS, 20):
                tidy((start + ms) & TICKS_MASK)
            equal(counted.count, 1)
            line.busy = True
            tidy((start + PERIOD_MS) & TICKS_MASK)
            tidy((start + PERIOD_MS + PATIENCE_MS - 1) & TICKS_MASK)
            equal(counted.count, 1)
            line.busy = False
            tidy((start + PERIOD_MS + 400) & TICKS_MASK)
            equal(counted.count, 2)
            # A line that is never quiet does not fill the heap.
            line.busy = True
            for ms in range(PERIOD_MS + 400, 2 * PERIOD_MS + PATIENCE_MS + 401, 20):
                tidy((start + ms) & TICKS_MASK)
            equal(counted.count, 3)


def test_no_threshold_collects_in_the_middle_of_a_tick():
    if not MICROPYTHON or not hasattr(gc, "threshold"):
        return
    before = gc.threshold()
    try:
        gc.threshold(EARLY_BYTES)
        heap.Heap([], 0)
        equal(gc.threshold(), -1)
        gc.collect()
        small = gc.mem_free() < SMALL_BYTES
        heap.start_small()
        equal(gc.threshold(), EARLY_BYTES if small else -1)
    finally:
        gc.threshold(before)
