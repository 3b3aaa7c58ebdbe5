"""`fairamp meter`: the meters that a box can read, which one is there, and what it says."""

import asyncio
import sys
import time
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from fairamp.meters import sources
from fairamp.meters.probes import LAST_UNIT, LINES, UNITS
from fairamp.meters.search import Found, Search, place
from fairamp_box.io.clock import Clock
from fairamp_box.tools.meter_search import ADVICE, on_line, on_network
from fairamp_desk import hosts
from fairamp_desk.commands.registers import speed, unit
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.meters import reading as meter_reading
from fairamp_desk.meters.table import entries
from fairamp_desk.registers import view as register_view
from fairamp_desk.serial_port import SerialPort

TELL_EVERY_S = 10.0
MODBUS_PORT = 502


def add_parser(subparsers) -> None:
    parser = subparsers.add_parser(
        "meter", help="list meters, find one, or read one", description="The meter of the house, tried from a desk."
    )
    actions = parser.add_subparsers(required=True, metavar="list|search|test")
    lister = actions.add_parser("list", help="all meters that a box can read")
    lister.set_defaults(run=show_list)
    searcher = actions.add_parser("search", help="find the meter, its address and its line settings")
    _add_transport(searcher)
    searcher.add_argument("--all", action="store_true", help="go on behind the first meter")
    searcher.set_defaults(run=search)
    tester = actions.add_parser("test", help="one reading: current, voltage and power of each phase")
    tester.add_argument("--model", required=True, metavar="ID", help="one of `fairamp meter list`")
    _add_transport(tester)
    tester.add_argument("--unit", type=unit, metavar="N", help="Modbus address (default: as it left the factory)")
    tester.add_argument("--baud", type=speed, metavar="N", help="speed of the line (default: that of the meter)")
    tester.add_argument("--parity", choices=("N", "E", "O"), help="of the line (default: that of the meter)")
    tester.add_argument("--stop", type=int, choices=(1, 2), help="stop bits (default: those of the meter)")
    tester.add_argument("--preset", metavar="FILE.json", help="registers of a meter that is not in the table")
    tester.set_defaults(run=test)


def _add_transport(parser):
    transport = parser.add_mutually_exclusive_group(required=True)
    transport.add_argument("--port", metavar="DEV", help="serial port, such as /dev/ttyUSB0")
    transport.add_argument("--host", metavar="IP", help="its address on the network, with :PORT when that is unusual")
    parser.add_argument(
        "--transport",
        choices=(sources.TCP, sources.RTU, sources.UDP),
        default=sources.TCP,
        help="of Modbus at that address; rtu = through a gateway that passes the bytes of a serial line on",
    )


def show_list(args) -> int:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in ("ID", "METER", "PHASES", "REACHED OVER", "AS IT LEAVES THE FACTORY"):
        table.add_column(head, no_wrap=head == "ID")
    for entry in entries():
        table.add_row(entry.id, entry.name, entry.phases, entry.reached, entry.factory)
    screen = register_view.console()
    with screen.capture() as captured:
        screen.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
    return 0


def test(args) -> int:
    for line in meter_reading.read(args):
        print(line)
    return 0


def search(args) -> int:
    progress = SearchProgress()
    where: tuple[tuple[str, Any], ...] = ()
    if args.port is not None:
        if args.transport != sources.TCP:
            raise UsageError(f"--transport {args.transport}: is for the network: use it with --host")
        with closing(SerialPort(args.port)) as port, progress:
            done = asyncio.run(on_line(port, Clock(), progress.show, args.all))
        tried = f"addresses 1 to {LAST_UNIT} with {len(LINES)} settings of the line"
    else:
        host, tcp_port = hosts.split(args.host)
        if args.transport != sources.UDP:
            through = args.transport == sources.RTU
            hosts.reach(host, tcp_port or MODBUS_PORT, hosts.GATEWAY if through else hosts.METER)
        host = hosts.numeric(host)  # as the box wants it
        where = (("host", host), *([("port", tcp_port)] if tcp_port else []))
        if args.transport != sources.TCP:
            where += (("transport", args.transport),)
        address = host, tcp_port or MODBUS_PORT
        with progress:
            done = asyncio.run(on_network(*address, Clock(), progress.show, args.all, args.transport))
        tried = f"units {', '.join(map(str, UNITS))}"
    _print_result(done, where)
    if not done.found:
        advice = "it answers, but is none of the table: describe it as a custom meter" if done.strangers else ADVICE
        raise Failure(f"{args.port or args.host}: no meter found; tried {tried}; {advice}")
    return 0


def _print_result(done: Search, where):
    """As text to paste into the settings."""
    for text in done.strangers:
        print(f"# {text}")
    for found in done.found:
        print(f"# found: {found.model.name} at {place(found.unit, found.line)}")
        if found.note:
            print(f"# {found.note}")
        print("[meter]")
        for key, value in _settings(found, where):
            print(f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"')


def _settings(found: Found, where):
    first, *others = found.settings()
    return first, *where, *others


class SearchProgress:
    """A bar on a terminal, a line now and then elsewhere; beside the result, which goes to standard output."""

    def __init__(self):
        console = Console(stderr=True)
        self._terminal = console.is_terminal
        self._told = -TELL_EVERY_S
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        self._bar = Progress(*columns, console=console, disable=not self._terminal, transient=True)
        self._task = self._bar.add_task("searching")

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()

    def show(self, done: int, total: int, text: str) -> None:
        if self._terminal:
            self._bar.update(self._task, completed=done, total=total, description=f"searching {text}")
        elif time.monotonic() - self._told >= TELL_EVERY_S:
            self._told = time.monotonic()
            print(f"searching {done} of {total}: {text}", file=sys.stderr, flush=True)
