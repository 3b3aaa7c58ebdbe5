"""`fairamp sessions`: what was charged, from a box on the network; as a table, or as a file for a spreadsheet."""

import argparse
import csv
import urllib.parse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from fairamp_desk.commands.run import positive
from fairamp_desk.errors import Failure
from fairamp_desk.settings.over_network import NetworkBox, add_login, logged_in

PAGE = 100
MISSING = "this box keeps no sessions: [sessions] keep is 0, or it has no place for them"
COLUMNS = (
    *("number", "charger", "began", "ended", "boot", "began_s", "plugged_s", "charging_s", "wh", "meter_start_wh"),
    *("meter_end_wh", "estimated", "most_ma", "phases", "by", "card", "end"),
)
WIDE = 160
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ISO = "%Y-%m-%dT%H:%M:%SZ"


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "sessions",
        help="what was charged, when and by whom",
        description="Shows the charging sessions that are over, the newest first. Times are UTC.",
    )
    parser.add_argument("box", metavar="URL", help="the box, for example http://127.0.0.1:8080 or 192.168.1.20")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="all of them into a file, with commas")
    parser.add_argument("--last", type=positive, metavar="N", help="only the last N")
    add_login(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    found = [completed(session) for session in fetch(logged_in(args.box, args), args.last)]
    if args.csv:
        write(found, args.csv)
        print(f"{len(found)} sessions, {sum(one['wh'] for one in found) / 1000:.2f} kWh: {args.csv}")
    elif not found:
        print("no session is over yet")
    else:
        show(found)
    return 0


def fetch(box: NetworkBox, last: int | None) -> list[dict[str, Any]]:
    """Page by page: a small box has no memory for all at once."""
    found: list[dict[str, Any]] = []
    with Console(stderr=True).status("sessions ...") as shown:
        while last is None or len(found) < last:
            query = {"limit": min(PAGE, PAGE if last is None else last - len(found))}
            if found:
                query["before"] = found[-1]["number"]
            page = f"/api/sessions?{urllib.parse.urlencode(query)}"
            answer = box.listed(page, MISSING)
            found += answer["sessions"]
            shown.update(f"{len(found)} sessions ...")
            if len(answer["sessions"]) < query["limit"]:
                break
    return found


def completed(session: dict[str, Any]) -> dict[str, Any]:
    """A beginning or an end that the box did not know follows from the other one."""
    long = timedelta(seconds=session["plugged_s"])
    if session["began"] is None and session["ended"]:
        session["began"] = (datetime.strptime(session["ended"], ISO) - long).strftime(ISO)
    return session


def show(found: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name, side in (("began", "left"), ("charged", "right"), ("plugged in", "right"), ("charging", "right")):
        table.add_column(name, justify=side, no_wrap=True)  # type: ignore[arg-type]
    for name, side in (("most", "right"), ("phases", "right"), ("by", "left"), ("card", "left"), ("end", "left")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for one in found:
        began = one["began"] or f"start {one['boot']}, {span(one['began_s'])} later"
        about = "about " if one["estimated"] else ""
        numbers = (f"{about}{one['wh'] / 1000:.2f} kWh", span(one["plugged_s"]), span(one["charging_s"]))
        most = f"{one['most_ma'] / 1000:.1f} A"
        table.add_row(began, *numbers, most, str(one["phases"]), one["by"], one["card"], one["end"])
    console = Console()
    # A pipe has no width, and what reads it wants whole lines.
    (console if console.is_terminal else Console(width=WIDE)).print(table)


def span(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def write(found: list[dict[str, Any]], path: Path) -> None:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for one in found:
                rows.writerow(safe(one[name]) for name in COLUMNS)
    except OSError as error:
        raise Failure(f"--csv: {path} cannot be written: {error.strerror}") from None


def safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
