"""What is compiled for a chip is folded."""

import ast
import re

from fairamp.settings.kinds import FLAG, OWNER, RESTART, Setting
from fairamp.settings.table import every
from fairamp_desk.chips import bundle, fold_keys, fold_names
from tests.conftest import PORTABLE


def test_all_settings_of_a_chip_have_such_numbers_and_are_named_in_files_and_errors():
    folder = bundle.ROOT / "build" / "folded" / "pico_w"
    bundle.build("pico_w")
    whole = {row.name for row in every()}
    named = []
    for file in (folder / "fairamp" / "settings").glob("*.py"):
        assert "HELP" not in file.read_text() and "NEEDS" not in file.read_text()
        texts = fold_keys.texts(ast.parse(file.read_text()))
        named += [text for _, text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+ [0-9]+", text)]
    rows = [Setting(text, OWNER, RESTART, FLAG, False) for text in named]
    assert sorted(row.key for row in rows) == list(range(len(whole)))
    assert {row.name for row in rows} == whole
    for file in folder.rglob("*.py"):
        left = {text for _, text in fold_keys.texts(ast.parse(file.read_text()))} & whole
        assert not left, (file, left)


def test_the_bundle_is_folded():
    for board in ("twin", "pico"):
        bundle.build(board)
        folder = bundle.ROOT / "build" / "folded" / board / "fairamp"
        written = bundle.ROOT / "shared" / "fairamp"
        assert "voltage_l1" not in (folder / "managers/teltocharge.py").read_text()
        assert "voltage_l1" in (written / "managers/teltocharge.py").read_text()
        recovery = folder / "sharing/recovery.py"
        assert recovery.exists() == (board == "twin")
        text = (recovery if recovery.exists() else folder.parent / "fairamp_box/app.py").read_text()
        assert "def rests(self" in text and "HOLD_MS" not in text
        assert (
            b"voltage_l1" not in (bundle.ROOT / f"build/deploy/{board}/fairamp/managers/teltocharge.mpy").read_bytes()
        )


def test_the_twin_keeps_what_the_portable_tests_ask_for():
    asked = bundle.asked_by_name()
    assert {"BALANCE", "_halves"} <= asked
    assert any("BALANCE" in file.read_text() for file in PORTABLE.rglob("test_*.py"))
    folder = bundle.ROOT / "build" / "folded"
    bundle.build("twin")
    assert "def _halves(" in (folder / "twin/fairamp/charging/pilot.py").read_text()
    bundle.build("pico")
    assert "def _halves(" not in (folder / "pico/fairamp_box/app.py").read_text()


def test_names_of_numbers_are_few_on_a_chip():
    """Each takes space in the chip's table of names, which grows by doubling."""
    bundle.build("pico")
    names: set[str] = set()
    for file in (bundle.ROOT / "build" / "folded" / "pico").rglob("*.py"):
        names.update(name for name in fold_names.names_in(ast.parse(file.read_text())) if name.isupper())
    numbers = {"NO_LIMIT", "LEAST_MA", "TICKS_MASK", "BALANCE", "WELDED", "READ_HOLDING"}
    assert not numbers & names
