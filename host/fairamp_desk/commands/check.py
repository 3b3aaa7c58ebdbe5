"""`fairamp check`: has a box prove that balancing works where it is installed, with the car as a known load."""

import argparse
import time
from typing import Any

from fairamp_desk.box_http import ask, base
from fairamp_desk.errors import Failure

POLL_S = 0.3
# A network that is gone for a moment does not end a check that goes on in the box.
LOST_S = 15


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "check",
        help="prove that balancing works: the car as a known load, both meters compared",
        description="Lowers the offer of a charging car and raises it again, a few times, and compares on each phase "
        "how far the meter of the house and that of the charger moved. Takes about two minutes, ten at most. Tells "
        "what to do, and at the end what was found: exit code 0 when balancing works, 1 when not or when not sure.",
    )
    parser.add_argument("box", metavar="URL", help="the box, for example http://127.0.0.1:8080 or 192.168.1.20")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    url = f"{base(args.box)}/api/check"
    state = start(url)
    told = None
    while not state["done"]:
        if state["step"] != told:
            told = state["step"]
            print(f"{state.get('seconds', 0):4} s  {told}", flush=True)
        time.sleep(POLL_S)
        state = look(url)
    for key in ("conclusion", "open"):
        if state[key]:
            print(state[key])
    return 0 if state["works"] else 1


def start(url: str) -> dict[str, Any]:
    """Begins a check; joins the one that is running."""
    code, state = ask(url, b"")
    if code == 409:
        print("a check is running already; this is how it goes on", flush=True)
        return look(url)
    if code != 202:
        raise Failure(f"{url}: {state.get('error', f'answered with {code}')}")
    return state


def look(url: str) -> dict[str, Any]:
    """How far it is."""
    end = time.monotonic() + LOST_S
    while True:
        try:
            code, state = ask(url, None)
            break
        except Failure:
            if time.monotonic() > end:
                raise
            time.sleep(POLL_S)
    if code != 200 or "result" not in state:
        raise Failure(f"{url}: the box knows of no check any more: it was restarted; run this again")
    return state
