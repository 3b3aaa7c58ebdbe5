"""Settings are looked up by numbers on a chip: their names are long texts there, once in every module that asks.

The tables of settings keep the names, for files and for errors, and get the numbers behind them.
"""

import ast
from collections.abc import Iterator

from fairamp_desk.chips import fold_names
from fairamp_desk.chips.edits import Edits

TABLES = "fairamp.settings."
ROWS = "ROWS"


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> source with numbers; the names in `kept` stay."""
    tables = {module: names(ast.parse(sources[module])) for module in sorted(sources) if module.startswith(TABLES)}
    named = [str(node.value) for rows in tables.values() for node in rows]
    numbers = {name: number for number, name in enumerate(named) if name not in kept}
    return {module: shortened(source, tables.get(module, []), numbers) for module, source in sources.items()}


def names(tree: ast.Module) -> list[ast.Constant]:
    """The names in a table of settings; none where there is no table."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and ROWS in fold_names.names_in(node):
            assert isinstance(node.value, ast.Tuple)
            return [row.elts[0] for row in node.value.elts]  # type: ignore[attr-defined]
    return []


def shortened(source: bytes, rows: list[ast.Constant], numbers: dict[str, int]) -> bytes:
    """`rows`: where the source names settings as a table of them."""
    edits, places = Edits(source), {(node.lineno, node.col_offset) for node in rows}
    for node, text in texts(ast.parse(source)):
        if text in numbers:
            in_table = (node.lineno, node.col_offset) in places
            edits.replace(node, (f'"{text} {numbers[text]}"' if in_table else str(numbers[text])).encode())
    return edits.text()


def texts(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    return (
        (node, node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
