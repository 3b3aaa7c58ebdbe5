"""Which modules a board needs: what can be reached from where it starts, by imports and by the names it loads."""

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path

from fairamp.features import FEATURES
from fairamp.managers import NAMES
from fairamp.meters import FAMILIES
from fairamp.settings.table import SECTIONS, files
from fairamp_desk.errors import Failure

# What a person starts at the prompt of a board, and what is loaded by a name from the settings.
PROMPT_TOOLS = ("fairamp_box.tools.meter_search", "fairamp_box.tools.ct_zero")
FEATURE = "fairamp_box.features."
BY_NAME = (
    *(FEATURE + name for name, *_ in FEATURES),
    *(f"fairamp.managers.{name}" for name in NAMES),
    *(f"fairamp.meters.{family}" for family, _ in FAMILIES),
    *(f"fairamp.settings.{file}" for section in SECTIONS for file in files(section)),
)
START = "fairamp_box.start"
APPLICATION = "fairamp_box.app"
NETWORK = "fairamp_box.network"
# Loaded only where there is a network.
NETWORKED = {FEATURE + name for name, _, needs, _, _ in FEATURES if "wifi.name" in needs}
# What these load a little later, whatever the settings say: to check settings, and then it stays; for the charger's own
# meter, which is of this kind; what checks the house meter by the cars; ...
LATER = {
    START: ("fairamp.addresses", "fairamp.meters.model", "fairamp.meters.sieve", "fairamp.modbus.frames"),
    APPLICATION: (
        "fairamp_box.meters.task",
        "fairamp_box.meters.modbus_source",
        "fairamp_box.io.rtu_link",
        "fairamp.sharing.witness",
    ),
}
# ... and what is common to all of which one is chosen by its name.
CHOICES = {FEATURE + "registers": [f"fairamp.managers.{name}" for name in NAMES]}
# What is loaded before it, and to read the settings.
BEFORE = ("fairamp_box.io.store",)
READ_SETTINGS = (
    "fairamp.settings.checking",
    *(module for module in BY_NAME if module.startswith(("fairamp.settings.", "fairamp.meters."))),
)
# A board without radio has none of these, or nothing to do with it.
RADIO = {"socket", "ssl", "network", "microdot"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Checkout:
    """The modules below `root` by name. `board`: the file that the chip knows as `board`."""

    def __init__(self, root: Path, board: Path) -> None:
        self.bases = {"fairamp": root / "shared", "fairamp_box": root / "firmware", "boards": root}
        self.bases["microdot"] = library_folder("microdot").parent
        self.single = {
            "main": root / "firmware" / "main.py",
            "fairamp_pack": root / "firmware" / "fairamp_pack.py",
            "board": board,
        }
        self.known: dict[tuple[str, bool], list[str]] = {}

    def file(self, module: str) -> Path | None:
        """Where a module of ours lies; None for one that MicroPython brings along, and for what is no module."""
        if module in self.single:
            return self.single[module]
        base = self.bases.get(module.partition(".")[0])
        if base is None:
            return None
        path = base.joinpath(*module.split("."))
        return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)

    def is_package(self, module: str) -> bool:
        file = self.file(module)
        return file is not None and file.name == "__init__.py"

    def needs(self, module: str, at_once: bool = False) -> list[str]:
        """The names that a module imports, and the packages that it lies in; `at_once`: while it is loaded itself."""
        asked = module, at_once
        if asked not in self.known:
            file = self.file(module)
            self.known[asked] = [*packages_of(module), *(imported(file, module, at_once) if file else ())]
        return self.known[asked]

    def reached(self, start: Iterable[str], without: Iterable[str] = (), at_once: bool = False) -> set[str]:
        """The modules of ours that are loaded sooner or later, when those of `start` are."""
        found: set[str] = set()
        todo = list(start)
        while todo:
            module = todo.pop()
            if module in found or module in without or self.file(module) is None:
                continue
            found.add(module)
            todo += self.needs(module, at_once)
        return found

    def is_plain(self, module: str) -> bool:
        """Is it ours, no package, and nothing that becomes machine code?"""
        ours = module.split(".")[0] in ("fairamp", "fairamp_box")
        return ours and not self.is_package(module) and not module.endswith("_viper")

    def below(self, package: str) -> set[str]:
        """The modules in a package of ours."""
        file = self.file(package)
        names = {path.stem for path in file.parent.glob("*.py")} if file and self.is_package(package) else set()
        return {f"{package}.{name}" for name in names - {"__init__"}}

    def with_radio(self, modules: Iterable[str]) -> set[str]:
        """Those that cannot be loaded on a board without radio."""
        return {module for module in modules if self._needs_radio(module)}

    def _needs_radio(self, module: str) -> bool:
        at_once = self.reached([module], at_once=True)
        return any(RADIO.intersection(roots(self.needs(each, at_once=True))) for each in at_once)


def needed(checkout: Checkout, radio: bool) -> set[str]:
    """The modules for a board."""
    start = ("main", *PROMPT_TOOLS, *BY_NAME)
    every = checkout.reached(start)
    return every if radio else checkout.reached(start, without=checkout.with_radio(every) | NETWORKED)


def loaded_together(checkout: Checkout) -> dict[str, set[str]]:
    """Module -> what is loaded with it, not before, and by nobody without it; in the order in which they are loaded.

    Packages stay what they are, and so does text that becomes machine code: that is forgotten when it is made.
    """
    features = [FEATURE + name for name, *_ in FEATURES]
    before = checkout.reached(("main", *BEFORE), at_once=True) | checkout.reached(READ_SETTINGS)
    parts_of_features = [part for feature in features for part in sorted(checkout.below(feature))]
    found = {}
    for home in (START, APPLICATION, NETWORK, *features, *parts_of_features):
        with_it = checkout.reached((home, *LATER.get(home, ())), at_once=True) | always_chosen(checkout, home)
        if home != START:
            with_it -= before
        if home not in with_it:
            continue
        if home not in (START, APPLICATION):
            # What came with the network is there for all features, and all chosen ones load what chooses them.
            others = set(features) if home != NETWORK else set()
            others.update(*(choice for chooser, choice in CHOICES.items() if chooser != home))
            with_it -= checkout.reached(("main", *PROMPT_TOOLS, *others), without=(home, NETWORK))
            with_it.add(home)
        before |= with_it
        parts = {module for module in with_it if checkout.is_plain(module)}
        found[home] = parts | {home}
    return found


def always_chosen(checkout: Checkout, home: str) -> set[str]:
    """What a module loads with the one that it chooses by its name, whichever that is."""
    choices = [checkout.reached([choice], at_once=True) for choice in CHOICES.get(home, ())]
    return set.intersection(*choices) if choices else set()


def packages_of(module: str) -> Iterator[str]:
    parts = module.split(".")[:-1]
    return (".".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def roots(modules: Iterable[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def imported(file: Path, module: str, at_once: bool = False) -> Iterator[str]:
    """Dotted names in the import statements of a file; what is behind `from x import` may be a module too."""
    package = module.split(".") if file.name == "__init__.py" else module.split(".")[:-1]
    for node in statements(parsed(file), at_once):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) + 1 - node.level]] if node.level else []
            base += node.module.split(".") if node.module else []
            yield ".".join(base)
            yield from (".".join([*base, alias.name]) for alias in node.names)


def statements(node: ast.AST, at_once: bool) -> Iterator[ast.AST]:
    """Everything in a tree, without what is in functions if only that counts which runs `at_once`."""
    for child in ast.iter_child_nodes(node):
        if not (at_once and isinstance(child, FUNCTIONS)):
            yield child
            yield from statements(child, at_once)


def parsed(source: Path) -> ast.Module:
    try:
        return ast.parse(source.read_bytes())
    except SyntaxError as error:
        raise Failure(f"{source}, line {error.lineno}: {error.msg}") from error


def library_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Failure(f"{name} is not installed; run `make setup`")
    return Path(spec.origin).parent
