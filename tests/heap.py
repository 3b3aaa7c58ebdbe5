"""Runs the programs that measure heap on 32-bit MicroPython: from a pack, and in place from a ROMFS image.

`python -m tests.heap` measures everything and writes it into host/fairamp_desk/chips/memory_table.py.
"""

import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from fairamp.managers import NAMES
from fairamp_desk.chips import bundle, memory_table, pack, romfs
from tests import runtimes

# Modules keep the paths of their files: what is measured must not depend on where this folder lies.
HERE = "_"
# The image itself lies in this heap, too.
HEAP = "2m"
TIMEOUT_S = 60
PLACES = ("pack", "rom")
TABLE = Path(memory_table.__file__)
BEGIN, END = "# measured, begin\n", "# measured, end\n"

# The application has the first one.
DIALECTS = NAMES[1:]
# Row -> settings under which the application is that much larger, or smaller.
BY_SETTINGS = {
    **{f"serial_{name}": {"ems": {"serial_map": name}} for name in DIALECTS},
    "meter_other": {"meter": {"model": "cg_em24_rtu"}},
    "meter_tcp": {"meter": {"model": "eastron_sdm630", "host": "127.0.0.1"}},
    "meter_http": {"meter": {"model": "homewizard_p1", "host": "127.0.0.1"}},
    "meter_p1": {"meter": {"model": "dsmr_p1"}},
    "meter_tic": {"meter": {"model": "tic_linky"}},
    "meter_ct": {"meter": {"model": "ct"}},
    "meter_push": {"meter": {"model": "push"}},
}
# What comes on top of each other, in this order: all that a box can do at once.
BOARD = ("board", "transformers")
STEPS = ("application", "mdns", "network", "ntp", *DIALECTS, "web", "check")


@cache
def files(board: str) -> dict[str, bytes]:
    """The application as both places have it, and what reads the pack."""
    made = bundle.build(board)
    modules = made.modules()
    return {"pack": pack.packed(modules), "rom": romfs.image(modules), bundle.READER: made.read(bundle.READER)}


def run(program: str, place: str, board: str, *arguments: str) -> dict[str, int]:
    """What the program prints: step -> bytes in use."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files(board).items():
            Path(folder, name).write_bytes(content)
        Path(folder, HERE).symlink_to(runtimes.ROOT)
        done = subprocess.run(
            [*runtimes.command("mp32", HEAP), f"{HERE}/tests/portable/programs/{program}", place, *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            cwd=folder,
            env={**os.environ, "MICROPYPATH": f".frozen:.:{HERE}"},
        )
    if done.returncode:
        raise RuntimeError(f"{program} {place} {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return {name: int(size) for name, size in (line.split() for line in done.stdout.splitlines())}


def application(place: str, changes: dict, *steps: str) -> dict[str, int]:
    return run("heap_of_app.py", place, "pico_w", json.dumps(changes), *steps)


@cache
def steps(place: str) -> dict[str, int]:
    return application(place, {}, *STEPS)


@cache
def board(place: str) -> dict[str, int]:
    return run("heap_of_board.py", place, "pico_w")


def measured(row: str, place: str) -> int:
    """One row of the table."""
    if row in BY_SETTINGS:
        return application(place, BY_SETTINGS[row], "application")["application"] - steps(place)["application"]
    found = board(place) if row in BOARD else steps(place)
    order = BOARD if row in BOARD else STEPS
    at = order.index(row)
    return found[row] - (found[order[at - 1]] if at else 0)


def rows() -> tuple[str, ...]:
    return (*STEPS, *BOARD, *BY_SETTINGS)


def main() -> None:
    lines = [f'    "{row}": ({measured(row, "pack")}, {measured(row, "rom")}),\n' for row in rows()]
    text = TABLE.read_text()
    before, _, after = text.partition(BEGIN)
    _, _, after = after.partition(END)
    TABLE.write_text(before + BEGIN + "ROWS = {\n" + "".join(lines) + "}\n" + END + after)
    print("".join(lines), end="")


if __name__ == "__main__":
    main()
