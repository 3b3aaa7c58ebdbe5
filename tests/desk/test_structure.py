"""The floors of the house: who may import whom."""

import ast
import sys

import pytest

from tests.runtimes import ROOT

# What MicroPython has, as far as the portable package may use it.
SHARED_LIBRARY = {"array", "struct"}
FIRMWARE_LIBRARY = {
    "asyncio",
    "binascii",
    "board",
    "fairamp_pack",
    "gc",
    "json",
    "microdot",
    "os",
    "select",
    "socket",
    "sys",
    "time",
    "vfs",
}
CHIP = {"esp", "esp32", "machine", "micropython", "neopixel", "network", "rp2"}
FLOORS = {
    "shared": {"fairamp"} | SHARED_LIBRARY,
    "firmware": {"fairamp", "fairamp_box"} | SHARED_LIBRARY | FIRMWARE_LIBRARY,
    "boards": {"boards", "time"} | SHARED_LIBRARY | CHIP,
}


def imports(path):
    """Names of the top-level packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module.split(".")[0]


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_what_stands_below_it(floor):
    # The manifest is run by the build of MicroPython.
    files = [path for path in sorted((ROOT / floor).rglob("*.py")) if path.name != "manifest.py"]
    assert files
    for path in files:
        strangers = set(imports(path)) - FLOORS[floor]
        assert not strangers, f"{path.relative_to(ROOT)} imports {', '.join(strangers)}"


def test_the_desk_imports_no_chip():
    for path in (ROOT / "host").rglob("*.py"):
        assert not CHIP & set(imports(path)), path


def test_nothing_portable_reads_a_clock_or_prints():
    for path in (ROOT / "shared").rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        assert not names & {"print", "open", "input"}, path


def test_the_standard_library_named_here_exists():
    assert sys.stdlib_module_names >= SHARED_LIBRARY
