"""Settings are looked up by short keys on a chip: their names are long texts there, once in every module that asks.

The table of settings keeps the names, for files and for errors, and gets the keys behind them.
"""

import ast
from collections.abc import Iterator

from fairamp_desk import fold_names
from fairamp_desk.edits import Edits

TABLE = "fairamp.settings_rows"
# It speaks of settings by their names, and is on no chip.
HELP = "fairamp.settings_help"
ROWS = "_ROWS"


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> source with short keys; the names in `kept` stay."""
    if TABLE not in sources:
        return sources
    named = [str(node.value) for node in names(ast.parse(sources[TABLE]))]
    keys = dict(zip((name for name in named if name not in kept), fold_names.words(), strict=False))
    return {
        module: source if module == HELP else shortened(source, module == TABLE, keys)
        for module, source in sources.items()
    }


def names(tree: ast.Module) -> list[ast.Constant]:
    """The names in the table of settings."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and ROWS in fold_names.names_in(node):
            assert isinstance(node.value, ast.Tuple)
            return [row.elts[0] for row in node.value.elts]  # type: ignore[attr-defined]
    raise AssertionError(f"{TABLE} has no {ROWS}")


def shortened(source: bytes, table: bool, keys: dict[str, str]) -> bytes:
    tree, edits = ast.parse(source), Edits(source)
    rows = {(node.lineno, node.col_offset) for node in names(tree)} if table else set()
    for node, text in texts(tree):
        if text in keys:
            name = text + " " if (node.lineno, node.col_offset) in rows else ""
            edits.replace(node, f'"{name}{keys[text]}"'.encode())
    return edits.text()


def texts(tree: ast.Module) -> Iterator[tuple[ast.Constant, str]]:
    return (
        (node, node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
