"""What the table says of the heap holds on 32-bit MicroPython: from a pack, and in place from a ROMFS image."""

import pytest

from fairamp_desk.chips.memory_table import ROWS
from tests import heap

SPAN = 2048


def test_the_table_has_all_rows() -> None:
    assert tuple(ROWS) == heap.rows(), "run `python -m tests.heap`"


@pytest.mark.parametrize("place", heap.PLACES)
@pytest.mark.parametrize("row", heap.rows())
def test_nothing_takes_more_than_the_table_says(row: str, place: str) -> None:
    said = ROWS[row][heap.PLACES.index(place)]
    assert heap.measured(row, place) <= said + SPAN, "run `python -m tests.heap` if that is meant"


@pytest.mark.parametrize("place", heap.PLACES)
def test_all_together_take_no_more_than_their_sum(place: str) -> None:
    said = sum(ROWS[step][heap.PLACES.index(place)] for step in heap.STEPS)
    assert heap.steps(place)[heap.STEPS[-1]] <= said + SPAN


def test_in_place_code_takes_no_heap() -> None:
    assert heap.steps("rom")["application"] < 0.65 * heap.steps("pack")["application"]
