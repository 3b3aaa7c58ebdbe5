"""Settings are looked up by numbers on a chip, and their names stay in files and errors."""

import ast

from fairamp_desk.chips import bundle, fold_keys
from tests.desk.chips.fold_run import run

SETTINGS = {
    "fairamp.settings.box": b'ROWS: tuple = (("box.name", 2),)\n',
    "fairamp.settings.site": b'ROWS: tuple = (("site.fuse", 1), ("site.here", 3))\nHELP = {"fuse": "of the house"}\n',
    "fairamp.settings.wiring": b'LEAST = "site.fuse"\n',
    "fairamp.box": b'def f(s):\n    return s["site.fuse"], s["box.name"], s["site.here"], "site.fuse of"\n',
}


def test_settings_are_looked_up_by_numbers():
    made = fold_keys.folded(SETTINGS, {"site.here"})
    assert run(made["fairamp.settings.box"].decode())["ROWS"] == (("box.name 0", 2),)
    assert run(made["fairamp.settings.site"].decode())["ROWS"] == (("site.fuse 1", 1), ("site.here", 3))
    assert run(made["fairamp.settings.wiring"].decode())["LEAST"] == 1
    values = {1: 25, 0: "box", "site.here": 1}
    assert run(made["fairamp.box"].decode())["f"](values) == (25, "box", 1, "site.fuse of")


def test_nobody_puts_the_name_of_a_setting_together():
    """It would look for the long one on a chip."""
    for base in ("shared", "firmware"):
        for file in (bundle.ROOT / base).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("settings"):
                    assert not isinstance(node.slice, ast.BinOp | ast.JoinedStr), (file, node.lineno)
