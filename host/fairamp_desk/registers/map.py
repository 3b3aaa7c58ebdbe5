"""The registers of one map: which units they are at, and how to fetch many with few requests."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fairamp.managers import load
from fairamp.modbus.client import Refused
from fairamp.modbus.frames import MAX_READ
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import decode
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.registers.modbus_link import Link

# Where the vendor's charger is found over TCP, for maps that answer to every unit; on a serial line it is 1.
USUAL_UNITS = {"vestel": 255}
Found = tuple[int, Any]


def units(name: str, wanted: int | None = None, serial: bool = False) -> dict[int, tuple]:
    """The rows of a map by unit; those of one unit when it is named."""
    banks = load(name).banks(None)
    if ANY_UNIT in banks:
        usual = 1 if serial else USUAL_UNITS.get(name, 1)
        return {usual if wanted is None else wanted: banks[ANY_UNIT].rows}
    if wanted is None:
        return {unit: bank.rows for unit, bank in banks.items()}
    if wanted not in banks:
        raise UsageError(f"--unit {wanted}: {name} has {' and '.join(map(str, banks))}")
    return {wanted: banks[wanted].rows}


def find(rows_by_unit: dict[int, tuple], name: str) -> Found:
    """Unit and row of that name; UsageError lists what could be meant."""
    every = {row.name: (unit, row) for unit, rows in rows_by_unit.items() for row in rows}
    if name.lower() in every:
        return every[name.lower()]
    close = difflib.get_close_matches(name.lower(), every, n=5) or [other for other in every if name.lower() in other]
    hint = f"did you mean {', '.join(close[:5])}?" if close else "`read` without a name lists all"
    raise UsageError(f"no register is called {name!r}; {hint}")


def blocks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Rows that one request can fetch, with the gaps between them."""
    block: list[Any] = []
    for row in sorted(rows, key=lambda row: row.address):
        if row.get is None:
            continue
        if block and row.address + row.words - block[0].address > MAX_READ:
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def fetch(
    link: Link, unit: int, rows: Iterable[Any], done: Callable[[int], Any] = lambda count: None
) -> dict[Any, Any]:
    """Raw values by row; a Refused in place of what the device does not have. `done` hears how many came."""
    values: dict[Any, Any] = {}
    for block in blocks(rows):
        try:
            values.update(_fetch_block(link, unit, block))
        except Refused as refusal:
            # Devices that do not read across gaps, or lack one of these, still have the others.
            for row in block:
                values[row] = refusal if len(block) == 1 else fetch(link, unit, [row])[row]
        done(len(block))
    return values


def _fetch_block(link, unit, block):
    first, last = block[0], block[-1]
    words = link.read(unit, first.address, last.address + last.words - first.address)
    return {row: decode(row, words, 2 * (row.address - first.address)) for row in block}


def fetch_all(
    link: Link, map_name: str, rows_by_unit: dict[int, Iterable[Any]], done: Callable[[int], Any] = lambda count: None
) -> dict[Any, Any]:
    """As fetch, of all units; Failure when the device has none of these registers."""
    values: dict[Any, Any] = {}
    for unit, rows in rows_by_unit.items():
        values.update(fetch(link, unit, rows, done))
    if values and all(isinstance(value, Refused) for value in values.values()):
        raise Failure(f"{link.where}: has none of the registers of {map_name}; is --map right?")
    return values
