"""Does a configuration fit into the memory of a board? Sums of what memory_table.py says."""

from collections.abc import Iterator, Sequence
from typing import Any

from fairamp import meters
from fairamp.managers import NAMES
from fairamp.meters import sources
from fairamp.settings import Settings
from fairamp_desk.chips.memory_table import FREE, OTHERS, RESERVE, ROWS, WORDS

FILES, IN_PLACE = 0, 1
PLACES = ("from files", "in place")
YES, ONLY_IN_PLACE, NO, NO_RADIO = "yes", "in place", "no", "-"
# What people want to run, each beside the one before.
WIFI = {"wifi": {"name": "network"}}
WEB = {"web": {"port": 80}}
MAPS = {"ems": {f"{name}_port": 502 + number for number, name in enumerate(NAMES)}}
CONFIGURATIONS: tuple[tuple[str, dict], ...] = (
    ("serial line", {}),
    ("Wi-Fi, one map", WIFI),
    ("and the web server", WIFI | WEB),
    ("and all maps", WIFI | WEB | MAPS),
)
KINDS = {meters.P1: "meter_p1", meters.TIC: "meter_tic", meters.CT: "meter_ct", meters.PUSH: "meter_push"}
# Chips on which MicroPython itself speaks mDNS, so that ours is never loaded.
ANNOUNCE = ("rp2040", "rp2350")
MANY = 1_000_000
# The family that the application always has.
USUAL = "eastron_"


def row_names(dialect: str) -> tuple[str, ...]:
    """The rows of the table that a dialect has; the application has the first of them on its serial line."""
    return (dialect,) if dialect == NAMES[0] else (dialect, "serial_" + dialect)


def rows_of(settings: Settings, board: Any) -> list[str]:
    """The rows of the table that these settings ask for."""
    return list(_rows(settings, board))


def _rows(settings: Settings, board: Any) -> Iterator[str]:
    yield from ("application", "board")
    yield from _of_meters(settings)
    serial = settings["ems.serial_map"]
    if serial != NAMES[0]:
        yield "serial_" + serial
    if not board.WIFI or not settings["wifi.name"]:
        return
    if board.CHIP not in ANNOUNCE:
        yield "mdns"
    yield "network"
    if settings["clock.ntp"]:
        yield "ntp"
    yield from (name for name in NAMES if settings[f"ems.{name}_port"] and name != serial)
    if settings["web.port"]:
        # It is asked for over the network.
        yield from ("web", "check")


def _of_meters(settings: Settings) -> Iterator[str]:
    model, transport = settings["meter.model"], sources.transport(settings)
    if transport in sources.NETWORK:
        yield "meter_" + (sources.HTTP if transport == sources.HTTP else sources.TCP)
    elif model in KINDS:
        yield KINDS[model]
        if model == meters.CT:
            yield "transformers"
    own = settings["meter.charger_model"]
    modbus = ([] if own == meters.NONE else [own]) + ([model] if sources.house_model(settings) else [])
    if not all(each.startswith(USUAL) for each in modbus):
        yield "meter_other"


def size(row: str, place: int) -> int:
    if row == NAMES[0]:
        # The application has it, unless another one took its place on the serial line.
        return ROWS["alfen"][place] - ROWS["serial_alfen"][place]
    return ROWS[row][place]


def needed(rows: Sequence[str], place: int) -> int:
    return sum(size(row, place) for row in rows) + RESERVE


def problems(settings: Settings, board_id: str, boards: dict[str, Any], place: int, free: int) -> list[str]:
    """Why these settings cannot work on a board with so much heap, and what could; empty when they can.

    `boards`: all that there are, by their names.
    """
    board = boards[board_id]
    rows = rows_of(settings, board)
    if needed(rows, place) <= free:
        return []
    lines = [f"these settings ask for more memory than this {board.NAME} has, {PLACES[place]}:"]
    lines += [f"  {kib(size(row, place)):>7}  {WORDS[row]}" for row in rows]
    lines += [f"  {kib(RESERVE):>7}  kept free", f"  {kib(needed(rows, place)):>7}  together, of {kib(free)}"]
    lines += remedies(list(savings(settings, rows, place)), needed(rows, place) - free)
    if place == FILES and needed(rows, IN_PLACE) <= free:
        lines.append(f"or run it in place: {kib(needed(rows, IN_PLACE))} are enough then, see docs/images.md")
    others = [
        name
        for name, other in boards.items()
        if name != board_id and other.WIFI >= board.WIFI and needed(rows_of(settings, other), FILES) <= FREE[name][0]
    ]
    if others:
        lines.append(f"or take a board with more memory: {', '.join(others)}")
    return lines


def remedies(savings: list[tuple[str, int]], excess: int) -> list[str]:
    """What to switch off: one thing where that is enough, else all of them, where that is."""
    alone = [f"switch off {how}, saves {kib(saved)}" for how, saved in savings if saved >= excess]
    if alone or sum(saved for _, saved in savings) < excess:
        return alone
    return ["switch off " + " and ".join(f"{how} (saves {kib(saved)})" for how, saved in savings)]


def savings(settings: Settings, rows: list[str], place: int) -> Iterator[tuple[str, int]]:
    """(setting, bytes) of what a box can do without."""
    if "web" in rows:
        yield "[web] port = 0", size("web", place) + size("check", place)
    for name in NAMES:
        if name in rows:
            yield f"[ems] {name}_port = 0", size(name, place)
    if "ntp" in rows:
        yield '[clock] ntp = ""', size("ntp", place)


def verdict(board_id: str, board: Any, changes: dict) -> str:
    """Whether, and how, a board can run a configuration."""
    if changes and not board.WIFI:
        return NO_RADIO
    settings = Settings()
    settings.load(changes, board_id)
    rows = rows_of(settings, board)
    free = FREE[board_id][0]
    if needed(rows, FILES) <= free:
        return YES
    return ONLY_IN_PLACE if needed(rows, IN_PLACE) <= free else NO


def heap(board_id: str) -> str:
    """With a mark where nobody here has measured it."""
    free, source = FREE[board_id]
    return kib(free) + ("*" if source == OTHERS else "")


def kib(size: int) -> str:
    return f"{size / 1024:.0f} KiB" if size < MANY else f"{size / 1024**2:.0f} MiB"
