"""Names that only their own place knows become short ones, the same in many places: every other name takes space on a
chip, in its table of names too.

Parameters are known in their function, as long as nobody calls it with them by name. Names that begin with a line are
known in their module and in those whose classes inherit from each other. Names of files and lines in tracebacks stay.
"""

import ast
import string
from collections import Counter
from collections.abc import Iterable, Iterator

from fairamp_desk.chips.edits import Edits

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> source with short names; those in `kept` stay."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    looked_up = kept.union(*(identifiers(tree) for tree in trees.values()))
    found = {name: private_names(tree) for name, tree in trees.items()}
    private: dict[str, dict[str, str]] = {}
    for group in families(trees):
        private.update(short_private(found, group, looked_up))
    kept = kept.union(*(keywords(tree) for tree in trees.values()))
    made = {}
    for name, source in sources.items():
        edits = Edits(source)
        shorten_private(trees[name], private[name], edits)
        for function in outermost(trees[name]):
            shorten_parameters(function, kept, private[name], edits)
        made[name] = edits.text()
    return made


def keywords(tree: ast.Module) -> set[str]:
    """Names by which arguments are given."""
    return {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}


def identifiers(tree: ast.Module) -> set[str]:
    """Texts that may be names to look something up by."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {text for text in texts if text.isidentifier()}


# ---- names that begin with a line


def families(trees: dict[str, ast.Module]) -> list[set[str]]:
    """Modules whose classes share their attributes, because one inherits from the other."""
    groups = [{name} for name in trees]
    for name, tree in trees.items():
        modules, imported = imports(tree, set(trees))
        for node in ast.walk(tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                parent = None
                if isinstance(base, ast.Name):
                    parent = imported.get(base.id)
                elif isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
                    parent = modules.get(base.value.id)
                if parent:
                    joined = [group for group in groups if name in group or parent in group]
                    groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    return groups


def imports(tree: ast.Module, others: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Modules by their alias, and the modules of imported names."""
    modules, imported = {}, {}
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if f"{node.module}.{alias.name}" in others:  # type: ignore[attr-defined]
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"  # type: ignore[attr-defined]
            elif node.module in others:  # type: ignore[attr-defined]
                imported[alias.asname or alias.name] = node.module  # type: ignore[attr-defined]
    return modules, imported


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_names(tree: ast.Module) -> Counter:
    return Counter(name for name in names_in(tree) if is_private(name))


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def short_private(found: dict[str, Counter], group: set[str], kept: set[str]) -> dict[str, dict[str, str]]:
    """Module of the group -> new names; the most frequent get the shortest. `found`: private names of all modules."""
    elsewhere = {name for module, names in found.items() if module not in group for name in names}
    ours: Counter = sum((found[module] for module in group), Counter())
    able = [name for name in sorted(ours, key=lambda name: (-ours[name], name)) if name not in elsewhere | kept]
    fresh = unused(("_" + word for word in words()), set(ours) - set(able) | kept)
    new = dict(zip(able, fresh, strict=False))
    return dict.fromkeys(group, new)


def shorten_private(tree: ast.Module, new: dict[str, str], edits: Edits) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in new:
            edits.replace(node, new[node.id].encode())
        elif isinstance(node, ast.Attribute) and node.attr in new:
            edits.replace_span(edits.end(node) - len(node.attr), edits.end(node), new[node.attr].encode())
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name in new:
            edits.rename(node, node.name, new[node.name])
        elif isinstance(node, ast.alias) and node.asname in new:
            edits.replace_span(edits.end(node) - len(node.asname), edits.end(node), new[node.asname].encode())
        elif isinstance(node, ast.Global):
            for name in node.names:
                if name in new:
                    edits.rename(node, name, new[name])


# ---- parameters


def outermost(tree: ast.AST) -> Iterator[Function]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, FUNCTIONS):
            yield node
        else:
            yield from outermost(node)


def parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def shorten_parameters(function: Function, kept: set[str], private: dict[str, str], edits: Edits) -> None:
    """Of a function and those in it, alike."""
    wanted = {arg.arg for node in ast.walk(function) if isinstance(node, FUNCTIONS) for arg in parameters(node)}
    wanted -= kept | {"self"} | set(private) | elsewhere_bound(function, wanted)
    there = set(names_in(function)) | set(private.values())
    order = sorted(wanted)
    new = dict(zip(order, unused(words(), there), strict=False))
    for node in ast.walk(function):
        if isinstance(node, ast.arg) and node.arg in new:
            edits.replace_span(edits.begin(node), edits.begin(node) + len(node.arg), new[node.arg].encode())
        elif isinstance(node, ast.Name) and node.id in new:
            edits.replace(node, new[node.id].encode())


def elsewhere_bound(function: Function, wanted: set[str]) -> set[str]:
    """Names that mean something else somewhere in the function: there they are no parameters."""
    found: set[str] = set()

    def visit(node: ast.AST, known: set[str]) -> None:
        if isinstance(node, FUNCTIONS):
            # Defaults and decorators belong to the outside.
            outside: list[ast.expr] = [*node.args.defaults, *(part for part in node.args.kw_defaults if part)]
            outside += [] if isinstance(node, ast.Lambda) else [*node.decorator_list]
            for part in outside:
                visit(part, known)
            inner = known | {arg.arg for arg in parameters(node)}
            for statement in node.body if isinstance(node.body, list) else [node.body]:
                visit(statement, inner)
            return
        if isinstance(node, ast.Name) and node.id in wanted and node.id not in known:
            found.add(node.id)
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        if isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        for child in ast.iter_child_nodes(node):
            visit(child, known)

    visit(function, set())
    return found & wanted


# ---- short names


def words() -> Iterator[str]:
    """a, b, ... z, aa, ab, ..."""
    yield from string.ascii_lowercase
    for first in string.ascii_lowercase:
        yield from (first + second for second in string.ascii_lowercase)


RESERVED = {"as", "if", "in", "is", "or"}


def unused(candidates: Iterable[str], taken: set[str]) -> Iterator[str]:
    return (word for word in candidates if word not in taken and word not in RESERVED)
