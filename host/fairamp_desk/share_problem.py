"""Problems of sharing as JSON: every key checked, amps turned into whole mA."""

import json
import math
from typing import Any

from fairamp.sharing.member import Member
from fairamp.sharing.shares import MODES, Rules

LONGEST = 8_000_000  # bytes of a line
MOST_A = 100_000
MOST_WHOLE = 10**15
LEAST_STEP_A = 0.1
# What a calculation in decimals may be off, in mA.
NOISE = 1e-6
SOCKET: dict[str, Any] = {
    "id": 0,
    "mapping": [0, 1, 2],
    "min": 6,
    "max": 32,
    "demand": None,
    "arrived": 1,
    "vip": False,
}
PROBLEM: dict[str, Any] = {
    "mode": "equal",
    "budget": [20, 20, 20],
    "sockets": [SOCKET],
    "fifo_percent": 50,
    "step": 1,
    "imbalance": 0,
    "background": [0, 0, 0],
    "reserved": [0, 0, 0],
    "turn": 0,
}


class Wrong(Exception):
    """A line that cannot be used: what is wrong with it, and where."""


class Problem:
    """What one line asks for."""

    def __init__(self, line: bytes):
        given = _complete(_parsed(line), PROBLEM, "")
        self.rules = Rules(
            _mode(given["mode"]),
            _step_ma(given["step"]),
            _whole(given["fifo_percent"], "fifo_percent", 100),
            _ma_or_none(given["imbalance"], "imbalance"),
        )
        self.budget_ma = _per_phase(given["budget"], "budget", -MOST_A)
        self.background_ma = _per_phase(given["background"], "background", -MOST_A)
        self.reserved_ma = _per_phase(given["reserved"], "reserved", 0, up=True)
        self.turn = _whole(given["turn"], "turn")
        self.members = _members(given["sockets"])


def _parsed(line: bytes) -> Any:
    if len(line) > LONGEST:
        raise Wrong(f"longer than {LONGEST} bytes")
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise Wrong(f"not JSON: {error.msg} at column {error.colno}") from None
    except UnicodeDecodeError:
        raise Wrong("not JSON: not UTF-8") from None
    except ValueError as error:
        raise Wrong(f"not usable: {error}") from None
    except RecursionError:
        raise Wrong("not usable: nested too deeply") from None


def _without_repeats(pairs):
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise Wrong(f"key {_shown(key)} stands there twice")
        content[key] = value
    return content


def _complete(given, defaults: dict[str, Any], where: str) -> dict[str, Any]:
    name = where or "problem"
    if not isinstance(given, dict):
        raise Wrong(f"{name}: {_shown(given)} is not an object, such as {{}}")
    for key in given:
        if key not in defaults:
            raise Wrong(f"{name}: unknown key {_shown(key)}; known: {', '.join(defaults)}")
    return {**defaults, **given}


def _members(given) -> list[Member]:
    if not isinstance(given, list):
        raise Wrong(f"sockets: {_shown(given)} is not a list")
    members = [_member(socket, f"sockets[{index}]") for index, socket in enumerate(given)]
    seen = set()
    for index, member in enumerate(members):
        if member.id in seen:
            raise Wrong(f"sockets[{index}].id: {member.id} is there twice")
        seen.add(member.id)
    return members


def _member(given, where: str) -> Member:
    socket = _complete(given, SOCKET, where)
    demand = socket["demand"]
    if not isinstance(socket["vip"], bool):
        raise Wrong(f"{where}.vip: {_shown(socket['vip'])} is not true or false")
    member = Member(
        _whole(socket["id"], f"{where}.id"),
        _mapping(socket["mapping"], f"{where}.mapping"),
        _ma(socket["min"], f"{where}.min", low=0.001, up=True),
        _ma(socket["max"], f"{where}.max", low=0.001),
        None if demand is None else _ma_or_none(demand, f"{where}.demand"),
        _number(socket["arrived"], f"{where}.arrived", -MOST_WHOLE, MOST_WHOLE, ""),
        socket["vip"],
    )
    if member.least_ma > member.most_ma:
        raise Wrong(f"{where}.min: {socket['min']} A is above max, {socket['max']} A")
    return member


def _mapping(given, where: str) -> tuple[int, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= 3:
        raise Wrong(f"{where}: {_shown(given)} is not a list of 1 to 3 phases")
    phases = [_whole(phase, f"{where}[{index}]", 2) for index, phase in enumerate(given)]
    if len(set(phases)) < len(phases):
        raise Wrong(f"{where}: {_shown(given)} has a phase twice")
    return tuple(phases)


def _mode(given) -> str:
    if given not in MODES:
        raise Wrong(f"mode: {_shown(given)} is not one of {', '.join(MODES)}")
    return given


def _step_ma(given) -> int:
    exact = _number(given, "step", LEAST_STEP_A, MOST_A, " A") * 1000
    if abs(exact - round(exact)) > NOISE:
        raise Wrong(f"step: {given} A is not a whole number of mA")
    return round(exact)


def _per_phase(given, where: str, low: float, up: bool = False) -> list[int]:
    if not isinstance(given, list) or len(given) != 3:
        raise Wrong(f"{where}: {_shown(given)} is not a list of 3 numbers, L1 to L3")
    return [_ma(value, f"{where}[{phase}]", low, up) for phase, value in enumerate(given)]


def _ma(given, where: str, low: float, up: bool = False) -> int:
    """Whole mA; rounded to the safe side."""
    exact = _number(given, where, low, MOST_A, " A") * 1000
    return math.ceil(exact - NOISE) if up else math.floor(exact + NOISE)


def _ma_or_none(given, where: str) -> int:
    """Whole mA; the least bit is not nothing."""
    return _ma(given, where, low=0) or int(given > 0)


def _number(given, where: str, low: float, high: float, unit: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Wrong(f"{where}: {_shown(given)} is not a number")
    # The comparison is false for "not a number" too.
    if not low <= given <= high:
        raise Wrong(f"{where}: {_shown(given)} is not from {low} to {high}{unit}")
    return given


def _whole(given, where: str, high: int = MOST_WHOLE) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise Wrong(f"{where}: {_shown(given)} is not a whole number")
    if not 0 <= given <= high:
        raise Wrong(f"{where}: {_shown(given)} is not from 0 to {high}")
    return given


def _shown(value) -> str:
    """A value in a message, cut when it is long."""
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."
