"""What a chip need not know is left out of its modules before they are compiled: every name there takes about 30 bytes.

What describes registers, settings, pins and faults for people is dropped, names of whole numbers become the numbers
(fold_numbers), names of settings become numbers, too (fold_keys), names that only their own place knows become short
ones (fold_names), and what is looked at through the window of a box is looked at directly (fold_calls).
Lines stay where they are, for tracebacks.
"""

import ast

from fairamp_desk.chips import fold_calls, fold_keys, fold_names, fold_numbers
from fairamp_desk.chips.edits import Edits
from fairamp_desk.errors import Failure

# Function -> its parameters that are for people: place, or None for those that are always named.
FOR_PEOPLE = {"Row": {"name": 1, "unit": None, "scale": None, "meanings": None, "help": None}}
# Table of rows -> the column of them that is for people.
COLUMNS = {"PINS": 2, "FAULTS": 4}
# Texts and tables that are for people as a whole.
WHOLE = ("NOTE", "ABSENT", "HELP", "NEEDS")


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> what of its source a chip needs; the names in `kept` stay."""
    used = kept.union(*(used_from_outside(_tree(name, source)) for name, source in sources.items()))
    brief = {name: without_descriptions(source, used) for name, source in sources.items()}
    brief = fold_calls.folded(brief, kept)
    return fold_names.folded(fold_numbers.folded(fold_keys.folded(brief, kept), kept), kept)


def _tree(name: str, source: bytes) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise Failure(f"{name}, line {error.lineno}: {error.msg}") from error


def used_from_outside(tree: ast.Module) -> set[str]:
    """Names that a module imports, or looks up in another one."""
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def without_descriptions(source: bytes, kept: set[str]) -> bytes:
    tree, edits = ast.parse(source), Edits(source)
    dropped = _arguments(tree) + _columns(tree)
    for part in dropped:
        if isinstance(part, ast.keyword):
            edits.drop(part)
        else:
            edits.replace(part, b'""')  # its place has to be held
    for part in _whole(tree, dropped, kept):
        edits.drop(part)
    return edits.text()


def _arguments(tree: ast.Module) -> list[ast.AST]:
    """The arguments that only describe."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FOR_PEOPLE:
            names = FOR_PEOPLE[node.func.id]
            if any(isinstance(arg, ast.Starred) for arg in node.args):
                raise Failure(f"line {node.lineno}: a {node.func.id} with *arguments cannot be made for a chip")
            found += [node.args[place] for place in names.values() if place is not None and place < len(node.args)]
            found += [keyword for keyword in node.keywords if keyword.arg in names]
    return found


def _columns(tree: ast.Module) -> list[ast.AST]:
    """Parts of tables that only describe."""
    found: list[ast.AST] = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        if name in COLUMNS and isinstance(node.value, ast.Tuple):
            found += [row.elts[COLUMNS[name]] for row in node.value.elts if isinstance(row, ast.Tuple)]
    return found


def _whole(tree: ast.Module, gone: list[ast.AST], kept: set[str]) -> list[ast.AST]:
    """Texts and tables for people, and tables of the module that only what is gone named."""
    inside = {id(part) for node in gone for part in ast.walk(node)}
    named = {node.id for part in gone for node in ast.walk(part) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in inside:
            named.discard(node.id)
    return [
        node
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in named.union(WHOLE) - kept
    ]
