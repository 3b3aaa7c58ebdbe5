"""The supported boards: what there is, how each is wired, and whether its table of pins can work."""

import argparse
import importlib
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import boards
from boards import pin_rules
from boards.interface import ROLES
from fairamp_desk.chips import memory, memory_table
from fairamp_desk.errors import UsageError

NOT_BOARDS = ("__init__", "interface", "manifest", "pin_rules", "twin")
BOARDS = tuple(sorted(file.stem for file in Path(boards.__path__[0]).glob("*.py") if file.stem not in NOT_BOARDS))
CHIPS: Any = pin_rules.CHIPS
DIRECTIONS = {role: direction for role, direction, _ in ROLES}
REQUIRED = tuple(role for role, _, required in ROLES if required)
# What must not move while the chip resets.
DANGEROUS = ("contactor", "phase_relay", "trip", "lock", "pilot_pwm")
TRANSFORMERS = ("ct_l1", "ct_l2", "ct_l3")
WIDTH = 100
IMAGES = "https://micropython.org/download"
MEMORY_NOTE = (
    "Memory is what a stock image of MicroPython leaves to a program; * figures of others, not measured here. Each "
    "column adds to the one before. in place: only when the application runs from a ROMFS or is frozen into the "
    f"firmware (docs/images.md). {memory.kib(memory.RESERVE)} are always kept free. `fairamp deploy` does the sum for "
    "your own settings."
)
HOW_MUCH = "how much heap its image of MicroPython leaves, which `import gc; gc.collect(); gc.mem_free()` tells there"

Row = tuple[str, int | str, str]


def load(board_id: str) -> Any:
    """The module of a board that can work; none of it needs the chip before connect()."""
    if board_id not in BOARDS:
        raise UsageError(f"boards: unknown board '{board_id}'; known: {', '.join(BOARDS)}")
    board = importlib.import_module("boards." + board_id)
    problems = check(board)
    if board_id not in memory.FREE:
        problems.append(f"no row in FREE of {memory_table.__name__}: {HOW_MUCH}")
    if problems:
        raise UsageError("\n".join(f"boards: {board_id}: {problem}" for problem in problems))
    return board


def load_all() -> dict[str, Any]:
    return {board_id: load(board_id) for board_id in BOARDS}


def check(board: Any) -> list[str]:
    """Everything that is wrong with a board file, in words; empty when it can work."""
    problems = list(check_file(board))
    if problems:
        return problems
    problems += check_roles(board.PINS)
    problems += check_double_pins(board.PINS)
    for row in board.PINS:
        problems += check_pin(board, row)
    problems += check_uarts(CHIPS[board.CHIP], board.PINS)
    return problems


def check_file(board: Any) -> Iterator[str]:
    """Whether the rest can be looked at."""
    for name in ("CHIP", "NAME", "IMAGE", "WIFI", "DEFAULTS", "PINS", "NOTE", "connect"):
        if not hasattr(board, name):
            yield f"{name} is missing"
    chip = getattr(board, "CHIP", None)
    if chip is not None and chip not in CHIPS:
        yield f"CHIP: unknown chip '{chip}'; known: {', '.join(CHIPS)}"
    for name in ("NAME", "NOTE"):
        if not getattr(board, name, "-").strip():
            yield f"{name} is empty"
    for row in getattr(board, "PINS", ()):
        if len(row) != 3:
            yield f"PINS: {row} is not (role, pin, what to wire there)"


def check_roles(pins: tuple[Row, ...]) -> Iterator[str]:
    roles = [role for role, _, _ in pins]
    for role in dict.fromkeys(roles):
        if role not in DIRECTIONS:
            yield f"{role}: unknown role; known: {', '.join(DIRECTIONS)}"
        if roles.count(role) > 1:
            yield f"{role}: named {roles.count(role)} times"
    for role in REQUIRED:
        if role not in roles:
            yield f"{role}: missing, every board has it"
    for before, role in pairwise(TRANSFORMERS):
        if role in roles and before not in roles:
            yield f"{role}: without {before}; transformers are counted from L1"
    if "leakage_error" in roles and "leakage" not in roles:
        yield "leakage_error: without leakage, the contact of the same sensor"


def check_double_pins(pins: tuple[Row, ...]) -> Iterator[str]:
    users: dict[int | str, list[str]] = {}
    for role, gpio, _ in pins:
        users.setdefault(gpio, []).append(role)
    for gpio, roles in users.items():
        if len(set(roles)) > 1:
            yield f"pin {gpio}: used by {' and '.join(roles)}"


def check_pin(board: Any, row: Row) -> Iterator[str]:
    role, gpio, wiring = row
    rules = CHIPS[board.CHIP]
    direction = DIRECTIONS.get(role)
    at = f"{role} at pin {gpio}"
    if not wiring.strip():
        yield f"{role}: nothing says what to wire there"
    if isinstance(gpio, str):
        if role != "light" or not board.WIFI or gpio not in rules["led_names"]:
            yield f"{at}: only the light of a board with a radio may have a name, one of {rules['led_names']}"
        return
    if gpio not in rules["exist"]:
        yield f"{at}: {board.CHIP} has no such pin"
    if gpio in rules["flash"]:
        yield f"{at}: belongs to the flash"
    if gpio in rules["psram"] and getattr(board, "PSRAM", False):
        yield f"{at}: belongs to the PSRAM"
    if gpio in rules["strapping"]:
        yield f"{at}: read at reset, what is wired there can stop the chip from starting"
    if gpio in rules["console"]:
        yield f"{at}: belongs to USB or the console"
    if gpio in rules["noisy"] and role in DANGEROUS:
        yield f"{at}: moves during a reset"
    if gpio in rules["input_only"] and direction == "output":
        yield f"{at}: cannot be an output"
    if gpio in rules["input_only"] and direction == "input":
        yield f"{at}: has no pull-up"
    if direction == "adc" and gpio not in rules["adc"]:
        yield f"{at}: no analogue input that works with Wi-Fi on; choose from {rules['adc']}"


def check_uarts(rules: dict[str, Any], pins: tuple[Row, ...]) -> Iterator[str]:
    if not rules["uart_tx"]:
        return
    gpio = {role: number for role, number, _ in pins}
    number: dict[str, int] = {}
    for port in ("meter", "ems"):
        tx, rx = port + "_tx", port + "_rx"
        if tx not in gpio or rx not in gpio:
            continue
        sending = group_of(gpio[tx], rules["uart_tx"])
        receiving = group_of(gpio[rx], rules["uart_rx"])
        if sending is None:
            yield f"{tx} at pin {gpio[tx]}: no UART sends there; choose from {rules['uart_tx']}"
        elif receiving is None:
            yield f"{rx} at pin {gpio[rx]}: no UART receives there; choose from {rules['uart_rx']}"
        elif sending != receiving:
            yield f"{port}: sends on UART{sending}, but receives on UART{receiving}"
        else:
            number[port] = sending
    if len(number) == 2 and number["meter"] == number["ems"]:
        yield f"meter and ems: both on UART{number['ems']}"


def group_of(gpio: int | str, groups: tuple[tuple[int, ...], ...]) -> int | None:
    return next((number for number, group in enumerate(groups) if gpio in group), None)


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("boards", help="list the supported boards and how they are wired")
    parser.add_argument("id", nargs="?", help="show only this board, by the name in the first column")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.id:
        print("\n".join(describe(args.id, load(args.id))))
        return 0
    found = load_all()
    print("\n".join(overview(found)))
    print()
    print("\n".join(fits(found)))
    for board_id, board in found.items():
        print()
        print("\n".join(describe(board_id, board)))
    return 0


def overview(found: dict[str, Any]) -> list[str]:
    rows = [("ID", "BOARD", "CTS", "PHASE RELAY", "WI-FI")]
    for board_id, board in found.items():
        roles = {role for role, _, _ in board.PINS}
        cts = str(len(roles.intersection(TRANSFORMERS)))
        rows.append((board_id, board.NAME, cts, yes_no("phase_relay" in roles), yes_no(board.WIFI)))
    return columns(rows)


def fits(found: dict[str, Any]) -> list[str]:
    """Which configurations have room in the memory of each board."""
    names = [name for name, _ in memory.CONFIGURATIONS]
    rows = [("ID", "MEMORY", *(name.upper() for name in names))]
    for board_id, board in found.items():
        rows.append((board_id, memory.heap(board_id), *verdicts(board_id, board)))
    return [*columns(rows), "", *textwrap.wrap(MEMORY_NOTE, WIDTH)]


def verdicts(board_id: str, board: Any) -> list[str]:
    return [memory.verdict(board_id, board, changes) for _, changes in memory.CONFIGURATIONS]


def describe(board_id: str, board: Any) -> list[str]:
    head = [f"{board_id}: {board.NAME}, chip {board.CHIP}", f"MicroPython: {image_page(board)}", ""]
    rows = [("ROLE", "PIN", "WIRE THERE")]
    rows += [(role, str(gpio), wiring) for role, gpio, wiring in board.PINS]
    able = zip((name for name, _ in memory.CONFIGURATIONS), verdicts(board_id, board), strict=True)
    fitting = f"Memory: {memory.heap(board_id)}; room for: " + ", ".join(f"{name}: {verdict}" for name, verdict in able)
    return head + columns(rows) + ["", *textwrap.wrap(board.NOTE, WIDTH), "", *textwrap.wrap(fitting, WIDTH)]


def image_page(board: Any) -> str:
    """Where the image of MicroPython for a board is; behind a dash the variant that the page lists."""
    name, _, variant = board.IMAGE.partition("-")
    return f"{IMAGES}/{name}" + (f" (variant {variant})" if variant else "")


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Aligned text; the last column is wrapped below itself."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        start = "".join(cell.ljust(width + 2) for cell, width in zip(row[:-1], widths, strict=False))
        lines += textwrap.wrap(start + row[-1], WIDTH, subsequent_indent=" " * len(start))
    return lines


def yes_no(answer: bool) -> str:
    return "yes" if answer else "no"
