"""`fairamp registers`: what an energy manager sees, read, written and watched by name."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from rich.live import Live

from fairamp.managers import NAMES
from fairamp.modbus.client import Refused
from fairamp.modbus.table import decode, encode
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.registers import map as register_map
from fairamp_desk.registers import view as register_view
from fairamp_desk.registers.modbus_link import Link, SerialLink, open_link
from fairamp_desk.registers.values import parsed, shown

PERIOD_S = 1.0
DESCRIPTION = """Reads and writes the registers of a box, or of a charger of that kind, by name. TARGET is HOST:PORT for
Modbus TCP or a serial device for Modbus RTU. Some boxes take every request as a sign of life of an energy manager: see
the pages of the registers."""


def unit(text: str) -> int:
    """A unit number."""
    if not text.isdecimal() or int(text) > 255:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 255")
    return int(text)


def speed(text: str) -> int:
    """Baud."""
    if not text.isdecimal() or int(text) < 300:
        raise argparse.ArgumentTypeError(f"{text!r} is not a speed, for example 9600")
    return int(text)


def add_parser(subparsers) -> None:
    parser = subparsers.add_parser(
        "registers", help="read, write or watch the registers of a box", description=DESCRIPTION
    )
    parser.add_argument("target", metavar="TARGET", help="HOST:PORT, or a serial device such as /dev/ttyUSB0")
    parser.set_defaults(run=run, map=None, unit=None, baud=9600, parity="N")
    _add_options(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="read|write|watch")
    read_parser = actions.add_parser("read", help="all registers as a table, or the value of one")
    read_parser.add_argument("name", nargs="?", metavar="NAME", help="print the value of this one only")
    write_parser = actions.add_parser("write", help="write one register and read it back")
    write_parser.add_argument("name", metavar="NAME")
    write_parser.add_argument("value", metavar="VALUE", help='in its unit: 10, "10.5 A", or the text of a choice')
    watch_parser = actions.add_parser("watch", help="show every change until Ctrl-C")
    watch_parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    for one in (read_parser, write_parser, watch_parser):
        _add_options(one)


def _add_options(parser):
    """Before or behind the action, as it comes."""
    silent = argparse.SUPPRESS
    parser.add_argument("--map", choices=NAMES, default=silent, help="whose registers these are")
    parser.add_argument(
        "--unit", type=unit, default=silent, metavar="N", help="Modbus unit (default: the usual one of the map)"
    )
    parser.add_argument("--baud", type=speed, default=silent, metavar="N", help="speed of a serial line (default 9600)")
    parser.add_argument("--parity", choices=("N", "E", "O"), default=silent, help="of a serial line (default N)")


def run(args) -> int:
    if args.map is None:
        raise UsageError(f"registers: --map is missing; one of {', '.join(NAMES)}")
    link = open_link(args.target, args.baud, args.parity)
    rows_by_unit = register_map.units(args.map, args.unit, isinstance(link, SerialLink))
    try:
        ACTIONS[args.action](link, args, rows_by_unit)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads our output has seen enough: a success. Nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        link.close()
    return 0


def read(link: Link, args, rows_by_unit) -> None:
    if args.name:
        found = register_map.find(rows_by_unit, args.name)
        if found[1].get is None:
            raise UsageError(f"{args.name}: can only be written")
        print(shown(found[1], _read_one(link, args.map, found)))
        return
    progress, advance = register_view.bar(sum(row.get is not None for rows in rows_by_unit.values() for row in rows))
    with progress:
        values = register_map.fetch_all(link, args.map, rows_by_unit, advance)
    tables = [
        register_view.table(f"{args.map} at {link.where}, unit {number}", rows, values)
        for number, rows in rows_by_unit.items()
    ]
    print("\n\n".join(tables))


def write(link: Link, args, rows_by_unit) -> None:
    found = number, row = register_map.find(rows_by_unit, args.name)
    value = parsed(row, args.value)
    words = bytearray(2 * row.words)
    encode(row, value, words, 0)
    # As it is on the wire: the nearest float, a text without what follows it.
    sent = shown(row, decode(row, words, 0))
    try:
        link.write(number, row.address, bytes(words))
    except Refused as refusal:
        raise Failure(f"{_where(link, found)}: {sent} was not taken: {refusal}{_hint(refusal, args.map)}") from None
    print(f"{row.name}: wrote {sent}", end="", flush=True)
    if row.get is None:
        print(", cannot be read")
        return
    try:
        print(f", reads {shown(row, _read_one(link, args.map, found))}")
    except Failure:
        print()
        raise


def _read_one(link, map_name, found):
    number, row = found
    value = register_map.fetch(link, number, [row])[row]
    if isinstance(value, Refused):
        raise Failure(f"{_where(link, found)}: {value}{_hint(value, map_name)}")
    return value


def _where(link, found):
    number, row = found
    return f"{link.where} unit {number}: {row.name} at {row.address}"


def _hint(refusal, map_name):
    return f"; is --map {map_name} right?" if refusal.code in (1, 2) else ""


def watch(link: Link, args, rows_by_unit) -> None:
    if args.names:
        chosen: dict[int, list[Any]] = {}
        for name in args.names:
            number, row = register_map.find(rows_by_unit, name)
            chosen.setdefault(number, []).append(row)
        rows_by_unit = chosen
    else:
        rows_by_unit = {number: [row for row in rows if row.works] for number, rows in rows_by_unit.items()}
    try:
        if sys.stdout.isatty():
            _repaint(link, args.map, rows_by_unit)
        else:
            _poll(link, args.map, rows_by_unit, _print_changes, lambda text: print(text, file=sys.stderr, flush=True))
    except KeyboardInterrupt:
        pass  # that is how it is meant to end


def _poll(link, map_name, rows_by_unit, show: Callable, complain: Callable[[str], None]) -> None:
    """Calls show(texts by row, those that have changed) every second; a device that falls silent may come back."""
    texts: dict[Any, str] = {}
    trouble = ""
    while True:
        begun = time.monotonic()
        try:
            values = register_map.fetch_all(link, map_name, rows_by_unit)
            trouble = ""
        except Failure as failure:
            if not texts:
                raise
            if str(failure) != trouble:
                trouble = str(failure)
                complain(f"trying again: {trouble}")
        else:
            now = {row: shown(row, value) for row, value in values.items()}
            changed = [row for row in now if now[row] != texts.get(row)]
            texts = now
            show(texts, changed)
        time.sleep(max(0.0, PERIOD_S - (time.monotonic() - begun)))


def _print_changes(texts, changed):
    moment = time.strftime("%H:%M:%S")
    for row in changed:
        print(f"{moment} {row.name} {texts[row]}", flush=True)


def _repaint(link, map_name, rows_by_unit):
    screen = register_view.console()
    title = f"{map_name} at {link.where}; Ctrl-C ends"
    last: list[tuple[str, str, bool]] = []
    with Live(console=screen, auto_refresh=False) as live:

        def paint(foot):
            live.update(register_view.cells(last, screen.width, screen.height, foot), refresh=True)

        def show(texts, changed):
            first = not last
            last[:] = [(row.name, text, row in changed and not first) for row, text in texts.items()]
            paint(title)

        _poll(link, map_name, rows_by_unit, show, paint)


ACTIONS: dict[str, Callable[[Link, Any, dict], None]] = {"read": read, "write": write, "watch": watch}
