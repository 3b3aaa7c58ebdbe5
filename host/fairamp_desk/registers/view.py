"""What `fairamp registers` prints: the table of all registers, and the cells that `watch` repaints."""

import itertools
import sys
from typing import Any

from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from fairamp_desk.registers.values import shown

# Without a terminal nothing is to be folded.
ENDLESS = 1000
GAP = 3


def console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else ENDLESS)


def access(row: Any) -> str:
    return "W" if row.get is None else "R/W" if row.set else "R"


def table(title: str, rows: tuple, values: dict[Any, Any]) -> str:
    """One line per register below a title, ready to be printed."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    made.add_column("ADDRESS", justify="right")
    made.add_column("NAME", no_wrap=True)
    for head in ("VALUE", "ACCESS", "NOTE"):
        made.add_column(head)
    for row in rows:
        note = "" if row.works else "filler"
        cells = (str(row.address), row.name, shown(row, values.get(row)), access(row), note)
        made.add_row(*(Text(cell) for cell in cells), style="" if row.works else "dim")
    screen = console()
    with screen.capture() as captured:
        screen.print(title, style="bold")
        screen.print(made)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def bar(total: int) -> tuple[Progress, Any]:
    """A bar that shows on a terminal only and leaves nothing behind, and how to move it on."""
    screen = console()
    progress = Progress(
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        console=screen,
        disable=not screen.is_terminal,
        transient=True,
    )
    task = progress.add_task("", total=total)
    return progress, lambda count: progress.advance(task, count)


def cells(lines: list[tuple[str, str, bool]], width: int, height: int, foot: str) -> Group:
    """Names and values in as many columns as they need and fit; what has just changed stands out."""
    name_width = max(len(name) for name, _, _ in lines)
    value_width = max(12, *(min(len(value), 40) for _, value, _ in lines))
    below = max(1, height - 2)
    beside = max(1, (width + GAP) // (name_width + 1 + value_width + GAP))
    fitting = lines[: beside * below]
    columns = [fitting[start : start + below] for start in range(0, len(fitting), below)]
    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=False)
    for _ in columns:
        grid.add_column(no_wrap=True, overflow="ellipsis", width=name_width + 1 + value_width)
    for line in itertools.zip_longest(*columns):
        grid.add_row(*(_cell(cell, name_width) for cell in line))
    if len(fitting) < len(lines):
        foot = f"{len(lines) - len(fitting)} more do not fit: `watch NAME ...` shows those you name. {foot}"
    return Group(grid, Text(foot, style="dim", no_wrap=True, overflow="ellipsis"))


def _cell(cell, name_width):
    if cell is None:
        return Text("")
    name, value, changed = cell
    return Text.assemble((name.ljust(name_width + 1), "dim"), (value, "bold yellow" if changed else ""))
