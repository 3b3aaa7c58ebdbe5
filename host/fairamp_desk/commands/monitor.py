"""`fairamp monitor`: the log of a board, as it prints it."""

import argparse
import sys
import time
from collections.abc import Callable, Generator

import serial  # type: ignore[import-untyped]

from fairamp_desk import ports
from fairamp_desk.errors import Failure

REOPEN_S = 0.2


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "monitor",
        help="show the log of a board",
        description="Shows the log lines of a board until Ctrl-C. The board is neither reset nor "
        "interrupted. When the port vanishes (a reset, a pulled cable), this waits for it and goes on.",
    )
    parser.add_argument("--port", required=True, metavar="DEV", help=ports.HELP)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    port = ports.open_port(args.port)
    note(f"{args.port}: log of the board, Ctrl-C ends")
    try:
        for line in log_lines(args.port, port, note):
            if line is not None:
                print(line, flush=True)
    except KeyboardInterrupt:
        pass
    return 0


def note(text: str) -> None:
    print(f"-- {text}", file=sys.stderr, flush=True)


def log_lines(name: str, port: serial.SerialBase, say: Callable[[str], None]) -> Generator[str | None]:
    """Every line the board prints, without end; None after each quiet moment, for a caller with a clock.

    A port that vanishes is opened again as soon as it is back. Closing the generator closes the port.
    """
    rest = b""
    try:
        while True:
            try:
                heard = port.read(port.in_waiting or 1)
            except OSError:
                port.close()
                if rest:
                    yield readable(rest)
                    rest = b""
                say(f"{name} is gone, waiting for it")
                while not port.is_open:
                    yield None
                    port = reopened(name, port)
                say(f"{name} is back")
                continue
            *lines, rest = (rest + heard).split(b"\n")
            for line in lines:
                yield readable(line)
            if not heard:
                yield None
    finally:
        port.close()


def reopened(name: str, closed: serial.SerialBase) -> serial.SerialBase:
    """The port open again, or still the closed one."""
    try:
        return ports.open_port(name)
    except Failure:
        time.sleep(REOPEN_S)
        return closed


def readable(line: bytes) -> str:
    """Text without what would confuse a terminal: a chip that starts sends stray bytes."""
    text = line.decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\t")
