"""The `fairamp` command."""

import argparse
import sys

from fairamp import VERSION
from fairamp_desk.commands import (
    boards,
    check,
    deploy,
    flash,
    log,
    meter,
    monitor,
    registers,
    run,
    sessions,
    settings,
    share,
    simulate,
)
from fairamp_desk.errors import Failure, UsageError

COMMANDS = (run, simulate, share, check, sessions, log, settings, meter, registers, boards, flash, deploy, monitor)


def main(argv: list[str] | None = None) -> int:
    """Runs one command; the exit code: 0 success, 1 it failed, 2 wrong use or wrong input."""
    parser = argparse.ArgumentParser(prog="fairamp", description="Wallboxes that share a house connection fairly.")
    parser.add_argument("--version", action="version", version=f"fairamp {VERSION}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    try:
        return args.run(args) or 0
    except UsageError as error:
        print(f"fairamp: {error}", file=sys.stderr)
        return 2
    except Failure as error:
        print(f"fairamp: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
