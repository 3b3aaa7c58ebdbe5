"""The heap of MicroPython, seen in the chip's memory from outside, without the names of any image.

MicroPython keeps, side by side: where the table of its blocks begins, how many bytes that is, (where the table of
finalisers begins,) and first and last address of the blocks. Four blocks of 16 bytes stand in one byte of the table:
0 is free, 1 the head of something, 2 its tail, 3 a head that a collection has marked.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

from tests.chip.emulator.core import RAM_BYTES, RAM_START
from tests.chip.pico import MS, Pico

BLOCK = 16
PER_BYTE = 4
LEAST_TABLE, MOST_TABLE = 256, 0x4000
# Distance of the table's start and the first block among the words that lie side by side.
POOL_AT = (3, 2)
# For each value of a byte of the table: free blocks in it, and those at its beginning and end.
FREE = [sum(not byte >> 2 * at & 3 for at in range(PER_BYTE)) for byte in range(256)]


def run_of(byte: int, order: range) -> int:
    count = 0
    for at in order:
        if byte >> 2 * at & 3:
            break
        count += 1
    return count


HEAD = [run_of(byte, range(PER_BYTE)) for byte in range(256)]
TAIL = [run_of(byte, range(PER_BYTE - 1, -1, -1)) for byte in range(256)]
INSIDE = [max(run_of(byte, range(at, PER_BYTE)) for at in range(PER_BYTE)) for byte in range(256)]


@dataclass
class Fill:
    """In bytes; `hole` is the largest one."""

    total: int
    free: int
    hole: int

    @property
    def used(self) -> int:
        return self.total - self.free


@dataclass
class Collection:
    """Of garbage: when it began, how long it took, and what was left after it. Times in ms."""

    began: float
    took: float
    after: Fill


class Heap:
    """Watches from now on; `collections` grows. Say `restart()` after a reset."""

    def __init__(self, pico: Pico) -> None:
        self.pico = pico
        self.collections: list[Collection] = []
        self._table = self._bytes = 0
        self._refused = 0
        pico.chip.collected = self._collected
        pico.chip.on_reset = self._after_reset(pico.chip.on_reset)
        refuse = pico.image.address("m_malloc_fail")
        if refuse:
            pico.chip.core.hook(refuse, self._refuse)

    def _after_reset(self, others: Callable[[str], object]) -> Callable[[str], object]:
        def reset(kind: str) -> None:
            self._table = 0
            others(kind)

        return reset

    def find(self) -> bool:
        """Looks for the heap; it is there as soon as MicroPython has started."""
        place = find_table(self.pico.chip.core.words())
        if not place:
            return False
        self._table, self._bytes = place
        state = self.pico.chip.core.state
        state.table, state.table_bytes, state.marks = self._table, self._bytes, 0
        return True

    def fill(self) -> Fill:
        if not self._table and not self.find():
            raise LookupError("no heap of MicroPython in the chip's memory")
        start = self._table - RAM_START
        return measure(self.pico.chip.core.ram[start : start + self._bytes])

    def _collected(self) -> None:
        state = self.pico.chip.core.state
        took = (state.now - state.first_mark) / MS
        self.collections.append(Collection(state.first_mark / MS, took, self.fill()))

    def _refuse(self) -> None:
        self._refused += 1

    def memory_errors(self) -> int:
        """Raised ones where the names in the image are known, else those in the log."""
        return max(self._refused, self.pico.said("MemoryError"))


def find_table(words: array) -> tuple[int, int] | None:
    """(address, bytes) of the table."""
    end = RAM_START + RAM_BYTES
    for at in range(len(words) - max(POOL_AT) - 1):
        table, length = words[at], words[at + 1]
        if not (RAM_START <= table < end and LEAST_TABLE <= length <= MOST_TABLE):
            continue
        for pool_at in POOL_AT:
            first, last = words[at + pool_at], words[at + pool_at + 1]
            if table + length <= first < last <= end and last - first == length * PER_BYTE * BLOCK:
                return table, length
    return None


def measure(table: bytes | bytearray) -> Fill:
    free = hole = run = 0
    for byte in table:
        if byte == 0:
            run += PER_BYTE
            free += PER_BYTE
            continue
        free += FREE[byte]
        hole = max(hole, run + HEAD[byte], INSIDE[byte])
        run = TAIL[byte]
    return Fill(len(table) * PER_BYTE * BLOCK, free * BLOCK, max(hole, run) * BLOCK)
