"""What a new setting, dialect or meter still lacks, all of it at once; docs/extend.md has the steps."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from fairamp import managers, meters
from fairamp.features import FEATURES
from fairamp.settings.table import SECTIONS, files, rows
from fairamp_box.features.registers.tcp_server import PORTS
from fairamp_desk.chips.memory import row_names
from fairamp_desk.chips.memory_table import ROWS, WORDS
from fairamp_desk.pages import registers

SETTINGS = "shared/fairamp/settings/registers.py"
MEMORY = "host/fairamp_desk/chips/memory_table.py"
TEXTS: dict[str, dict] = {"TITLES": registers.TITLES, "INTROS": registers.INTROS, "MANNERS": registers.MANNERS}


def everything() -> list[str]:
    return [*of_settings(), *of_dialects(), *of_meters()]


def of_settings() -> Iterator[str]:
    for section in SECTIONS:
        for file in files(section):
            module = import_module(f"fairamp.settings.{file}")
            for name, *_ in module.ROWS:
                if not module.HELP.get(name.partition(".")[2]):
                    yield f"setting {name}: no line in HELP of shared/fairamp/settings/{file}.py"


def of_dialects() -> Iterator[str]:
    for name, _ in _modules(managers, "DIALECT"):
        if name not in managers.NAMES:
            yield f"dialect {name}: not in NAMES of shared/fairamp/managers/__init__.py"
    settings = {row.name: row for row in rows("ems")}
    serial = settings["ems.serial_map"].choices()
    (served,) = [ports for name, _, _, ports, _ in FEATURES if name == "registers"]
    for name in managers.NAMES:
        port = f"ems.{name}_port"
        there = {
            f"no row {port} in {SETTINGS}": port in settings,
            f"not among the choices of ems.serial_map in {SETTINGS}": name in serial,
            f"{port} is not in the row of the registers in shared/fairamp/features.py": port in served,
            "not in PORTS of firmware/fairamp_box/features/registers/tcp_server.py": (name, port) in PORTS,
            **{
                f"not in {where} of host/fairamp_desk/pages/registers.py": name in known
                for where, known in TEXTS.items()
            },
            **{f"no {row} in WORDS of {MEMORY}": row in WORDS for row in row_names(name)},
            f"no size in {MEMORY}: run `.venv/bin/python -m tests.heap`": name == managers.NAMES[0] or name in ROWS,
        }
        yield from (f"dialect {name}: {lack}" for lack, fulfilled in there.items() if not fulfilled)
    for name in (*serial, *(name for name, _ in PORTS)):
        if name not in managers.NAMES:
            yield f"dialect {name}: a port or a choice of ems.serial_map is left, but NAMES does not have it"


def of_meters() -> Iterator[str]:
    named = {family: models.split() for family, models in meters.FAMILIES}
    for family, module in _modules(meters, "MODELS"):
        # Those that answer in JSON are none of the families.
        ids = [row[0] for row in module.MODELS if isinstance(row, tuple)]
        for id in ids:
            if id not in named.get(family, ()):
                yield f"meter {id}: not in FAMILIES of shared/fairamp/meters/__init__.py, behind {family!r}"
        for id in named.get(family, ()):
            if id not in ids:
                yield f"meter {id}: no row in MODELS of shared/fairamp/meters/{family}.py"


def _modules(package: ModuleType, member: str) -> Iterator[tuple[str, ModuleType]]:
    """Those that have it."""
    for path in sorted(Path(package.__path__[0]).glob("*.py")):
        # Some others can be loaded on a chip only.
        if f"\n{member} = " in path.read_text(encoding="utf-8"):
            yield path.stem, import_module(f"{package.__name__}.{path.stem}")
