"""The live view of the twin: what a person wants to see, in as much of it as the terminal has space for."""

import textwrap

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from fairamp import view as seen
from fairamp.sharing.socket import Socket
from fairamp.status import MEANING
from fairamp.units import PHASES
from fairamp_desk.twin.satellite import Satellite
from fairamp_desk.twin.twin import Twin

MOST_BAR = 24
# What stands beside the bar in a line of a phase, and the frame; narrower than that, the fuse is left out, and then
# who draws what.
BESIDE_BAR = 56
WITHOUT_PARTS = 44
WITHOUT_FRAME = 40
LEAST_NAME = 11
# The frame and what parts name and text.
BESIDE_TEXT = 6
LEAST_LOG, MOST_LOG = 2, 6
# The frame above and below, four lines of phases and an empty one, and how it ends.
AROUND = 8
# The same without frame and empty line.
WITHOUT_ROWS = 6
END = "Ctrl-C ends it."


def view(twin: Twin, endpoints: list[str], width: int, height: int) -> Group:
    """One picture of the moment, no wider and no higher than that."""
    own = _own_rows(twin)
    where = [_row(*endpoint.split(" ", 1)) for endpoint in endpoints]
    free = height - AROUND - len(own) - len(where)
    notes = _notes(twin, width, free - LEAST_LOG - 1)
    free -= len(notes)
    others = _other_rows(twin, max(1, free - LEAST_LOG))
    log = max(LEAST_LOG, min(MOST_LOG, free - len(others)))
    # A terminal that is too low shows less of the middle: what is wrong stands in the log.
    middle = [*own, *others][: max(0, height - AROUND - len(where) - len(notes) - log)]
    world = twin.world
    title = f"Fairamp twin, {world.ms // 1000} s" + (f" at {twin.clock.speed} x" if twin.clock.speed != 1 else "")
    rows = [*middle, *where]
    if width >= WITHOUT_FRAME:
        picture: RenderableType = _framed(twin, width, title, rows)
    else:
        space = height - WITHOUT_ROWS - len(notes)
        lines = _folded(rows, width, space - LEAST_LOG)
        log = max(LEAST_LOG, min(log, space - len(lines)))
        picture = Group(_line(title), _phases(twin, width), *lines)
    return Group(
        picture,
        *(_line(note, "yellow") for note in notes),
        *(_line(entry, "dim") for entry in twin.app.log.entries[-log:]),
        _line(END),
    )


def _framed(twin: Twin, width: int, title: str, rows: list[tuple]) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, min_width=LEAST_NAME)
    # The frame would cut off the end, and not say so.
    grid.add_column(no_wrap=True, max_width=width - LEAST_NAME - BESIDE_TEXT)
    for row in rows:
        grid.add_row(*row)
    return Panel(Group(_phases(twin, width), Text(), grid), title=title, expand=False)


def _folded(rows: list[tuple], width: int, space: int) -> list[Text]:
    """Names and texts one after the other, and each whole as long as there is space for the lines that this takes."""
    lines: list[Text] = []
    space -= len(rows)
    for name, text in rows:
        parts = textwrap.wrap(f"{name}: {text}" if name else str(text), max(10, width), subsequent_indent="  ")
        space -= len(parts) - 1
        lines += map(_line, parts if space >= 0 else [" ".join(map(str.strip, parts))])
    return lines


def _notes(twin: Twin, width: int, most: int) -> list[str]:
    """What its settings mean, whole where the terminal has space for it."""
    text = "; ".join(twin.notes)
    return textwrap.wrap(text, max(20, width), max_lines=most, placeholder=" ...") if text and most > 0 else []


def _phases(twin: Twin, width: int) -> Table:
    """House and chargers, which together flow through the fuse, and how much may."""
    table, bar = Table(box=None, pad_edge=False), min(MOST_BAR, width - BESIDE_BAR)
    settings, world = twin.app.box.settings, twin.world
    parts = width >= WITHOUT_PARTS
    for title in ("", *(("house", "chargers") if parts else ()), "together", *(("",) if bar > 0 else ()), "limit"):
        table.add_column(title, justify="right" if title else "left", no_wrap=True)
    for phase in PHASES:
        house, together = world.house.current_ma[phase], world.total_ma[phase]
        fuse = settings["site.fuse"][phase]
        limit = seen.allowed_ma(twin.app.box)[phase]
        flows = (house, together - house, together) if parts else (together,)
        cells: list[RenderableType] = [f"L{phase + 1}", *(f"{ma / 1000:+.1f} A" for ma in flows)]
        if bar > 0:
            cells.append(_bar(together, limit, bar))
        of_fuse = f" of {fuse / 1000:g} A" if limit < fuse and bar > 0 else ""
        table.add_row(*cells, f"{limit / 1000:g} A{of_fuse}")
    return table


def _own_rows(twin: Twin) -> list[tuple]:
    """The charger whose registers are served, and the house meter."""
    box = twin.app.box
    state, drawn = seen.state(box), max(seen.current_ma(box, terminal) for terminal in PHASES)
    about = "about " if seen.estimated(box) else ""
    meter, grid = seen.meter(box), seen.grid(box)
    told = ", ".join(f"{ma / 1000:+.1f}" for ma in grid.current_ma) + " A" if grid.number else ""
    return [
        _row(_name(seen.sockets(box)[0]), f"{state}: {MEANING[state]}, {seen.state_s(box)} s"),
        _row("offer", f"{seen.offer_ma(box) / 1000:.1f} A, duty {seen.duty(box) / 100:.2f} %"),
        _row(
            "draw",
            f"{about}{drawn / 1000:.1f} A per phase, {seen.session_wh(box)} Wh in this session",
        ),
        *([_row("limited by", seen.why(box))] if seen.connected(box) or state != "A" else []),
        _row("light", seen.light_says(box)),
        _row("house meter", f"{meter}, {grid.number} readings" + (f", the last: {told}" if told else "")),
    ]


def _other_rows(twin: Twin, most: int) -> list[tuple]:
    """The further chargers, first those in trouble, then those that wait; where no car is, one line for all."""
    found, empty = [], []
    for satellite in twin.satellites:
        socket = satellite.socket
        if socket.online and not socket.report.connected and not satellite.is_faulty():
            empty.append(socket)
        else:
            found.append((_rank(satellite), socket.id, _row(_name(socket), _doing(satellite))))
    rows = [row for *_, row in sorted(found, key=lambda each: each[:2])]
    at_end = [_row(_name(*empty), "no car")] if empty else []
    if len(rows) + len(at_end) > most:
        shown = max(0, most - len(at_end) - 1)
        at_end.insert(0, _row("", f"and {len(rows) - shown} more with a car"))
        rows = rows[:shown]
    return [*rows, *at_end][:most]


def _rank(satellite: Satellite) -> int:
    if satellite.is_faulty() or not satellite.socket.online:
        return 0
    return 2 if satellite.socket.report.charging else 1


def _doing(satellite: Satellite) -> str:
    socket = satellite.socket
    if not socket.online:
        return "not heard, what it draws is unknown"
    current = f"offer {socket.commitment.offered_ma / 1000:.1f} A, draws {max(socket.report.draw_ma) / 1000:.1f} A; "
    return current + satellite.why()


def _name(*sockets: Socket) -> str:
    """Of one charger, or of several."""
    if len(sockets) == 1:
        return f"charger {sockets[0].id}"
    return f"{len(sockets)} others"


def _row(name: str, text: str = "") -> tuple:
    return name, _line(text)


def _line(text: str, style: str = "") -> Text:
    """One line, however narrow the terminal is."""
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def _bar(ma: int, limit: int, size: int) -> Text:
    share = max(0.0, ma / limit) if limit else 1.0
    full = min(size, round(share * size))
    style = "red" if share > 1 else "yellow" if share > 0.9 else "green"
    return Text("█" * full, style=style) + Text("░" * (size - full), style="dim")
