"""What the application takes of a small chip's heap: from files, and in place."""

from tests import heap


def run() -> None:
    for row in heap.rows():
        print(f"{row:16}" + "".join(f"  {place} {heap.measured(row, place):7}" for place in heap.PLACES))
