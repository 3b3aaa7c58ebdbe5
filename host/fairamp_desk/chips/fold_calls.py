"""Door and window of a box are many short functions; a chip pays little for them.

Calls of those that look become what they return: of functions that are one expression of their parameters, where they
are called with names and numbers. Functions of the portable package that nobody names are left out. Those of
door and window that stay get short names: each name more may be the one that doubles the table of names of a chip.
"""

import ast
import builtins
from collections.abc import Iterator

from fairamp_desk.chips import fold_names
from fairamp_desk.chips.edits import Edits

PACKAGE = "fairamp"
WINDOW = "view"
# Where they are known by the name of their module.
FRONT = ((PACKAGE, WINDOW), (PACKAGE, "commands"), (f"{PACKAGE}.managers", "ocpp_status"))
PLAIN = (ast.Name, ast.Constant)
Short = dict[str, tuple[list[str], ast.expr]]


def folded(sources: dict[str, bytes], kept: set[str]) -> dict[str, bytes]:
    """Module -> source; the functions in `kept` can still be asked for by name."""
    window = f"{PACKAGE}.{WINDOW}"
    if window not in sources:
        return sources
    short = short_functions(ast.parse(sources[window]))
    made = {}
    for module, source in sources.items():
        made[module] = inlined(source, {""} if module == window else aliases(ast.parse(source), WINDOW), short)
    through = kept.union(*(looked_up(ast.parse(source), WINDOW) for source in made.values()))
    anywhere = kept.union(*(named(ast.parse(source)) for source in made.values()))
    for module in [module for module in made if module.startswith(PACKAGE + ".")]:
        used = through | loaded(ast.parse(made[module])) if module == window else anywhere
        made[module] = without(made[module], used)
    for package, part in FRONT:
        made = shortened(made, package, part, kept)
    return made


def shortened(sources: dict[str, bytes], package: str, part: str, kept: set[str]) -> dict[str, bytes]:
    """With short names for the functions of one module, which others know by its name or import by theirs."""
    home = f"{package}.{part}"
    if home not in sources:
        return sources
    functions = [node.name for node in ast.parse(sources[home]).body if isinstance(node, ast.FunctionDef)]
    able = [name for name in functions if name not in kept and not fold_names.is_private(name)]
    new = dict(zip(able, ("_" + word for word in fold_names.words()), strict=False))
    return {module: renamed(source, package, part, new, module == home) for module, source in sources.items()}


def renamed(source: bytes, package: str, part: str, new: dict[str, str], home: bool) -> bytes:
    """`home`: it is the module whose functions these are."""
    tree, edits = ast.parse(source), Edits(source)
    known = aliases(tree, part, package)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == f"{package}.{part}":
            for alias in node.names:
                if alias.name in new:
                    edits.replace(alias, f"{new[alias.name]} as {alias.asname or alias.name}".encode())
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in known:
            if node.attr in new:
                edits.replace_span(edits.end(node) - len(node.attr), edits.end(node), new[node.attr].encode())
        elif home and isinstance(node, ast.Name) and node.id in new:
            edits.replace(node, new[node.id].encode())
        elif home and node in tree.body and getattr(node, "name", "") in new:
            edits.rename(node, node.name, new[node.name])  # type: ignore[attr-defined]
    return edits.text()


def without(source: bytes, used: set[str]) -> bytes:
    """Without the functions that are not used."""
    tree, edits = ast.parse(source), Edits(source)
    for node in ast.walk(tree):
        for part in node.body if isinstance(node, ast.Module | ast.ClassDef) else ():
            if isinstance(part, ast.FunctionDef) and part.name not in used and not part.name.startswith("__"):
                edits.drop(part)
    return edits.text()


def named(tree: ast.Module) -> set[str]:
    """All that a module names, and texts that may be names to look something up by."""
    found = loaded(tree) | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    return found | fold_names.identifiers(tree)


def loaded(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def short_functions(tree: ast.Module) -> Short:
    """Name -> parameters and what is returned."""
    found: Short = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.args.defaults:
            continue
        body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            continue
        known = [arg.arg for arg in node.args.args]
        used = {part.id for part in ast.walk(body[0].value) if isinstance(part, ast.Name)}
        if all(name in known or hasattr(builtins, name) for name in used):
            found[node.name] = known, body[0].value
    return found


def aliases(tree: ast.Module, part: str, package: str = PACKAGE) -> set[str]:
    """What a module of the package is called in another one."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == package
        for alias in node.names
        if alias.name == part
    }


def inlined(source: bytes, called: set[str], short: Short) -> bytes:
    """`called`: the names of the window here; "" where it is the window itself."""
    edits = Edits(source)
    for node, name in calls(ast.parse(source), called):
        if name in short and all(isinstance(arg, PLAIN) for arg in node.args) and not node.keywords:
            parameters, value = short[name]
            given = dict(zip(parameters, node.args, strict=True))
            edits.replace(node, f"({ast.unparse(Put(given).visit(copy(value)))})".encode())
    return edits.text()


def calls(tree: ast.Module, called: set[str]) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and "" in called:
            yield node, node.func.id
        elif isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", None) in called:
            yield node, node.func.attr


def copy(value: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(value), mode="eval").body


class Put(ast.NodeTransformer):
    """Puts the arguments in place of the parameters."""

    def __init__(self, given: dict[str, ast.expr]):
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id, node)


def looked_up(tree: ast.Module, part: str) -> set[str]:
    """The functions of a module of the package that another one names, called or not."""
    known = aliases(tree, part)
    found = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
    }
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == f"{PACKAGE}.{part}"]
    return found | {alias.name for node in imports for alias in node.names}
