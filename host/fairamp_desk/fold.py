"""What a chip need not know is left out of its modules before they are compiled: every name there takes about 30 bytes.

Constants that only their own module uses become numbers: `HOLD_MS = 30000` is compiled as `_HOLD_MS = const(30000)`,
which mpy-cross puts in place of the name, from there on. What describes registers for people is dropped. Lines stay
where they are, for tracebacks.
"""

import ast
from collections.abc import Iterator

from fairamp_desk.errors import Failure

# Function -> its parameters that are for people: place, or None for those that are always named.
FOR_PEOPLE = {"Row": {"name": 1, "unit": None, "scale": None, "meanings": None, "help": None}}


def used_elsewhere(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Name -> the files that import it, or look it up in another module."""
    users: dict[str, set[str]] = {}
    for file, tree in trees.items():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Attribute):
                names.append(node.attr)
            for name in names:
                users.setdefault(name, set()).add(file)
    return users


def folded(source: bytes, tree: ast.Module, kept: set[str]) -> bytes:
    """The source of a module without what a chip need not know; the names in `kept` stay."""
    text = Text(source)
    dropped = _for_people(tree)
    gone = [node for part in dropped for node in ast.walk(part)]
    dropped += _unused(tree, kept, gone)
    for part in dropped:
        text.drop(part)
    constants = _constants(tree, kept)
    inside = {id(node) for part in dropped for node in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in constants and id(node) not in inside:
            text.insert(text.begin(node), b"_")
    for value in constants.values():
        if id(value) not in inside:
            text.insert(text.begin(value), b"const(")
            text.insert(text.end(value), b")")
    return text.edited()


class Text:
    """A source, and what is to be changed in it."""

    def __init__(self, source: bytes):
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._edits: list[tuple[int, int, bytes]] = []

    def begin(self, node: ast.AST) -> int:
        return self._lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        return self._lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def insert(self, at: int, text: bytes) -> None:
        self._edits.append((at, at, text))

    def drop(self, node: ast.AST) -> None:
        """Takes it out, but for its line ends; of an argument its comma too, and a place that has to be held stays."""
        begin, end = self.begin(node), self.end(node)
        held = b""
        if isinstance(node, ast.keyword):
            rest = self._source[end:]
            if rest.lstrip().startswith(b","):
                end += rest.index(b",") + 1
        elif isinstance(node, ast.expr):
            held = b'""'
        self._edits.append((begin, end, held + b"\n" * self._source[begin:end].count(b"\n")))

    def edited(self) -> bytes:
        made, at = b"", 0
        for begin, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            made += self._source[at:begin] + text
            at = end
        return made + self._source[at:]


def _for_people(tree: ast.Module) -> list[ast.AST]:
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


def _unused(tree: ast.Module, kept: set[str], gone: list[ast.AST]) -> list[ast.AST]:
    """Tables of the module that only those arguments named."""
    named = {node.id for node in gone if isinstance(node, ast.Name)}
    inside = {id(node) for node in gone}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in inside:
            named.discard(node.id)
    found: list[ast.AST] = []
    for name, node in _assigned(tree):
        if name in named - kept:
            found.append(node)
    return found


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.Assign]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
            yield node.targets[0].id, node


def _constants(tree: ast.Module, kept: set[str]) -> dict[str, ast.expr]:
    """Name -> value of what is set once in this module, to a number that can be worked out from such constants."""
    stored: dict[str, int] = {}
    begins: dict[str, int] = {}
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Name):
            begins[node.id] = min(begins.get(node.id, node.lineno), node.lineno)
            names = [] if isinstance(node.ctx, ast.Load) else [node.id]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.Global):
            names = [*node.names, *node.names]
        elif isinstance(node, ast.alias):
            names = [node.asname or node.name]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            names = [node.name] if node.name else []
        for name in names:
            stored[name] = stored.get(name, 0) + 1
    found: dict[str, ast.expr] = {}
    for name, node in _assigned(tree):
        alone = name not in kept and stored[name] == 1 and begins[name] == node.lineno
        alone = alone and "_" + name not in begins and "_" + name not in stored
        if name.isupper() and not name.startswith("_") and alone and _is_number(node.value, found):
            found[name] = node.value
    return found


def _is_number(value: ast.expr, constants: dict[str, ast.expr]) -> bool:
    if isinstance(value, ast.Constant):
        return type(value.value) is int
    if isinstance(value, ast.Name):
        return value.id in constants
    if isinstance(value, ast.BinOp):
        return _is_number(value.left, constants) and _is_number(value.right, constants)
    return isinstance(value, ast.UnaryOp) and _is_number(value.operand, constants)
