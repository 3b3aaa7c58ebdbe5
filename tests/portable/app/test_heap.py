import gc
import sys

from checks import equal
from fairamp.units import TICKS_MASK
from fairamp_box import heap
from fairamp_box.heap import forget

MICROPYTHON = hasattr(gc, "mem_free")


class Line:
    def __init__(self):
        self.busy = False
        self.ended = None

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

    def mem_free(self):
        return 44000


def passing(tidy, start, begin, end):
    """Ticks from one moment to another."""
    for ms in range(begin, end, 20):
        tidy((start + ms) & TICKS_MASK)


def test_garbage_goes_when_the_lines_are_quiet():
    if not MICROPYTHON:
        return
    for start in (0, TICKS_MASK - 1500):
        with Counted() as counted:
            line = Line()
            tidy = heap.Heap([Line(), line], None, start).tidy
            # At the beginning, and then every two seconds with so much free.
            equal(counted.count, 1)
            passing(tidy, start, 0, 2000)
            equal(counted.count, 1)
            line.busy = True
            passing(tidy, start, 2000, 3480)
            equal(counted.count, 1)
            line.busy = False
            passing(tidy, start, 3480, 3500)
            equal(counted.count, 2)
            # A line that is never quiet does not fill the heap.
            line.busy = True
            passing(tidy, start, 3500, 6980)
            equal(counted.count, 2)
            passing(tidy, start, 6980, 7000)
            equal(counted.count, 3)


def test_garbage_goes_right_after_an_answer():
    if not MICROPYTHON:
        return
    with Counted() as counted:
        served = Line()
        tidy = heap.Heap([served], served, 0).tidy
        served.ended = 1900
        passing(tidy, 0, 0, 2500)
        equal(counted.count, 1)
        served.ended = 2490
        tidy(2510)
        equal(counted.count, 2)
        # Without an answer, any quiet moment will do after a while ...
        passing(tidy, 0, 2520, 5500)
        equal(counted.count, 2)
        tidy(5520)
        equal(counted.count, 3)
        # ... and when nobody has asked for long, at once.
        passing(tidy, 0, 5540, 7520)
        equal(counted.count, 3)
        tidy(7540)
        equal(counted.count, 4)


def test_a_full_heap_is_tidied_more_often():
    if not MICROPYTHON:
        return
    for free, period in ((5000, 1000), (66000, 3000), (1000000, 4000)):
        with Counted() as counted:
            counted.mem_free = lambda free=free: free
            tidy = heap.Heap([], None, 0).tidy
            passing(tidy, 0, 0, period)
            equal(counted.count, 1)
            tidy(period)
            equal(counted.count, 2)


def test_no_threshold_collects_in_the_middle_of_a_tick():
    if not MICROPYTHON or not hasattr(gc, "threshold"):
        return
    before = gc.threshold()
    try:
        gc.threshold(16384)
        heap.Heap([], None, 0)
        equal(gc.threshold(), -1)
        gc.collect()
        small = gc.mem_free() < 400000
        heap.start_small()
        equal(gc.threshold(), 16384 if small else -1)
    finally:
        gc.threshold(before)


def test_a_forgotten_module_is_gone_from_its_package_too():
    import fairamp.sharing.mappings

    forget(["fairamp.sharing.mappings", "fairamp.never_loaded"])
    assert "fairamp.sharing.mappings" not in sys.modules and not hasattr(fairamp, "mappings")
    from fairamp.sharing.mappings import MAPPINGS  # and can be had again

    assert MAPPINGS
