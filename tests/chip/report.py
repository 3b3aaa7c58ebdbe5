"""What was measured, beside its budget: as a table for a terminal, as JSON, and as a section of docs/chip.md."""

import datetime
import importlib.metadata
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fairamp import VERSION
from tests.chip.budgets import Budget
from tests.chip.image import Image
from tests.chip.session import Play

PAGE = Path("docs/chip.md")
HELD, MISSED, SHOWN = "held", "MISSED", ""


@dataclass
class Row:
    name: str
    what: str
    statistic: str
    unit: str
    samples: int
    measured: float | None
    budget: str
    result: str

    @property
    def value(self) -> str:
        if self.measured is None:
            return "not measured"
        return f"{self.measured:.4g} {self.unit}".rstrip()

    @property
    def statement(self) -> str:
        """A row without words is about the same as the one above it."""
        if not self.what:
            return f"… {self.statistic}"
        return self.what if self.statistic == "value" else f"{self.what}, {self.statistic}"


@dataclass
class Report:
    board: str
    micropython: str
    fairamp: str
    emulator: str
    date: str
    rows: list[Row]
    stories: dict[str, str]
    notes: list[str]

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.result == MISSED]


def make(image: Image, board: str, budgets: Sequence[Budget], plays: Iterable[Play]) -> Report:
    values: dict[str, list[float]] = {}
    stories: dict[str, str] = {}
    notes: list[str] = []
    for play in plays:
        values |= play.values
        stories |= play.stories
        notes += play.notes
    values["stories"] = [100 * sum(not wrong for wrong in stories.values()) / max(1, len(stories))]
    rows: list[Row] = []
    for budget in budgets:
        measured = budget.measured(values.get(budget.name, []))
        limited = budget.limit() != ""
        result = SHOWN if not limited else HELD if budget.holds(measured) else MISSED
        samples = len(values.get(budget.name, []))
        rows.append(
            Row(budget.name, budget.what, budget.statistic, budget.unit, samples, measured, budget.limit(), result)
        )
    return Report(
        board,
        image.version,
        VERSION,
        f"rp2040py {importlib.metadata.version('rp2040py')}",
        datetime.date.today().isoformat(),
        rows,
        stories,
        notes,
    )


def show(report: Report, console: Console) -> None:
    table = Table(title=f"{report.board}, MicroPython {report.micropython}, Fairamp {report.fairamp}")
    table.add_column("what")
    for column in ("measured", "budget"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for row in report.rows:
        style = "bold red" if row.result == MISSED else ""
        table.add_row(row.statement, row.value, row.budget, row.result, style=style)
    console.print(table)
    for name, wrong in report.stories.items():
        console.print(f"{'WRONG' if wrong else 'as it should'}: {name}{': ' + wrong if wrong else ''}", markup=False)
    for note in report.notes:
        console.print(note, markup=False)
    missed = len(report.missed)
    console.print(f"{missed} budgets missed" if missed else "all budgets held")


def write_json(report: Report, path: Path) -> None:
    path.write_text(json.dumps(asdict(report), indent=2) + "\n")


def write_page(report: Report) -> None:
    """In the place of what docs/chip.md said of this board."""
    begin, end = f"<!-- {report.board} -->", f"<!-- end of {report.board} -->"
    text = PAGE.read_text()
    if begin not in text or end not in text:
        raise ValueError(f"{PAGE} has no place for {report.board}: the lines {begin} and {end}")
    section = "\n".join([begin, "", *lines(report), "", end])
    PAGE.write_text(re.sub(f"{begin}.*?{end}", lambda _: section, text, flags=re.DOTALL))


def lines(report: Report) -> list[str]:
    """Of Markdown."""
    by = f"Fairamp {report.fairamp} on MicroPython {report.micropython}, {report.emulator}, {report.date}."
    found = [by, "", "| what | measured | budget | |", "|---|---|---|---|"]
    found += [f"| {row.statement} | {row.value} | {row.budget} | {row.result} |" for row in report.rows]
    wrong = [f"- {name}: {wrong}" for name, wrong in report.stories.items() if wrong]
    if wrong:
        found += ["", "Stories that did not go as they should:", "", *wrong]
    return found
