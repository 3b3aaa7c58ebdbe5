"""`fairamp settings`: looks at the settings of a box, and changes them, over the network or over the cable."""

import argparse
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from fairamp.settings.kinds import INSTALLER
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.settings import over_cable, values
from fairamp_desk.settings.over_network import add_login, logged_in

AFTER = {"get": "[NAME]", "set": "NAME VALUE ...", "backup": "FILE", "restore": "FILE", "reset": ""}


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "settings",
        help="look at the settings of a box and change them",
        usage="fairamp settings TARGET " + " | ".join(f"{what} {more}".strip() for what, more in AFTER.items()),
        description="TARGET is http://HOST[:PORT], where a password is asked for, or a serial port: there the box "
        "stops for some seconds, and charging with it. Values have the units of the file; lists are JSON: "
        'set site.fuse "[25, 25, 25]". Backups have no passwords; what is secret stays when they are restored. '
        "Exit code 1: the box refused or cannot be reached; 2: wrong use, or a value that cannot be.",
    )
    parser.add_argument("target", metavar="TARGET")
    parser.add_argument("what", choices=AFTER)
    parser.add_argument("more", nargs="*", metavar="NAME, VALUE or FILE")
    add_login(parser)
    parser.add_argument("--board", metavar="ID", help="at a serial port, where the board does not say which it is")
    parser.add_argument("--yes", action="store_true", help="with reset: do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    sections = prepare(args)
    with box(args) as found:
        DO[args.what](found, args, sections)
    return 0


def prepare(args: argparse.Namespace) -> dict[str, Any]:
    """Everything that can be wrong before a box is touched; what is to be sent."""
    if args.what in ("backup", "restore") and len(args.more) != 1:
        raise UsageError(f"{args.what}: name one FILE")
    if (args.what == "get" and len(args.more) > 1) or (args.what == "reset" and args.more):
        raise UsageError(f"{args.what} {AFTER[args.what]}: too many words")
    if args.what == "set":
        return values.pairs(args.more)
    if args.what == "restore":
        return read_backup(Path(args.more[0]))
    if args.what == "reset":
        confirm(args)
    return {}


def read_backup(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not valid JSON: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(keys, dict) for name, keys in found.items() if name != "sum"):
        raise UsageError(f"{path}: must hold sections such as site and meter")
    found.pop("sum", None)
    return found


def confirm(args: argparse.Namespace) -> None:
    """Asks a person; a script has to say --yes."""
    if args.yes:
        return
    what = "removes all settings and passwords, and then the box charges nothing"
    if not sys.stdin.isatty():
        raise UsageError(f"reset: {what}; if that is meant, add --yes")
    if input(f"This {what}. Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Failure("nothing was changed")


def box(args: argparse.Namespace) -> contextlib.AbstractContextManager[Any]:
    if args.target.startswith("https://"):
        raise UsageError(f"{args.target}: a box has no HTTPS; write it as http://HOST or http://HOST:PORT")
    if args.target.startswith("http://"):
        return contextlib.nullcontext(logged_in(args.target, args))
    return over_cable.stopped(args.target, args.board)


def get(found: Any, args: argparse.Namespace, _: dict) -> None:
    for line in values.lines(found.values(), args.more[0] if args.more else None):
        print(line)


def change(found: Any, args: argparse.Namespace, sections: dict) -> None:
    rows = values.rows()
    names = [f"{section}.{key}" for section, keys in sections.items() for key in keys]
    of_installer = any(name in rows and rows[name].who == INSTALLER for name in names)
    waiting = found.change(sections, of_installer)
    for name, text in zip(args.more[::2], args.more[1::2], strict=True):
        section, _, key = name.partition(".")
        secret = name in values.PASSWORDS or name.endswith("password")
        print(name, ("set" if text else "none") if secret else values.shown(name, sections[section][key]))
    if waiting:
        print("holds after a restart:", ", ".join(waiting))


def backup(found: Any, args: argparse.Namespace, _: dict) -> None:
    path = Path(args.more[0])
    try:
        path.write_text(values.as_file(found.backup()), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from None
    print(f"{path}: what was set there, without passwords")


def restore(found: Any, args: argparse.Namespace, sections: dict) -> None:
    found.restore(sections)
    print(f"{args.more[0]}: restored; the box restarts with it")


def reset(found: Any, args: argparse.Namespace, _: dict) -> None:
    found.reset()
    print("all settings are removed; the box restarts, and waits for new ones")


DO = {"get": get, "set": change, "backup": backup, "restore": restore, "reset": reset}
