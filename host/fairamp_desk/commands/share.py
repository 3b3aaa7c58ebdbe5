"""`fairamp share`: what each socket is offered, for problems that come in as JSON, one per line."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from fairamp.sharing.shares import share
from fairamp_desk.errors import UsageError
from fairamp_desk.share_problem import LONGEST, Problem, Wrong

DESCRIPTION = """Shares a budget among sockets as a box does: reads one problem per line (JSON) and writes one
answer per line, in order. A line that cannot be used is answered with an error; the exit code is then 2."""
EXAMPLE = """All currents are in A per phase. Keys that are missing have these values:

  {"mode": "equal", "budget": [20, 20, 20], "sockets": [...], "fifo_percent": 50, "step": 1,
  "imbalance": 0, "background": [0, 0, 0], "reserved": [0, 0, 0], "turn": 0}

and those of a socket these:

  {"id": 0, "mapping": [0, 1, 2], "min": 6, "max": 32, "demand": null, "arrived": 1, "vip": false}

  mode          equal, fifo or combined
  budget        what all may draw together on L1, L2, L3; below 0: nobody charges
  mapping       the phases, 0 to 2, on which the car draws
  demand        what the car can use; null = not known
  fifo_percent  the part that is served in order of arrival, in mode combined
  step          offers are whole steps
  imbalance     most that the phases may differ, background included; 0 = any
  reserved      is kept for sockets that lost the network
  turn          turn periods since sharing began, for who pauses when not all minimums fit

example:
  $ echo '{"budget": [20, 16, 16], "sockets": [{"id": 1}, {"id": 2, "mapping": [0]}]}' | fairamp share
  {"offers": {"1": 10, "2": 10}, "load": [20, 10, 10], "waiting": []}"""


def add_parser(subparsers) -> None:
    parser = subparsers.add_parser(
        "share",
        help="share a budget among sockets, problems as JSON",
        description=DESCRIPTION,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="problems; - or nothing: standard input")
    parser.set_defaults(run=run)


def run(args) -> int:
    try:
        if args.file == "-":
            return answer_all(sys.stdin.buffer)
        with open(args.file, "rb") as source:
            return answer_all(source)
    except BrokenPipeError:
        # Whoever reads our output has seen enough. Nothing more can be said, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        raise UsageError(f"{args.file}: {error.strerror}") from None


def answer_all(source: BinaryIO) -> int:
    """Answers each line as soon as it is there; the exit code."""
    code = 0
    for number, line in enumerate(_lines(source), 1):
        if not line.strip():
            continue
        try:
            reply = answer(line)
        except Wrong as wrong:
            reply = {"error": f"line {number}: {wrong}"}
            code = 2
        print(json.dumps(reply), flush=True)
    return code


def _lines(source) -> Iterator[bytes]:
    """As they come; of one that is far too long only the beginning."""
    while line := source.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST + 1)
        yield line


def answer(line: bytes) -> dict[str, Any]:
    """The answer to one problem; Wrong when there is none."""
    problem = Problem(line)
    members = problem.members
    share(problem.rules, members, problem.budget_ma, problem.background_ma, problem.reserved_ma, problem.turn)
    load = [sum(member.offer_ma for member in members if phase in member.conductors) for phase in range(3)]
    return {
        "offers": {str(member.id): _amps(member.offer_ma) for member in members},
        "load": [_amps(ma) for ma in load],
        "waiting": sorted(member.id for member in members if member.waits),
    }


def _amps(ma: int) -> float:
    """As people write it: 20, not 20.0."""
    return ma / 1000 if ma % 1000 else ma // 1000
