"""`fairamp deploy`: the application and its settings onto a chip that has MicroPython."""

import argparse
import contextlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairamp.settings import Settings
from fairamp_box.io.store import SETTINGS_FILE
from fairamp_desk import ports, settings_file
from fairamp_desk.chips import bundle, memory, romfs
from fairamp_desk.chips.bundle import Bundle
from fairamp_desk.chips.chip import RESET, Chip
from fairamp_desk.chips.placing import OF_USER, Inventory, Placing, inventory
from fairamp_desk.commands import boards
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.settings_file import Checked
from fairamp_desk.starting import LOG_S, show_log

# The first with timers in hard context on an RP2040, which switch RS485 and watch the contactor.
OLDEST = (1, 26)
CHIP_FAMILY = re.compile(r"rp2040|rp2350|esp32(?:s2|s3|[chp]\d+)?")
IDENTIFY = """
import sys
i = sys.implementation
try:
    import network
    radio = 1
except ImportError:
    radio = 0
print(i.version[0], i.version[1], i._mpy & 255, radio, i._machine)
"""
FREE = "import gc; gc.collect(); print(gc.mem_free())"
# Is the application part of the firmware?
FROZEN = """
import sys
path = sys.path[:]
sys.path[:] = [".frozen"]
try:
    from fairamp import VERSION
    print(VERSION)
except ImportError:
    pass
sys.path[:] = path
"""


@dataclass
class Plan:
    """What is to be done with the chip that was found."""

    settings: dict[str, bytes]
    there: Inventory
    frozen: str  # the version of the application in the firmware, if any
    image: bytes | None  # for a ROMFS partition, if there is one


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "deploy",
        help="copy the application and its settings to a chip",
        description="Compiles the application for a board, checks the settings, interrupts what runs on the chip (a "
        "box makes itself safe), copies what changed, restarts the chip and shows the beginning of its log. Where the "
        "MicroPython on the chip has a ROMFS partition, the application goes there, and takes half the memory. "
        "Settings stay unless new ones are given, and so do files of your own. MicroPython must be on the chip "
        "already: see fairamp flash. Exit code 1: the box does not run.",
    )
    parser.add_argument("--board", required=True, metavar="ID", help="the board; `fairamp boards` lists them")
    parser.add_argument("--port", metavar="DEV", help=ports.HELP + "; without it: compiles only")
    settings = parser.add_mutually_exclusive_group()
    settings.add_argument("--settings", metavar="FILE", type=Path, help="checked, and copied as settings.json")
    settings.add_argument("--reset-settings", action="store_true", help="removes the settings from the chip")
    parser.add_argument("--yes", action="store_true", help="with --reset-settings: do not ask")
    parser.add_argument(
        "--log", type=float, default=LOG_S, metavar="S", help="seconds to show the log (default %(default)s)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    board = boards.load(args.board)
    given = settings_file.read(args.settings, board) if args.settings else None
    if args.reset_settings and args.port and not args.yes:
        confirm_reset(args.port)
    made = bundle.build(args.board)
    size = sum(len(made.read(file)) for file in made.files)
    where = made.folder.relative_to(bundle.ROOT)
    print(f"compile: {made.compiled} of {len(made.files)} files, together {size} bytes, in {where}")
    if not args.port:
        if given:
            print(f"settings: {args.settings} holds for the {board.NAME}")
        return 0
    with Chip(args.port) as chip:
        try:
            with chip.failures("asking for its version"):
                print("connect:", identify(chip, args.board, board))
            plan = make_plan(chip, args, board, made, given)
            carry_out(chip, plan, made, args.reset_settings)
        except (Failure, UsageError):
            # It goes back to what it was doing, as far as that is still there.
            with contextlib.suppress(Failure), chip.failures("restarting it"):
                chip.leave(RESET)
            raise
        with chip.failures("restarting it"):
            port = chip.leave(RESET)
        if SETTINGS_FILE not in plan.there.digests:
            print(advice(args, board))
        print("restart: the first lines of the log")
        show_log(args.port, port, args.log)
    return 0


def identify(chip: Chip, board_id: str, board: Any) -> str:
    """The chip in words; UsageError or Failure for one that the bundle cannot run on."""
    major, minor, mpy, radio, machine = chip.run(IDENTIFY).strip().split(" ", 4)
    family = CHIP_FAMILY.search(machine.rpartition(" with ")[2].lower().replace("-", ""))
    if family and family[0] != board.CHIP:
        raise UsageError(
            f"--board {board_id} has the chip {board.CHIP}, but at {chip.device_name} is a {family[0]} "
            f"({machine}); `fairamp boards` lists the others"
        )
    if (int(major), int(minor)) < OLDEST or int(mpy) != bundle.MPY_VERSION:
        raise Failure(
            f"{chip.device_name}: MicroPython {major}.{minor} (.mpy version {mpy}) is on the chip; needed is "
            f"{OLDEST[0]}.{OLDEST[1]} or newer (.mpy version {bundle.MPY_VERSION}): fairamp flash"
        )
    if board.WIFI and radio == "0":
        raise UsageError(
            f"--board {board_id} has Wi-Fi, but the MicroPython at {chip.device_name} has not ({machine}); take "
            f"that of {boards.image_page(board)}: fairamp flash"
        )
    found = f"MicroPython {major}.{minor} on {machine}"
    name = machine.partition(" with ")[0]
    for other_id, other in boards.load_all().items():
        if name == other.NAME and other_id != board_id:
            return f"{found}; if that is what it is, --board {other_id} is the right one, not {board_id}"
    return found


def make_plan(chip: Chip, args: argparse.Namespace, board: Any, made: Bundle, given: Checked | None) -> Plan:
    """Looks at the chip and checks everything, without changing anything there."""
    settings = given.settings if given else None
    with chip.failures("looking what it has"):
        free = int(chip.run(FREE))
        there = inventory(chip)
        frozen = chip.run(FROZEN).strip()
        partition = 0 if frozen else romfs.partition_size(chip)
        if not given and not args.reset_settings and SETTINGS_FILE in there.digests:
            files = {name: bytes(chip.fs_readfile(name)) for name in OF_USER if name in there.digests}
            settings = settings_file.check_on_chip(files, board)
    image = romfs.image(made.modules()) if partition else None
    if image:
        romfs.check_fits(chip, image, partition)
    if settings:
        check_memory(settings, args.board, memory.IN_PLACE if frozen or image else memory.FILES, free)
    return Plan(given.files if given else {}, there, frozen, image)


def check_memory(settings: Settings, board_id: str, place: int, free: int) -> None:
    """`free`: what the chip says. Where Wi-Fi takes some of that, it does not know yet."""
    if settings["wifi.name"]:
        free = min(free, memory.FREE[board_id][0])
    problems = memory.problems(settings, board_id, boards.load_all(), place, free)
    if problems:
        raise UsageError("\n".join(problems))


def carry_out(chip: Chip, plan: Plan, made: Bundle, reset_settings: bool) -> None:
    placing = Placing(chip, plan.there, plan.settings)
    if reset_settings:
        placing.remove(OF_USER)
    if plan.frozen:
        print(f"copy: nothing, Fairamp {plan.frozen} is part of the firmware; a new one comes with a new image")
        placing.finish({})
    elif plan.image:
        placing.in_rom(made, plan.image)
    else:
        placing.in_pack(made)


def confirm_reset(port: str) -> None:
    """Asks a person; a script has to say --yes."""
    if not sys.stdin.isatty():
        raise UsageError("--reset-settings: without settings a box does not charge; if that is meant, add --yes")
    answer = input(f"Remove the settings from the board at {port}? Without settings a box does not charge. [y/N] ")
    if answer.strip().lower() not in ("y", "yes"):
        raise Failure("nothing was changed")


def advice(args: argparse.Namespace, board: Any) -> str:
    """For a board without settings."""
    return (
        f"{SETTINGS_FILE} is missing on the board, so it does not charge. To begin with, write this into a file of "
        f"that name, with the values of your house:\n\n{settings_file.example(board)}\n\n"
        f"{settings_file.explained(board)}\n"
        f'Then: make deploy ARGS="--board {args.board} --port {args.port} --settings {SETTINGS_FILE}"\n'
    )
