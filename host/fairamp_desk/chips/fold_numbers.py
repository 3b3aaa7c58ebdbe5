"""Names of whole numbers become the numbers, wherever they are used: a name takes space, and time to look it up."""

import ast
from collections import Counter
from collections.abc import Iterator

from fairamp_desk.chips.edits import Edits

Values = dict[str, dict[str, int]]
OPERATIONS = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
    ast.FloorDiv: int.__floordiv__,
    ast.LShift: int.__lshift__,
    ast.RShift: int.__rshift__,
    ast.BitOr: int.__or__,
    ast.BitAnd: int.__and__,
}


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> source, with numbers in place of their names; those in `kept` can still be asked for by name."""
    modules = {name: Module(name, source, set(sources)) for name, source in sources.items()}
    values: Values = {name: {} for name in modules}
    while sum(module.evaluate(values) for module in modules.values()):
        pass
    wanted = kept.union(*(module.unclear(values) for module in modules.values()))
    return {name: module.folded(values, wanted) for name, module in modules.items()}


class Module:
    """One source, and what its names mean."""

    def __init__(self, name: str, source: bytes, others: set[str]):
        self.name = name
        self._source = source
        self._tree = ast.parse(source)
        self._stored = stored(self._tree)
        self._modules: dict[str, str] = {}  # alias -> module
        self._imported: dict[str, tuple[str, str]] = {}  # alias -> module and name there
        self._imports: Counter = Counter()  # how often each name is imported
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._imports.update(alias.asname or alias.name for alias in node.names)
                if node.module and not node.level:
                    self._import(node.module, node.names, others)

    def _import(self, module, names, others):
        for alias in names:
            own = alias.asname or alias.name
            if f"{module}.{alias.name}" in others:
                self._modules[own] = f"{module}.{alias.name}"
            elif module in others:
                self._imported[own] = (module, alias.name)

    def _is_import(self, alias: str) -> bool:
        """Is it nothing but this import, everywhere in the file?"""
        return self._stored[alias] == self._imports[alias]

    def value(self, node: ast.expr, values: Values) -> int | None:
        """Of an expression, as far as it is known by now."""
        if isinstance(node, ast.Constant):
            return node.value if type(node.value) is int else None
        if isinstance(node, ast.Name):
            if node.id in values[self.name]:
                return values[self.name][node.id]
            module, name = self._imported.get(node.id, ("", ""))
            return values[module].get(name) if module and self._is_import(node.id) else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = self._modules.get(node.value.id, "")
            return values[module].get(node.attr) if module and self._is_import(node.value.id) else None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            number = self.value(node.operand, values)
            return None if number is None else -number
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
            left, right = self.value(node.left, values), self.value(node.right, values)
            return None if left is None or right is None else OPERATIONS[type(node.op)](left, right)
        return None

    def evaluate(self, values: Values) -> bool:
        """Finds out numbers that were not known before; False when there are none."""
        news = False
        for name, number in self._assigned(values):
            if name not in values[self.name] and self._stored[name] == 1 and name.isupper():
                values[self.name][name] = number
                news = True
        return news

    def _assigned(self, values) -> Iterator[tuple[str, int]]:
        for alias, (module, name) in self._imported.items():
            # Others may import it from here.
            if name in values[module] and self._is_import(alias):
                yield alias, values[module][name]
        for node in self._tree.body:
            for target, value in assigned(node):
                number = value if isinstance(value, int) else self.value(value, values)
                if number is not None:
                    yield target, number

    def unclear(self, values: Values) -> set[str]:
        """Names that are looked up in ways that nobody can follow here."""
        known = set().union(*values.values())
        found = set()
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Attribute) and node.attr in known and self.value(node, values) is None:
                found.add(node.attr)
        return found

    def folded(self, values: Values, wanted: set[str]) -> bytes:
        edits = Edits(self._source)
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._drop_imports(node, values, wanted, edits)
            elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                number = self.value(node, values)
                if number is not None:
                    edits.replace(node, str(number).encode() if number >= 0 else b"(%d)" % number)
        for node in self._tree.body:
            names = [target for target, _ in assigned(node)]
            if names and all(name in values[self.name] and name not in wanted for name in names):
                edits.drop(node)
        return edits.text()

    def _drop_imports(self, node, values, wanted, edits):
        module = node.module or ""
        left = [
            alias
            for alias in node.names
            if alias.name not in values.get(module, {})
            or alias.name in wanted
            or not self._is_import(alias.asname or alias.name)
        ]
        if len(left) < len(node.names):
            names = ", ".join(f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in left)
            line = f"from {module} import {names}" if left else "pass" if node.col_offset else ""
            edits.replace(node, line.encode())


def assigned(node: ast.stmt) -> Iterator[tuple[str, "ast.expr | int"]]:
    """(name, value) of `A = 1`, `A, B = 1, 2` and `(A, B) = range(2)`."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and all(isinstance(part, ast.Name) for part in target.elts):
        values: list = list(value.elts) if isinstance(value, ast.Tuple) else counted(value)
        if len(values) == len(target.elts):
            yield from zip([part.id for part in target.elts], values, strict=True)  # type: ignore[attr-defined]


def counted(value: ast.expr) -> list[int]:
    """The numbers of a range that is written out."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "range":
        limits = [part.value for part in value.args if isinstance(part, ast.Constant)]
        if len(limits) == len(value.args):
            return list(range(*limits))  # type: ignore[arg-type]
    return []


def stored(tree: ast.Module) -> dict[str, int]:
    """How often each name gets a value, anywhere in a file and in whatever way."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names = [node.id]
        elif isinstance(node, ast.arg):
            names = [node.arg]
        elif isinstance(node, ast.Global | ast.Nonlocal):
            names = [*node.names, *node.names]
        elif isinstance(node, ast.alias):
            names = [node.asname or node.name]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            names = [node.name] if node.name else []
        for name in names:
            found[name] = found.get(name, 0) + 1
    return found
