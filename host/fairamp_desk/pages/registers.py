"""The pages of the registers, one per map, made from its rows; only the manners are written by hand."""

import textwrap
from importlib import import_module
from typing import Any

from fairamp.box import Box
from fairamp.managers import load
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import TEXTS
from fairamp.settings import Settings
from fairamp_box.features.registers.tcp_server import IDLE_MS, MOST_CONNECTIONS
from fairamp_box.io.places import YIELDS_MS
from fairamp_desk.pages import table
from fairamp_desk.registers.values import possible

PAGE = """# {title}

Made by `make docs` from `shared/fairamp/managers/{name}.py`: change it there.

{intro}

## Manners

{manners}

What all maps have in common:

{common}

`fairamp registers HOST:PORT --map {name} read` shows all of this with the values of a box; `read NAME`,
`write NAME VALUE` and `watch` do what they say. [How to connect an energy manager](connect-your-ems.md).

{tables}"""
TITLES = {
    "teltocharge": "Registers of a TeltoCharge EVC2",
    "alfen": "Registers of an Alfen NG9xx",
    "vestel": "Registers of a Vestel EVC",
    "mennekes": "Registers of a MENNEKES charger with ECU",
}
INTROS = {
    "teltocharge": "Every unit number is answered over TCP. Values of several words come **low word first**.",
    "alfen": "Unit 200 is the station and its network of chargers, unit 1 the socket; others are silent. Values of "
    "several words come high word first. What is not known reads 0xFFFF in every word: as a float it is not a number.",
    "vestel": "Every unit number is answered over TCP; clients use 255. Values of several words come high word first. "
    "Texts have one character in each word.",
    "mennekes": "Every unit number is answered over TCP. Values of several words come high word first, but for the "
    "error codes. What the meter does not know reads 0xFFFFFFFF.",
}
MANNERS = {
    "teltocharge": (
        "**Watchdog**: register 19, {timeout} at first, 0 = none. The first write of any register arms it; from then "
        "on every valid request of the one who has set the current feeds it, reads too. Who only reads arms and feeds "
        "nothing.",
        "**When it strikes**: register 20 holds ({safe} at first); 0 there pauses. The next valid request of the "
        "one who has set it brings the set-point of register 15 back.",
        "**Phases**: 7 in register 14 pauses; any other number that is taken ends that.",
    ),
    "alfen": (
        "**Watchdog**: every set-point has its own: 1210, and 1417, 1419 and 1421 for one phase of the grid each. Only "
        "a write of that very register arms and feeds it, the same value included. `ems.alfen_validity` says how long "
        "it holds ({timeout} at first); 1208, and 1423 to 1427, count down.",
        "**When it strikes**: the safe current of `ems.safe_current` ({safe} at first) holds for what that set-point "
        "limits, until it is written again. It reads back as it was written; before the first time it "
        "reads what holds without it.",
        "**One set-point or all**: 1210 and those of the phases may be used together; the lower one wins.",
    ),
    "vestel": (
        "**Watchdog**: register 2002, {timeout} at first, 0 = none. The first write of any register arms it; from then "
        "on only writing 1 to register 6000 feeds it, which reads 0 again at once. Half the time-out is a good period.",
        "**When it strikes**: the failsafe current of register 2000 ({safe} at first) holds and the connection is "
        "closed. The next write of 6000 brings the set-point of register 5004 back.",
        "**Phases**: the wish for one phase in register 405 ends with the connection.",
    ),
    "mennekes": (
        "**Watchdog**: register 132, {timeout} at first. The first write of any register arms it; from then on every "
        "valid request of the one who has set the current feeds it, reads too. Who only reads arms and feeds nothing.",
        "**When it strikes**: register 131 holds ({safe} at first); 0 to 5 there pauses. The next valid request of "
        "the one who has set it brings the set-point of register 1000 back.",
        "**Start and stop**: writing a card to 1110 starts a session or stops it, while `ems.allow_start_stop` is on.",
    ),
}
READERS = (
    "the others read, as long as there is room, and hear exception 6 when they write. Whoever writes nothing that is "
    "taken has no such place. Another one has it when"
)
YIELDS = f"has been silent for its time-out ({YIELDS_MS // 1000} s at the least)"
AGAIN = (
    "A client that comes again from the same host has its place at once; if that was another client of that host, the "
    "first one gets it back with its next write, and neither loses its connection"
)
AFTER_A_LOSS = (
    "Who has set the current and comes again on a new connection is known by its host, and goes on feeding the "
    "watchdog by reading, unless another program of that host, seen beside it, may be the one that comes"
)
CONNECTIONS = {
    0: f"{MOST_CONNECTIONS} at once, for any number of energy managers. {AFTER_A_LOSS}",
    1: f"{MOST_CONNECTIONS} at once. One of them sets something, {READERS} that one is closed or {YIELDS}. {AGAIN}",
    2: f"{MOST_CONNECTIONS} at once. Two of them set something, {READERS} one of them is closed or {YIELDS}. {AGAIN}",
}
COMMON = (
    "**Reading** with function 3 or 4, across gaps too, which read {filler}. A read that begins where nothing is gets "
    "exception 2.",
    "**Writing** with function 6 or 16 (22 and 23 work too). A value of several words is written as a whole or not at "
    "all. A value that is not allowed gets exception 3, what cannot be written exception 2, and every write "
    "exception 1 while `ems.read_only` is on.",
    "**A set-point lowers** the offer and never lifts a limit: fuse, cable and meter stay in force. 1 to 5 A cannot be "
    "offered to a car: they pause it, and read back as written. With several maps in use the lowest set-point wins.",
    "**A map that nobody uses limits nothing** and runs no watchdog, until it is first written after a start; "
    "unless `ems.required` is on: then the failsafe current holds from the start.",
    "**Who may connect**: the addresses in `ems.peers`; all while it is empty.",
)
FILLER = {"alfen": "0xFFFF"}
HEAD = ("address", "name", "type", "one count is", "values", "access", "here")


def page(name: str) -> str:
    """The page of one map."""
    dialect = load(name)
    return PAGE.format(
        title=TITLES[name],
        name=name,
        intro=textwrap.fill(INTROS[name], 118),
        manners=_bullets(_manners(dialect)),
        common=_bullets(text.format(filler=FILLER.get(name, "0")) for text in COMMON),
        tables="\n".join(_tables(name, dialect.banks(None))),
    )


def _bullets(texts):
    return "\n".join(textwrap.fill(f"- {text}", 118, subsequent_indent="  ", break_on_hyphens=False) for text in texts)


def _manners(dialect):
    name, settings = dialect.name, Settings()
    box = Box(settings)
    dialect.banks(box)
    watched = box.managers.point(name, 0)
    for text in MANNERS[name]:
        yield text.format(timeout=f"{watched.timeout_ms // 1000} s", safe=f"{watched.failsafe_ma // 1000} A")
    idle_s = (dialect.idle_ms or IDLE_MS) // 1000
    yield f"**Connections**: {CONNECTIONS[dialect.masters]}. One that is silent for {idle_s} s is closed."
    port = settings[f"ems.{name}_port"]
    yield f"**Modbus TCP** on port `ems.{name}_port`, {port or '0 = off'} at first; usual is 502."
    serves = "as it is at first" if settings["ems.serial_map"] == name else "it is another one at first"
    yield (
        f'**Modbus RTU** when `ems.serial_map` is "{name}" ({serves}): address `ems.serial_unit`, speed '
        f"`ems.serial_baud`, parity `ems.serial_parity` ({settings['ems.serial_unit']}, {settings['ems.serial_baud']} "
        f"and {settings['ems.serial_parity']} at first)."
    )


def _tables(name, banks):
    for unit, bank in banks.items():
        yield "## Registers\n" if unit == ANY_UNIT else f"## Unit {unit}\n"
        yield table(HEAD, [_cells(row) for row in bank.rows]) + "\n"
    absent = getattr(import_module(f"fairamp.managers.{name}"), "ABSENT", ())
    if absent:
        yield "## Not here\n"
        yield "What an energy manager may look for, and where a read that begins there gets exception 2.\n"
        yield table(("address", "name", "why"), [(str(address), text, why) for address, text, why in absent]) + "\n"


def _cells(row: Any) -> tuple[str, ...]:
    access = "W" if row.get is None else "R/W" if row.set else "R"
    filler = "" if row.works else "filler: the box has nothing to put there"
    here = "; ".join(filter(None, (row.help, filler)))
    cells = (str(row.address), row.name, _kind(row), _count(row), _values(row), access, here)
    return tuple(cell.replace("|", "\\|") for cell in cells)


def _kind(row):
    if row.kind in TEXTS:
        return f"{row.kind}, {row.words} words"
    return f"{row.kind}, low word first" if row.low_first else row.kind


def _count(row):
    return f"{row.scale} {row.unit}" if row.scale != 1 else row.unit


def _values(row):
    if row.meanings:
        return "; ".join(f"{value} = {meaning}" for value, meaning in row.meanings.items())
    return possible(row) if row.set and row.allowed is not None else ""
