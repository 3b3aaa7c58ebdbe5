"""`fairamp run`: the twin with its network ports and its live view."""

import argparse
import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.live import Live

from fairamp import commands
from fairamp.managers import NAMES
from fairamp.settings.kinds import INSTALLER
from fairamp_box.features.web import WEB
from fairamp_box.io.json_body import parse
from fairamp_desk import passwords
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.live import view
from fairamp_desk.site import EVENTS, read_site
from fairamp_desk.twin import kept_settings
from fairamp_desk.twin.door import TwinDoor
from fairamp_desk.twin.twin import Twin

DEFAULT_MODBUS = ("127.0.0.1", 1502)
DEFAULT_HTTP = ("127.0.0.1", 8080)
EXAMPLE = Path(__file__).parents[1] / "twin" / "example.toml"


def endpoint(text: str, usual: tuple[str, int]) -> tuple[str, int]:
    """HOST:PORT of an option. `usual`: the one that holds without it."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, for example {usual[0]}:{usual[1]}")
    return host or usual[0], int(port)


def page_endpoint(text: str) -> tuple[str, int]:
    return endpoint(text, DEFAULT_HTTP)


def map_endpoint(text: str) -> tuple[str | None, tuple[str, int]]:
    """HOST:PORT, or MAP=HOST:PORT."""
    name, equals, where = text.rpartition("=")
    if equals and name not in NAMES:
        raise argparse.ArgumentTypeError(f"{name!r} is no map; known: {', '.join(NAMES)}")
    return name or None, endpoint(where, DEFAULT_MODBUS)


def password(text: str) -> str:
    problem = passwords.problem(text)
    if problem:
        raise argparse.ArgumentTypeError(problem)
    return text


def positive(text: str) -> int:
    """A whole number of at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def add_parser(subparsers) -> None:
    parser = subparsers.add_parser("run", help="the twin: the firmware against a simulated site, in real time")
    parser.add_argument(
        "site", nargs="?", type=Path, metavar="SITE.toml", help="the site (default: a built-in example)"
    )
    parser.add_argument(
        "--modbus-tcp",
        type=map_endpoint,
        action="append",
        metavar="[MAP=]HOST:PORT",
        help="Modbus TCP server of charger 0, once per map (default 127.0.0.1:1502; port 0 = any free one)",
    )
    parser.add_argument("--serial", type=Path, metavar="PATH", help="Modbus RTU on a pseudo-terminal linked at PATH")
    parser.add_argument(
        "--http",
        type=page_endpoint,
        default=DEFAULT_HTTP,
        metavar="HOST:PORT",
        help="a page with the live values, as JSON at /api/status (default 127.0.0.1:8080; port 0 = any free one)",
    )
    parser.add_argument(
        "--map", choices=NAMES, help="registers that are served (default: [ems] serial_map of the site, or teltocharge)"
    )
    parser.add_argument(
        "--speed", type=positive, default=1, metavar="N", help="simulated seconds per second (default 1)"
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="keep there what a box keeps in flash; another start with it is a restart of the same box",
    )
    parser.add_argument(
        "--password",
        type=password,
        metavar="TEXT",
        help="of the owner, who may change settings (default: a random one, printed as an endpoint)",
    )
    parser.add_argument(
        "--installer-password",
        type=password,
        metavar="TEXT",
        help="of the installer, who may change all settings (default: that of the owner)",
    )
    parser.add_argument("--seconds", type=positive, metavar="N", help="stop after N simulated seconds")
    parser.add_argument("--quiet", action="store_true", help="no live view; one line per endpoint, then `ready`")
    parser.set_defaults(run=run)


def run(args) -> None:
    if args.speed > 1000:
        raise UsageError("--speed: at most 1000; `fairamp simulate` is for more")
    site = read_site(args.site or EXAMPLE)
    if site.meter_port and args.serial:
        raise UsageError("--serial: the house meter at [meter] port has that line; use --modbus-tcp")
    if args.map:
        errors = site.settings.load({"ems": {"serial_map": args.map}}, "--map")
        assert not errors
    if args.state:
        _make(args.state)
        kept_settings.keep(site, args.state)
    made = _set_passwords(site.settings, args)
    doors = _doors(args, site.settings["ems.serial_map"])
    twin = Twin(site, args.speed, doors=doors, state=args.state)
    doors[-1].basic = passwords.with_basic
    doors[-1].routes = (_settings(twin.app.box), _by_hand(twin.world))
    try:
        with _linked(args.serial, twin.serial_device):
            asyncio.run(_main(twin, doors, args, made))
    finally:
        twin.close()
    if twin.world.was_reset:
        _start_again(args, doors, twin.world.ms // 1000, made)


def _start_again(args, doors, seconds, made):
    """A restart of the box is one of this program, at the same ports; its site begins anew."""
    options = ["--http", f"{doors[-1].host}:{doors[-1].port}"]
    for door in doors[:-1]:
        options += ["--modbus-tcp", f"{door.what}={door.host}:{door.port}"]
    for name in ("serial", "map", "state", "speed", "password", "installer_password"):
        if value := getattr(args, name):
            options += ["--" + name.replace("_", "-"), str(value)]
    if made:
        options += ["--password", made]
    if args.seconds:
        options += ["--seconds", str(max(1, args.seconds - seconds))]
    options += ["--quiet"] if args.quiet else []
    site = [str(args.site)] if args.site else []
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "fairamp_desk.cli", "run", *options, *site])


def _set_passwords(settings, args) -> str | None:
    """Of owner and installer; the one that was made because nobody has named or set any."""
    kept = settings["web.password"] or settings["web.installer_password"]
    made = None if args.password or kept else passwords.random_one()
    owner = args.password or made
    given = {"password": owner, "installer_password": args.installer_password or owner}
    values = {key: passwords.check_value(text) for key, text in given.items() if text}
    errors = settings.load({"web": values}, "--password")
    assert not errors
    return made


def _make(folder: Path):
    """Makes it, and holds it as long as this process lives."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise Failure(f"--state: {folder} cannot be made: {error.strerror}; choose another folder") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failure(f"--state: {folder} is that of a twin that runs; end it, or choose another folder") from None


@contextlib.contextmanager
def _linked(path: Path | None, device: str):
    """A link to the pseudo-terminal, for as long as it is there."""
    if path is None:
        yield
        return
    # What an earlier run left behind is ours to replace; nothing else is.
    if path.is_symlink() and str(path.readlink()).startswith("/dev/pts/"):
        path.unlink()
    try:
        path.symlink_to(device)
    except OSError as error:
        raise Failure(f"--serial: {path} cannot be made: {error.strerror}; choose another path") from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


async def _main(twin, doors, args, made):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_report)
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        endpoints = await _reserve(doors, args.serial)
        endpoints += [f"password {made}"] if made else []
        running = twin.run() if args.seconds is None else _limited(twin, args.seconds)
        if args.quiet or not sys.stdout.isatty():
            for line in (*endpoints, "ready"):
                print(line, flush=True)
            await running
        else:
            await _watched(twin, running, endpoints)
    except asyncio.CancelledError:
        pass  # asked to end: that is a success


def _report(loop, context):
    # Python 3.11 reports a connection that is cut by our own end as an error.
    if not isinstance(context.get("exception"), asyncio.CancelledError):
        loop.default_exception_handler(context)


def _doors(args, usual: str) -> list[TwinDoor]:
    wanted = args.modbus_tcp or [(None, DEFAULT_MODBUS)]
    doors = [TwinDoor(name or usual, where, "--modbus-tcp") for name, where in wanted]
    return [*doors, TwinDoor(WEB, args.http, "--http")]


async def _reserve(doors, serial):
    """One line per endpoint."""
    *registers, page = doors
    endpoints = [f"modbus-tcp {door.what} {await door.reserve()}" for door in registers]
    if serial:
        endpoints.append(f"serial {serial}")
    return [*endpoints, f"http http://{await page.reserve()}"]


def _by_hand(world):
    """What an [[event]] of a site does: POST /twin/meter_lost, POST /twin/network_lost?charger=1."""

    async def happen(request, what):
        if what not in EVENTS:
            return {"error": f"{what}: unknown; known: {', '.join(EVENTS)}"}, 404
        charger = request.args.get("charger", str(world.outlets[0].id))
        known = [str(outlet.id) for outlet in world.outlets]
        if charger not in known:
            return {"error": f"charger {charger}: there is none; known: {', '.join(known)}"}, 404
        if what.startswith("network_") and charger == known[0]:
            others = ", ".join(known[1:]) or "none on this site"
            return {"error": f"charger {charger}: has no network to lose, it is the coordinator; others: {others}"}, 409
        world.happen(what, int(charger))
        return "", 204

    return "/twin/<what>", happen


def _settings(box):
    """What somebody who may do everything changes while the twin runs: POST /twin/settings, in the words of a file."""

    async def change(request):
        try:
            sections = parse(request.body)
        except ValueError as wrong:
            return {"errors": [str(wrong)]}, 400
        errors, waiting = commands.change(box, "twin", INSTALLER, sections)
        return ({"errors": errors}, 400) if errors else {"restart": waiting}

    return "/twin/settings", change


async def _limited(twin, seconds):
    try:
        await twin.clock.within(1000 * seconds, twin.run())
    except TimeoutError:
        pass  # that is when it was to stop


async def _watched(twin, running, endpoints):
    task = asyncio.ensure_future(running)
    try:
        console = Console()
        # On a screen of its own: what is already shown would wrap when the terminal becomes narrower.
        with Live(console=console, auto_refresh=False, screen=True) as live:
            while not task.done():
                live.update(view(twin, endpoints, *console.size), refresh=True)
                await asyncio.wait((task,), timeout=0.25)
        console.print(view(twin, endpoints, *console.size))
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
