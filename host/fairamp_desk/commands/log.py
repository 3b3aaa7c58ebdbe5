"""`fairamp log`: what a box has told, over restarts, and what it tells now."""

import argparse
import re
import time
from datetime import UTC, datetime, timedelta

from fairamp_desk.settings.over_network import NetworkBox, add_login, logged_in

PAGE = 200
POLL_S = 2.0
MISSING = "this box keeps no log: [diary] keep is 0, or it has no place for it"
STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z ")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "log",
        help="what a box has told",
        description="Shows the log of a box that is kept over restarts, the newest line last. Times are UTC; "
        "while the box did not know the time, it is the start of the box and the seconds since.",
    )
    parser.add_argument("box", metavar="URL", help="the box, for example http://127.0.0.1:8080 or 192.168.1.20")
    parser.add_argument("--days", type=float, metavar="N", help="only of the last N days (default: all that is kept)")
    parser.add_argument("--follow", action="store_true", help="and then what comes, until Ctrl-C")
    add_login(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    box = logged_in(args.box, args)
    since = datetime.now(UTC) - timedelta(days=args.days) if args.days is not None else None
    known = page(box, 0) if args.follow else []
    for line in reversed(fetch(box, since)):
        print(line, flush=True)
    while args.follow:
        time.sleep(POLL_S)
        fresh = newer(page(box, 0), known)
        for line in reversed(fresh):
            print(line, flush=True)
        known = (fresh + known)[:PAGE]
    return 0


def fetch(box: NetworkBox, since: datetime | None) -> list[str]:
    """The newest first, page by page."""
    lines: list[str] = []
    while True:
        found = page(box, len(lines))
        for line in found:
            if since and is_older(line, since):
                return lines
            lines.append(line)
        if len(found) < PAGE:
            return lines


def page(box: NetworkBox, skip: int) -> list[str]:
    return box.listed(f"/api/log?limit={PAGE}&skip={skip}", MISSING)["lines"]


def newer(found: list[str], known: list[str]) -> list[str]:
    """What is before the first known line; lines may be there twice, so the first three have to fit."""
    for index in range(len(found)):
        if found[index : index + 3] == known[: len(found[index : index + 3])]:
            return found[:index]
    return found


def is_older(line: str, since: datetime) -> bool:
    stamp = STAMP.match(line)
    return bool(stamp) and datetime.fromisoformat(stamp[1]).replace(tzinfo=UTC) < since  # type: ignore[index]
