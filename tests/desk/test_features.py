"""Deleting an optional feature leaves a box that works: its folder, its pure part, its settings and its row."""

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fairamp.features import FEATURES
from fairamp.settings.kinds import FLAG, TEXT, Setting
from fairamp.settings.table import every
from tests.conftest import LIBRARIES
from tests.desk.test_structure import files_of
from tests.runtimes import ROOT

NAMES = [name for name, *_ in FEATURES]
# They import no feature.
CORE_TESTS = (
    *("charging/test_chargepoint", "app/test_control", "app/test_main_change"),
    *("sharing/test_coordinator_budget", "sharing/test_coordinator_overload", "sharing/test_coordinator_lost_meter"),
    *("sharing/test_coordinator_release", "sharing/test_coordinator_demand", "sharing/test_coordinator_lost_network"),
    *("sharing/test_coordinator_phases", "sharing/test_coordinator_two_meters", "sharing/test_coordinator_stations"),
    *("box/test_setpoints", "settings/test_settings", "settings/test_settings_change", "meters/test_meter_lines"),
    *("meters/test_sieve", "io/test_store"),
)
TIMEOUT_S = 60
# A box with a radio: what it tells, and whether the car that is there charges.
PROGRAM = """
import asyncio
import json
import sys

from boards.twin import TwinBoard
from fairamp.settings import Settings
from fairamp_box import network
from fairamp_box.app import App
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log
from standin import Wires

network.HOST = "127.0.0.1"
try:
    from fairamp_box.features.announce import port
except ImportError:
    pass
else:
    def taken():
        raise OSError("in use")

    port.open_port = taken
settings, wires, clock = Settings(), Wires(), Clock(10)
assert settings.load(json.loads(sys.argv[1]), "test") == []
wires.has_wifi, wires.address = True, "127.0.0.1"
app = App(TwinBoard(wires), settings, clock, Log(clock))


async def story():
    running = asyncio.create_task(app.run())
    await clock.sleep(15000)
    # 25 A fuse, 5 A house.
    print("20 A for the car:", wires.contactor, wires.duty)
    print("loaded:", *{name.split(".")[2] for name in sys.modules if name.startswith("fairamp_box.features.")})
    running.cancel()


asyncio.run(story())
"""
# What those say when they work that say something.
SAYS = {
    "registers": "modbus: teltocharge registers on port",
    "web": "web: live values on port",
    "ntp": "clock: no time from pool.ntp.org: the network names no server",
    "announce": "network: found as fairamp.local",
}


@pytest.fixture(params=NAMES)
def deleted(request, tmp_path):
    """(name of the feature, a checkout without it)."""
    feature = request.param
    for folder in ("shared", "firmware", "boards", "tests/portable"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in files_of(feature):
        (tmp_path / path.relative_to(ROOT)).unlink()
    # Empty folders would still be packages for Python.
    for folder in sorted((tmp_path / "shared").rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    shutil.rmtree(tmp_path / "firmware" / "fairamp_box" / "features" / feature)
    file = tmp_path / "shared" / "fairamp" / "features.py"
    file.write_text(without(ast.parse(file.read_text()), feature))
    return feature, tmp_path


def without(tree: ast.Module, feature: str) -> str:
    """The list of features, less one row."""
    (rows,) = [node.value for node in tree.body if isinstance(node, ast.AnnAssign)]
    assert isinstance(rows, ast.Tuple)
    rows.elts = [row for row in rows.elts if ast.literal_eval(row)[0] != feature]
    return ast.unparse(tree)


def run(root: Path, *arguments: str) -> str:
    """What Python prints in that checkout, without a way to this one."""
    folder = root / "run"
    folder.mkdir(exist_ok=True)
    places = (root / "shared", root / "firmware", root, root / "tests" / "portable" / "helpers", LIBRARIES)
    done = subprocess.run(
        [sys.executable, "-S", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def settings_without(feature: str) -> str:
    """Those of a box with all others switched on, on ports that are free."""
    rows, free = {row.name: row for row in every()}, free_ports()
    sections: dict = {}
    for name, _, needs, ports, _ in FEATURES:
        if name == feature:
            continue
        values = {key: switched_on(rows[key]) for key in needs}
        values |= {key: free.pop() for key in ports if rows[key].default or key in needs}
        for key, value in values.items():
            section, setting = key.split(".")
            sections.setdefault(section, {})[setting] = value
    return json.dumps(sections)


def switched_on(row: Setting):
    """What is set where a feature needs it: as it is by itself, or something that is not off."""
    return row.default or {FLAG: True, TEXT: "home"}.get(row.kind) or row.span[2]


def free_ports() -> list[int]:
    """As many as there are settings for them."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _, _, _, ports, _ in FEATURES for _ in ports]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def working(shown: str) -> tuple[set[str], set[str]]:
    """Which features were loaded, and which said that they work."""
    (line,) = [line for line in shown.splitlines() if line.startswith("loaded:")]
    return set(line.split()[1:]), {name for name, words in SAYS.items() if words in shown}


def test_a_box_without_it_charges_and_has_all_others(deleted):
    feature, root = deleted
    shown = run(root, "-c", PROGRAM, settings_without(feature))
    assert "20 A for the car: True 3333" in shown and shown.count("readings arrive") == 2, shown
    assert "left out" not in shown and "failed" not in shown, shown
    # What is not served is not announced.
    assert working(shown) == (set(NAMES) - {feature}, set(SAYS) - {feature}), shown


def test_the_tests_of_the_core_pass_without_it(deleted):
    _, root = deleted
    portable = root / "tests" / "portable"
    for name in CORE_TESTS:
        shown = run(root, f"{portable}/programs/run_here.py", f"{portable}/{name}.py").splitlines()
        assert [line for line in shown if line.startswith("pass ")], shown
        assert not [line for line in shown if line.startswith("fail")], "\n".join(shown)


def test_a_box_that_lost_one_on_the_way_tells_it_and_charges(deleted):
    """Its row is still there."""
    feature, root = deleted
    shutil.copyfile(ROOT / "shared" / "fairamp" / "features.py", root / "shared" / "fairamp" / "features.py")
    settings = root / "shared" / "fairamp" / "settings" / f"{feature}.py"
    if (ROOT / settings.relative_to(root)).is_file():
        shutil.copyfile(ROOT / settings.relative_to(root), settings)
    shown = run(root, "-c", PROGRAM, settings_without(""))
    assert f"{feature}: left out: ModuleNotFoundError" in shown and "deploy again" in shown, shown
    assert "20 A for the car: True 3333" in shown, shown
    assert working(shown) == (set(NAMES) - {feature}, set(SAYS) - {feature}), shown
