"""A week on the heap of a small chip: nothing that happens every day may take memory for good."""

import pytest

from tests.conftest import run_program

DAYS = 7
# Times and counts in the lines of the log have more digits at the end of the week.
MORE_DIGITS = 256
TIMEOUT_S = 900
# Whether it grows is the question, not whether it is enough: each module is loaded for itself here.
HEAP = "300k"


@pytest.mark.soak
def test_the_heap_does_not_grow_over_a_week() -> None:
    days = [line.split() for line in run_program("mp32", "week_of_box", timeout_s=TIMEOUT_S, heap=HEAP).splitlines()]
    assert [int(number) for _, number, _ in days] == list(range(1, DAYS + 1))
    used = [int(size) for _, _, size in days]
    assert max(used) <= used[0] + MORE_DIGITS, used
