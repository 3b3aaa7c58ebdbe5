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


# Who asks and who looks: they know a box by its door and its window alone.
MAPS = sorted((ROOT / "shared" / "fairamp" / "maps").glob("*.py"))
OUTSIDE = (
    *MAPS,
    ROOT / "shared" / "fairamp" / "ocpp_status.py",
    ROOT / "shared" / "fairamp" / "status.py",
    ROOT / "firmware" / "fairamp_box" / "web.py",
    ROOT / "host" / "fairamp_desk" / "live.py",
    ROOT / "host" / "fairamp_desk" / "register_view.py",
)
# What a map may import of ours beside `maps` and `modbus`: the door, the window, and words for what comes through them.
FOR_MAPS = {"VERSION", "commands", "faults", "limits", "ocpp_status", "pilot", "refusals", "states", "units", "view"}
# Everybody may read the settings.
OPEN = {"settings"}


def reaches_into_a_box(tree):
    """Attributes of a box, by whatever name or chain it is reached."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr not in OPEN:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if name.strip("_") == "box":
                yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("getattr", "setattr"):
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.stem)
def test_a_box_is_reached_by_its_door_and_its_window_only(path):
    found = list(reaches_into_a_box(ast.parse(path.read_text())))
    assert not found, f"{path.relative_to(ROOT)}: use commands or view: {'; '.join(found)}"


def test_the_search_for_ways_into_a_box_finds_them():
    for way in ("box.point.offer_ma", "self._box.now", "twin.app.box.own", 'getattr(box, "own")', "box.point = 1"):
        assert list(reaches_into_a_box(ast.parse(way))), way
    assert not list(reaches_into_a_box(ast.parse('view.now(box); box.settings["box.name"]; self.box = box')))


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_maps_know_only_door_and_window(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "fairamp":
            parts = node.module.split(".")[1:]
            known = {parts[0]} if parts else {alias.name for alias in node.names}
            strangers = known - FOR_MAPS - {"maps", "modbus"}
            assert not strangers, f"{path.name}, line {node.lineno}: imports {', '.join(strangers)}"
