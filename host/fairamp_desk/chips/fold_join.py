"""Modules that are always loaded together become one: each for itself takes about 250 bytes of the heap of a chip.

They are written one after the other, in the order in which they would be loaded, and a name that two of them have gets
another one in the second. Who imports one of them imports the names from the one that all went into.
Each line stays one line: what a traceback calls line 812 is line 812 of the joined source in `build/folded`.
"""

import ast
import builtins
import itertools
from collections.abc import Collection, Iterable, Iterator

from fairamp_desk.chips.edits import Edits
from fairamp_desk.chips.fold_names import FUNCTIONS, Function, parameters, unused, words
from fairamp_desk.chips.reach import statements as every_statement
from fairamp_desk.errors import Failure

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def joined(sources: dict[str, bytes], parts: list[str], home: str) -> dict[str, bytes]:
    """Module -> source, without the `parts`: they are in `home`, which is the last of them.

    `parts`: in the order in which they are loaded.
    """
    # Who names none of the parts has none of them.
    named = [part.rpartition(".")[2].encode() for part in parts]
    concerned = {name for name, source in sources.items() if any(word in source for word in named)} | set(parts)
    read = {name: Module(name, sources[name], set(parts)) for name in concerned}
    names = new_names([read[part] for part in parts], asked_for(read.values(), parts))
    made = {name: module.text(names, home) for name, module in read.items()}
    text = b"".join(b"# " + part.encode() + b"\n" + made[part] + b"\n" for part in parts)
    text = quick_names([read[part] for part in parts]) + text
    return {name: made.get(name, source) for name, source in sources.items() if name not in parts} | {home: text}


def quick_names(modules: list["Module"]) -> bytes:
    """What MicroPython finds slowly becomes names of the module: it would look through all of these in vain first."""
    named = {name for module in modules for name in module.builtins()}
    return "".join(f"{name} = {name}; " for name in sorted(named)).encode()


def load_order(sources: dict[str, bytes], parts: set[str], home: str) -> list[str]:
    """The parts as they are loaded: each after all that it imports at once."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in parts and name not in order:
            for other in imported_at_once(sources[name]):
                visit(other)
            order.append(name)

    for part in sorted(parts - {home}):
        visit(part)
    visit(home)
    return order


def imported_at_once(source: bytes) -> Iterator[str]:
    """Modules, and what may be one, that a source imports while it is loaded."""
    for node in every_statement(ast.parse(source), at_once=True):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def asked_for(modules: Iterable["Module"], parts: list[str]) -> set[str]:
    """What is looked up by its name from outside, or, as far as anybody can tell, by a text."""
    found: set[str] = set()
    for module in modules:
        found |= module.texts
        if module.name not in parts[:-1]:
            found |= module.asked()
    return found


def new_names(modules: list["Module"], asked: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """Module -> its names -> what they are called when all are in one; the last one keeps all of its own.

    Of the others, what no traceback shows and nobody asks for gets a short name, which some attribute has, too: a chip
    keeps each name once.
    """
    taken = set(dir(builtins)).union(*(module.local for module in modules))
    bound: dict[str, str] = {}  # name -> what it means: an import may stand in several modules
    given: dict[str, dict[str, str]] = {}
    everywhere = taken.union(*(module.own for module in modules))
    attributes = set().union(*(module.attributes() for module in modules)) - everywhere
    of_attributes = sorted((name for name in attributes if name[:2] != "__"), key=lambda name: (len(name), name))
    more = unused(("_" + word for word in words() if len(word) == 2), everywhere.union(of_attributes))
    fresh = itertools.chain(of_attributes, more)
    for module in reversed(modules):
        given[module.name] = new = {}
        for name, meaning in sorted(module.own.items()):
            # Nobody inside asks the last one, so that no local name is in its way; outside it may be asked by a text.
            free = name not in dir(builtins) if module is modules[-1] else name not in taken
            if module is not modules[-1] and name in module.unseen and name not in asked:
                new[name] = next(fresh)
            elif free and bound.get(name, meaning) == meaning:
                new[name] = name
            elif name in module.imported:
                raise Failure(f"{module.name}: the imported {name} is called as something else in another module")
            else:
                new[name] = next(fresh)
            bound[new[name]] = meaning
    for module in modules:
        for name, (there, original) in module.from_parts.items():
            if original not in given[there]:
                raise Failure(f"{module.name}: there is no {original} in {there}")
            given[module.name][name] = given[there][original]
    return given


class Module:
    """One source, and what its names mean."""

    def __init__(self, name: str, source: bytes, parts: set[str]):
        self.name = name
        self._source = source
        self._parts = parts
        self._tree = ast.parse(source)
        self.imported: set[str] = set()  # modules of MicroPython, by the names that they have
        self.from_parts: dict[str, tuple[str, str]] = {}  # names that are imported from one of the parts
        self._aliases: dict[str, str] = {}  # parts that are imported as a whole
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._import(node)
        self.local: set[str] = set()  # names that some function binds for itself
        for node in ast.walk(self._tree):
            if isinstance(node, FUNCTIONS):
                self.local |= self._bound(node)
        self.references = list(self._find_references())  # where a name means that of the module
        self.own = self._own()
        self.unseen = self._unseen()  # names of its own that no traceback shows
        self.texts = {text for text in constants(self._tree) if text.isidentifier()}

    def _import(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            name, whole = alias.asname or alias.name, f"{node.module}.{alias.name}"
            if whole in self._parts:
                known: object = self._aliases.setdefault(name, whole)
                agreed = known == whole
            elif node.module in self._parts:
                there = (node.module, alias.name)
                agreed = self.from_parts.setdefault(name, there) == there
            else:
                continue
            if not agreed:
                raise Failure(f"{self.name}, line {node.lineno}: {name} is imported from two modules")

    def _own(self) -> dict[str, str]:
        """Names of the module -> what they mean, alike for the same import."""
        found = {}
        for node in statements(self._tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    if name not in self.from_parts and name not in self._aliases:
                        found[name] = f"{getattr(node, 'module', '')}.{alias.name}"
                        if isinstance(node, ast.Import):
                            self.imported.add(name)
            elif isinstance(node, DEFINITIONS):
                found[node.name] = f"{self.name} {node.name}"
        for node, name in self.references:
            if isinstance(node, ast.Global) or isinstance(node.ctx, ast.Store):
                found[name] = f"{self.name} {name}"
        return found

    def _unseen(self) -> set[str]:
        found = set()
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef) and not is_raised(node):
                found.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                names = (part for part in ast.walk(node) if isinstance(part, ast.Name))
                found.update(name.id for name in names if isinstance(name.ctx, ast.Store))
        return found

    def asked(self) -> set[str]:
        """Names of the parts that it asks for."""
        found = {original for _, original in self.from_parts.values()}
        return found | {
            node.attr
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Attribute) and of_alias(node, self._aliases)
        }

    def attributes(self) -> set[str]:
        return {node.attr for node in ast.walk(self._tree) if isinstance(node, ast.Attribute)}

    def _find_references(self) -> Iterator[tuple[ast.Name | ast.Global, str]]:

        def visit(node: ast.AST, local: frozenset) -> Iterator[tuple[ast.Name | ast.Global, str]]:
            if isinstance(node, FUNCTIONS):
                for outside in around(node):
                    yield from visit(outside, local)
                inner = local | self._bound(node)
                for part in body(node):
                    yield from visit(part, inner)
                return
            if isinstance(node, ast.ClassDef):
                attributes = frozenset(name.id for name in stored(node))
                for part in ast.iter_child_nodes(node):
                    yield from visit(part, local if isinstance(part, FUNCTIONS) else local | attributes)
                return
            if isinstance(node, ast.Name) and node.id not in local:
                yield node, node.id
            if isinstance(node, ast.Global):
                yield from ((node, name) for name in node.names)
            for part in ast.iter_child_nodes(node):
                yield from visit(part, local)

        yield from visit(self._tree, frozenset())

    def _bound(self, function: Function) -> frozenset:
        """Names that a function binds for itself; not what it imports from the parts."""
        found = {arg.arg for arg in parameters(function)}
        found |= {arg.arg for arg in (function.args.vararg, function.args.kwarg) if arg}
        shared: set[str] = set()
        for node in statements(function):
            if isinstance(node, DEFINITIONS):
                found.add(node.name)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found.add(node.id)
            elif isinstance(node, ast.alias):
                name = (node.asname or node.name).partition(".")[0]
                if name not in self.from_parts and name not in self._aliases:
                    found.add(name)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                found.add(node.name)
            elif isinstance(node, ast.Global):
                shared.update(node.names)
        return frozenset(found - shared)

    def builtins(self) -> set[str]:
        """The built-in functions and types that it calls."""
        names = {name for _, name in self.references}
        return {name for name in names - set(self.own) if name.islower() and hasattr(builtins, name)}

    # ---- the new text

    def text(self, names: dict[str, dict[str, str]], home: str) -> bytes:
        edits = Edits(self._source)
        part = self.name in self._parts
        new = names[self.name] if part else {}
        meant = {id(node) for node, _ in self.references}
        outside = {id(node) for node in statements(self._tree)}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.ImportFrom):
                self._imports(node, names, home, new if id(node) in outside else {}, edits)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and id(node.value) in meant:
                alias = node.value.id
                if alias in self._aliases:
                    there = self._there(names, self._aliases[alias], node.attr)
                    edits.replace(node, there.encode() if part else f"{alias}.{there}".encode())
                    meant.discard(id(node.value))
        for node, name in self.references:
            if name in self._aliases and id(node) in meant:
                raise Failure(f"{self.name}, line {node.lineno}: {name} is a joined module, used as a whole")
            if new.get(name, name) == name:
                continue
            if isinstance(node, ast.Global):
                edits.rename(node, name, new[name])
            else:
                edits.replace(node, new[name].encode())
        for node in statements(self._tree):
            if isinstance(node, DEFINITIONS) and new.get(node.name, node.name) != node.name:
                edits.rename(node, node.name, new[node.name])
        return edits.text()

    def _there(self, names: dict[str, dict[str, str]], part: str, name: str) -> str:
        if name not in names[part]:
            raise Failure(f"{self.name}: there is no {name} in {part}")
        return names[part][name]

    def _imports(
        self, node: ast.ImportFrom, names: dict[str, dict[str, str]], home: str, new: dict[str, str], edits: Edits
    ) -> None:
        """What comes from the parts is there already, or comes from `home`."""
        rest, there, whole, renamed = [], [], [], False
        for alias in node.names:
            name = alias.asname or alias.name
            if f"{node.module}.{alias.name}" in self._parts:
                whole.append(f"import {home} as {name}")
            elif node.module in self._parts:
                there.append(f"{self._there(names, node.module, alias.name)} as {name}")
            else:
                known = new.get(name, name)
                renamed = renamed or known != name
                rest.append(alias.name + (f" as {known}" if known != alias.name else ""))
        if not there and not whole and not renamed:
            return
        lines = [f"from {node.module} import {', '.join(rest)}"] if rest else []
        if self.name not in self._parts:
            lines += whole + ([f"from {home} import {', '.join(there)}"] if there else [])
        edits.replace(node, "; ".join(lines or ["pass"]).encode())


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_raised(node: ast.ClassDef) -> bool:
    """Is it the name of what went wrong?"""
    return any(ast.unparse(base).endswith(("Error", "Exception")) for base in node.bases)


def of_alias(node: ast.Attribute, aliases: Collection[str]) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in aliases


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All in a module or function, but not what is inside of its functions and classes."""
    todo = body(node)
    while todo:
        part = todo.pop(0)
        yield part
        if isinstance(part, FUNCTIONS):
            todo += around(part)
        elif isinstance(part, ast.ClassDef):
            todo += [*part.bases, *part.decorator_list]
        else:
            todo += ast.iter_child_nodes(part)


def body(node: ast.AST) -> list[ast.AST]:
    inner = node.body  # type: ignore[attr-defined]
    return [*inner] if isinstance(inner, list) else [inner]


def stored(node: ast.ClassDef) -> Iterator[ast.Name]:
    """Names that the body of a class binds."""
    for part in statements(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part


def around(function: Function) -> list[ast.AST]:
    """What of a function belongs to the outside."""
    found: list[ast.AST] = [*function.args.defaults, *(part for part in function.args.kw_defaults if part)]
    return found if isinstance(function, ast.Lambda) else [*found, *function.decorator_list]
