"""`fairamp simulate`: a site as fast as the machine can, told as a report, as rows and as a picture."""

import argparse
import json
import math
import sys
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.progress import time_bar
from fairamp_desk.simulation.drawing import draw
from fairamp_desk.simulation.play import Onlooker, natural_end, play
from fairamp_desk.simulation.plot import Plot
from fairamp_desk.simulation.report import Report
from fairamp_desk.simulation.rows import Rows
from fairamp_desk.simulation.summary import summary
from fairamp_desk.site import read_site
from fairamp_desk.twin.lockstep import Lockstep

LONGEST_S = 366 * 24 * 3600
# What lies in the file of an option.
KINDS = {"--report": "report", "--csv": "rows", "--plot": "picture, for a browser"}
DESCRIPTION = """The decisions of `fairamp run`, without waiting: house, chargers and cars of a site, until the last car
has left, or for a day when one stays. Without an option that names a file, a summary is printed."""
EXAMPLE = """example:
  $ fairamp simulate site.toml --hours 8 --report day.json --plot day.svg"""


def add_parser(subparsers) -> None:
    parser = subparsers.add_parser(
        "simulate",
        help="a site as fast as the machine can",
        description=DESCRIPTION,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("site", type=Path, metavar="SITE.toml", help="house, chargers, cars and events")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--hours", type=_hours, dest="seconds", metavar="H", help="simulate so many hours")
    length.add_argument("--seconds", type=_seconds, metavar="S", help="simulate so many seconds")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="cars, chargers, fuse and events, as JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE.csv", help="one row per simulated second")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="a picture of all currents")
    parser.set_defaults(run=run)


def _hours(text):
    return _seconds(text, 3600)


def _seconds(text, unit=1):
    try:
        seconds = float(text) * unit
    except ValueError:
        seconds = math.nan
    if not 0.001 <= seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0 and at most {LONGEST_S // unit}")
    return seconds


def run(args) -> None:
    files = {"--report": args.report, "--csv": args.csv, "--plot": args.plot}
    named = {option: path for option, path in files.items() if path}
    if len({path.absolute() for path in named.values()}) < len(named):
        raise UsageError(f"{', '.join(named)}: name a different file for each")
    site = read_site(args.site)
    seconds = args.seconds or natural_end(site)
    lockstep = Lockstep(site, quick=True)
    report = Report(lockstep)
    onlookers: list[Onlooker] = [report]
    with ExitStack() as stack:
        # A file that cannot be written is told before the time is spent, and not after.
        opened = {option: stack.enter_context(_opened(option, path)) for option, path in named.items()}
        if "--csv" in opened:
            onlookers.append(Rows(lockstep, opened["--csv"]))
        if "--plot" in opened:
            plot = Plot(lockstep, seconds)
            onlookers.append(plot)
        try:
            _play(lockstep, seconds, onlookers, args.site.name)
            if "--report" in opened:
                json.dump(report.report(), opened["--report"], indent=1)
                opened["--report"].write("\n")
            if "--plot" in opened:
                opened["--plot"].write(draw(plot, args.site.stem.replace("_", " ")))
            stack.close()
        except OSError as error:
            raise Failure(f"{', '.join(map(str, named.values()))}: cannot be written: {error.strerror}") from None
    for option, path in named.items():
        if path.is_file():
            print(f"{KINDS[option]}: {path.absolute()}", file=sys.stderr)
    if not named:
        Console(highlight=False).print(summary(report.report(), site.settings["site.fuse"]))


def _opened(option, path):
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Failure(f"{option}: {path} cannot be written: {error.strerror}; name another file") from None


def _play(lockstep, seconds, onlookers, name):
    with time_bar() as bar:
        task = bar.add_task(name, total=seconds)
        play(lockstep, seconds, onlookers, lambda done: bar.update(task, completed=done))
