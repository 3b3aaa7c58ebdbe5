"""`fairamp deploy`: the application onto a chip that has MicroPython: compile, copy what changed, restart."""

import argparse
import contextlib
import functools
import hashlib
import posixpath
import re
import time
from typing import Any

import serial  # type: ignore[import-untyped]
from rich.progress import Progress, TaskID

from fairamp_desk import boards, bundle, ports
from fairamp_desk.bundle import Bundle
from fairamp_desk.chip import RESET, Chip
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.monitor import log_lines
from fairamp_desk.progress import bytes_bar

OLDEST = (1, 24)
MAIN = "main.py"
FOLDERS = ("fairamp", "fairamp_box", "boards", "microdot")
# board.py would be imported in place of our board.mpy; hold would keep the box from starting.
FILES = (MAIN, "board.mpy", "board.py", "hold")
LOG_S = 5.0
LOG_LINES = 20
CHIP_FAMILY = re.compile(r"rp2040|rp2350|esp32(?:s2|s3|[chp]\d+)?")
# What the ROM of an ESP32 says before MicroPython starts.
ROM_CHATTER = re.compile("ets |rst:|configsip:|clk_drv:|mode:|load:|entry |ESP-ROM:|Build:|SPIWP:|Saved PC:")
# The line that MicroPython prints above its prompt: no program runs.
AT_PROMPT = 'Type "help()"'
TRACEBACK = "Traceback (most recent call last):"

IDENTIFY = "import sys; i = sys.implementation; print(i.version[0], i.version[1], i._mpy & 255, i._machine)"
# Prints "SHA256 path" for every file of ours and "folder path" for every folder.
INVENTORY = f"""
import hashlib, os
from binascii import hexlify
def digest(path):
    h = hashlib.sha256()
    buf = memoryview(bytearray(512))
    with open(path, 'rb') as f:
        while True:
            n = f.readinto(buf)
            if not n:
                return hexlify(h.digest()).decode()
            h.update(buf[:n])
def walk(path):
    if os.stat(path)[0] & 0x4000:
        print('folder', path)
        for entry in os.ilistdir(path):
            walk(path + '/' + entry[0])
    else:
        print(digest(path), path)
for name in os.listdir():
    if name in {FOLDERS + FILES!r}:
        walk(name)
"""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "deploy",
        help="compile and copy the application to a chip",
        description="Compiles the application for a board, interrupts what runs on its chip, copies what "
        f"changed, removes what no longer belongs below {', '.join(FOLDERS)}, restarts the chip and shows "
        "the beginning of its log. Settings and files of your own stay. MicroPython must be on the chip "
        "already: see fairamp flash.",
    )
    parser.add_argument("--board", required=True, metavar="ID", help="the board; `fairamp boards` lists them")
    parser.add_argument("--port", required=True, metavar="DEV", help=ports.HELP)
    parser.add_argument(
        "--log", type=float, default=LOG_S, metavar="S", help="seconds to show the log (default %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    board = boards.load(args.board)
    made = bundle.build(args.board)
    size = sum(len(made.read(file)) for file in made.files)
    print(f"compile: {made.compiled} of {len(made.files)} files, together {size} bytes, in {made.folder}")
    with Chip(args.port) as chip:
        with chip.failures("asking for its version"):
            print("connect:", identify(chip, args.board, board))
        update(chip, made)
        with chip.failures("restarting it"):
            port = chip.leave(RESET)
        print("restart: the first lines of the log")
        show_log(args.port, port, args.log)
    return 0


def identify(chip: Chip, board_id: str, board: Any) -> str:
    """The chip in words; one that the bundle cannot run on goes back to what it was doing."""
    major, minor, mpy, machine = chip.run(IDENTIFY).strip().split(" ", 3)
    family = CHIP_FAMILY.search(machine.rpartition(" with ")[2].lower().replace("-", ""))
    if family and family[0] != board.CHIP:
        chip.leave(RESET)
        raise UsageError(
            f"--board {board_id} has the chip {board.CHIP}, but at {chip.device_name} is a {family[0]} "
            f"({machine}); `fairamp boards` lists the others"
        )
    if (int(major), int(minor)) < OLDEST or int(mpy) != bundle.MPY_VERSION:
        chip.leave(RESET)
        raise Failure(
            f"{chip.device_name}: MicroPython {major}.{minor} (.mpy version {mpy}) is on the chip; needed is "
            f"{OLDEST[0]}.{OLDEST[1]} or newer (.mpy version {bundle.MPY_VERSION}): fairamp flash"
        )
    return f"MicroPython {major}.{minor} on {machine}"


def update(chip: Chip, made: Bundle) -> None:
    """Makes our files on the chip equal to the bundle."""
    with chip.failures("listing its files"):
        there = inventory(chip)
    changed = [file for file in made.files if there.get(file) != hashlib.sha256(made.read(file)).hexdigest()]
    belongs = {*made.files, *folders_of(made.files)}
    stale = sorted((path for path in there if path not in belongs), reverse=True)
    # Without main.py a chip whose update breaks off starts nothing, rather than a mixture of old and new.
    halt = [MAIN] if MAIN in there and (changed or stale) else []
    for path in [*halt, *stale]:
        with chip.failures(f"removing {path}"):
            remove = chip.fs_rmdir if there[path] == "folder" else chip.fs_rmfile
            remove(path)
    if stale:
        print("remove:", ", ".join(sorted(stale)))
    print(f"copy: {len(changed)} of {len(made.files)} files changed,", total(made, changed), "bytes")
    copy(chip, made, [file for file in changed if file != MAIN], there)
    if MAIN in changed or halt:
        copy(chip, made, [MAIN], there)


def inventory(chip: Chip) -> dict[str, str]:
    """Path -> SHA256 or "folder", of everything on the chip that is ours."""
    found = {}
    for line in chip.run(INVENTORY).splitlines():
        what, path = line.split(" ", 1)
        found[path] = what
    return found


def folders_of(files: list[str]) -> list[str]:
    """Every folder in these paths, the outer ones first."""
    found = set()
    for file in files:
        folder = posixpath.dirname(file)
        while folder:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found)


def total(made: Bundle, files: list[str]) -> int:
    return sum(len(made.read(file)) for file in files)


def copy(chip: Chip, made: Bundle, files: list[str], there: dict[str, str]) -> None:
    for folder in folders_of(files):
        if folder not in there:
            with chip.failures(f"making the folder {folder}"):
                chip.fs_mkdir(folder)
    with bytes_bar() as bar:
        task = bar.add_task("copy", total=total(made, files))
        done = 0
        for file in files:
            data = made.read(file)
            bar.update(task, description=file)
            with chip.failures(f"copying {file}"):
                chip.write(file, data, functools.partial(show_written, bar, task, done))
            done += len(data)


def show_written(bar: Progress, task: TaskID, before: int, written: int, _size: int) -> None:
    bar.update(task, completed=before + written)


def show_log(name: str, port: serial.SerialBase, seconds: float) -> None:
    """The log until time or space is up. An application may end at once for want of settings, but not fail."""
    deadline = time.monotonic() + seconds
    shown: list[str] = []
    with contextlib.closing(log_lines(name, port, say=lambda _: None)) as lines:
        for line in lines:
            if time.monotonic() > deadline or len(shown) == LOG_LINES:
                return
            if line is None or not line.strip() or ROM_CHATTER.match(line):
                continue
            if line.startswith(AT_PROMPT):
                if TRACEBACK in shown:
                    raise Failure(f"{name}: the application failed at once; the lines above say why")
                print("the application has ended; the lines above say why")
                return
            print(" ", line, flush=True)
            shown.append(line)
