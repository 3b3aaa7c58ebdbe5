"""What is compiled for a chip: shorter, and the same program."""

import ast
import re
from collections.abc import Callable

import pytest

from fairamp.settings.kinds import FLAG, OWNER, RESTART, Setting
from fairamp.settings.table import every
from fairamp_desk.chips import bundle, fold, fold_calls, fold_keys, fold_names, fold_numbers
from fairamp_desk.errors import Failure
from tests.conftest import PORTABLE

GROUND = """
HOLD_MS = 30 * 1000
TWICE_MS = 2 * HOLD_MS
(RED, GREEN, BLUE) = range(3)
LOW, HIGH = -1, 1 << 4
WORD = "text"
LIMIT = 4
if LIMIT:
    LIMIT = 5
SHADOWED = 3


def late(now, SHADOWED):
    return now + TWICE_MS - SHADOWED
"""
UPPER = """
from ground import GREEN, HOLD_MS as PAUSE_MS, WORD
import ground
from house import ground as floor


def lasts(ms):
    from ground import HIGH

    return ms > PAUSE_MS + HIGH, GREEN, floor.LOW, WORD


def unclear(thing):
    return thing.BLUE
"""


def numbers(kept: tuple[str, ...] = ()) -> dict[str, str]:
    sources = {"ground": GROUND, "house.ground": GROUND, "upper": UPPER}
    made = fold_numbers.folded({name: text.encode() for name, text in sources.items()}, set(kept))
    return {name: text.decode() for name, text in made.items()}


def run(text: str, **there: object) -> dict:
    names = dict(there)
    exec(text, names)
    return names


def test_names_of_numbers_become_the_numbers():
    made = numbers()
    for gone in ("HOLD_MS", "TWICE_MS", "LOW", "HIGH"):
        assert gone not in made["ground"], gone
    assert "now + 60000 - SHADOWED" in made["ground"]
    assert "ms > 30000 + 16, 1, (-1), WORD" in made["upper"]
    assert "from ground import WORD\n" in made["upper"]
    assert "    pass\n" in made["upper"]
    assert run(made["ground"])["late"](7, 1) == run(GROUND)["late"](7, 1)


def test_what_is_no_single_number_or_may_be_asked_for_stays():
    made = numbers()
    assert 'WORD = "text"' in made["ground"] and "LIMIT = 5" in made["ground"] and "SHADOWED = 3" in made["ground"]
    # Somebody looks for a BLUE in something.
    assert "(RED, GREEN, BLUE) = range(3)" in made["ground"] and "thing.BLUE" in made["upper"]
    made = numbers(kept=("HOLD_MS",))
    assert "HOLD_MS = 30 * 1000" in made["ground"] and "import WORD, HOLD_MS as" not in made["ground"]
    assert "HOLD_MS as PAUSE_MS" in made["upper"]


def test_numbers_are_imported_through_others():
    sources = {"a": b"ONE = 1\n", "b": b"from a import ONE\n", "c": b"from b import ONE\nprint(ONE)\n"}
    made = fold_numbers.folded(sources, set())
    assert made == {"a": b"\n", "b": b"\n", "c": b"\nprint(1)\n"}


def test_lines_stay_where_they_are():
    for name, text in numbers().items():
        assert text.count("\n") == (UPPER if name == "upper" else GROUND).count("\n")


# ---- names

BASE = """
class Base:
    def __init__(self, size, colour):
        self._size = size
        self._colour = colour
        self.shape = _shape(size)

    def _grow(self, size):
        self._size += size

    def told(self, size=1, *, loud=False):
        self._grow(size)
        return [size for size in range(size)], self._size, loud


def _shape(size):
    def inner(depth):
        return depth + size

    return lambda width: inner(width) * size
"""
CHILD = """
from base import Base


class Child(Base):
    def __init__(self, length):
        super().__init__(length, "red")
        self._length = length
        self._own = self._size + 1


def look(child):
    return child._colour, child.told(3, loud=True)
"""
OTHER = """
class Other:
    def __init__(self):
        self._first, self._second = 1, 2

    def swap(self, times):
        for _ in range(times):
            self._first, self._second = self._second, self._first
        return self._first
"""


def names(*kept: str) -> dict[str, str]:
    sources = {"base": BASE.encode(), "child": CHILD.encode(), "other": OTHER.encode()}
    return {name: text.decode() for name, text in fold_names.folded(sources, set(kept)).items()}


def test_short_names_leave_the_program_the_same():
    made = names()
    for text in made.values():
        assert not {"_size", "_grow", "_own", "_length", "_first", "length", "depth"} & set(words(text)), text
    # Given by name, so it stays.
    assert "loud=False" in made["base"]
    results = []
    for texts in ({"base": BASE, "child": CHILD, "other": OTHER}, made):
        base = run(texts["base"])
        child = run(texts["child"].replace("from base import Base", ""), Base=base["Base"])
        thing = child["Child"](2)
        results.append((child["look"](thing), thing.shape(5), run(texts["other"])["Other"]().swap(3)))
    assert results[0] == results[1]


def words(text: str) -> list[str]:
    return list(fold_names.names_in(ast.parse(text)))


def test_classes_that_inherit_share_no_short_name():
    made = names()
    parent = set(fold_names.private_names(ast.parse(made["base"])))
    child = set(fold_names.private_names(ast.parse(made["child"])))
    # What it has from its parent, and two of its own.
    assert len(child - parent) == 2 and len(parent) == 4
    # Others begin with the same ones again.
    assert set(fold_names.private_names(ast.parse(made["other"]))) <= parent | child | {"_"}


def test_names_that_somebody_asks_for_stay():
    made = names("_grow", "depth", "length")
    assert "_grow" in words(made["base"]) and "depth" in words(made["base"]) and "length" in words(made["child"])
    text = fold_names.folded({"a": b"def f(x):\n    return getattr(x, '_hidden')._hidden\n"}, set())["a"]
    assert b"._hidden" in text


@pytest.mark.parametrize(
    "source",
    [
        "size = 4\ndef f(a):\n    def g(size):\n        return size\n    return g(a) + size\n",
        "def f(size):\n    try:\n        return 1 // size\n    except ZeroDivisionError as size:\n        return 5\n",
        "def f(count, step=1):\n    return [count + step for step in range(count)]\n",
        "def f(b):\n    a = b + 1\n    return a\n",
        "def f(x):\n    global x\n" if False else "y = 2\ndef f(x):\n    global y\n    y += x\n    return y\n",
        "try:\n    from math import floor as _low\nexcept ImportError:\n    _low = int\nf = lambda x: _low(x / 2)\n",
    ],
)
def test_a_name_with_two_meanings_is_left_alone_or_changed_everywhere(source):
    made = fold_names.folded({"a": source.encode()}, set())["a"].decode()
    assert run(made)["f"](3) == run(source)["f"](3)


# ---- what is for people

REGISTERS = """
TEXTS = {0: "no", 1: "yes"}
SHARED = {0: "off"}
UNIT = "A"
ROWS = (
    Row(0, "name_" + UNIT, "u16", len, unit=UNIT, scale=0.1),
    Row(
        1,
        "other",
        "u16",
        len,
        meanings=TEXTS,
        allowed=((0, 1),),
        help="what, it (is)",
    ),
    Row(2, "third", "u16", lambda box: SHARED[0], meanings=SHARED),
)
NOTE = (
    "for people"
)
PINS = (("light", 25, "green"), ("shed", 21, "contact"))
"""


def brief(text: str, *kept: str) -> str:
    return fold.without_descriptions(text.encode(), set(kept)).decode()


def rows(text: str) -> list:
    def row(*args: object, **settings: object) -> tuple:
        return args, settings

    return run(text, Row=row)["ROWS"]


def test_what_describes_registers_for_people_is_dropped():
    text = brief(REGISTERS)
    assert rows(text)[:2] == (((0, "", "u16", len), {}), ((1, "", "u16", len), {"allowed": ((0, 1),)}))
    getter: Callable = rows(text)[2][0][3]
    assert getter(None) == "off"
    assert "TEXTS" not in text and "UNIT" not in text and "SHARED = " in text
    assert [line.strip() for line in text.splitlines()].index("allowed=((0, 1),),") == 12
    assert text.count("\n") == REGISTERS.count("\n")
    assert "NOTE" not in text and 'PINS = (("light", 25, ""), ("shed", 21, ""))' in text


def test_a_table_that_others_use_stays():
    assert "TEXTS = " in brief(REGISTERS, "TEXTS") and "for people" in brief(REGISTERS, "NOTE")


def test_rows_from_elsewhere_are_refused():
    with pytest.raises(Failure, match="line 1: a Row with"):
        brief("Row(*args)\n")


# ---- the bundle


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


def test_nobody_puts_the_name_of_a_setting_together():
    """It would look for the long one on a chip."""
    for base in ("shared", "firmware"):
        for file in (bundle.ROOT / base).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("settings"):
                    assert not isinstance(node.slice, ast.BinOp | ast.JoinedStr), (file, node.lineno)


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
        assert "class Recovery" in text and "HOLD_MS" not in text
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


VIEW = '''
from fairamp import limits


def state(box) -> str:
    """What it says."""
    return box.point.state


def current(box, terminal: int) -> int:
    return abs(box.own.current[terminal])


def sum_of_two(box) -> int:
    return current(box, 0) + current(box, 1)


def lowest(box) -> int:
    return limits.lowest(box)


def long(box):
    if box:
        return 1
    return 2


def never(box):
    return box.never
'''
LOOKING = """
from fairamp import view


class Looks:
    get = view.lowest

    def unheard(self):
        return 1

    def all(self, box, state):
        own = view.current(self.box, 1)
        return view.state(box), view.current(box, 2), view.long(box), own, state, view.sum_of_two(box)


ALL = Looks.all
"""


def windows(kept: tuple[str, ...] = ()) -> dict[str, str]:
    sources = {"fairamp.view": VIEW, "fairamp.looking": LOOKING, "other": "def unheard():\n    pass\n"}
    made = fold_calls.folded({name: text.encode() for name, text in sources.items()}, set(kept))
    return {name: text.decode() for name, text in made.items()}


def test_what_is_looked_at_through_the_window_is_looked_at_directly():
    made = windows()
    assert re.search(r"own = view\._\w\(self.box, 1\)", made["fairamp.looking"])
    assert re.search(r"return \(box.point.state\), \(abs\(box.own.current\[2\]\)\), view\._\w", made["fairamp.looking"])
    assert re.search(r"get = view\._\w\n", made["fairamp.looking"])
    assert len(made["fairamp.looking"].splitlines()) == len(LOOKING.splitlines())


def test_functions_that_nobody_names_are_left_out():
    made = windows(kept=("current", "lowest", "long", "sum_of_two"))
    names = {node.name for node in ast.walk(ast.parse(made["fairamp.view"])) if isinstance(node, ast.FunctionDef)}
    # `state` is named, but never as a function of the window.
    assert names == {"current", "lowest", "long", "sum_of_two"}
    assert "unheard" not in made["fairamp.looking"]
    assert "unheard" in made["other"], "only the portable package is known as a whole"
    assert "def state(" in windows(kept=("state",))["fairamp.view"]


def test_functions_of_door_and_window_get_short_names_everywhere():
    sources = {
        "fairamp.view": "def first(box):\n    return second(box[0], 1)\n\n\ndef second(box, more):\n    return more\n",
        "fairamp.importing": "from fairamp.view import first, second as last\n\nFOUND = first([1]), last([], 5)\n",
        "fairamp.naming": "from fairamp import view as seen\n\nGET = seen.second\n",
    }
    made = fold_calls.folded({name: text.encode() for name, text in sources.items()}, set())
    assert made["fairamp.view"].decode().startswith("def _a(box):\n    return _b(box[0], 1)\n")
    assert b"from fairamp.view import _a as first, _b as last" in made["fairamp.importing"]
    assert b"GET = seen._b" in made["fairamp.naming"]


def test_a_window_with_short_calls_says_the_same():
    class Box:
        class point:
            state = "B"

        class own:
            current = (-3, 4, -5)

    def seen(made):
        view = type("view", (), {})
        body = run(made["fairamp.view"].replace("from fairamp import limits", "limits = None"))
        for name, function in body.items():
            setattr(view, name, staticmethod(function) if callable(function) else function)
        looks = run(made["fairamp.looking"].replace("from fairamp import view", ""), view=view)["Looks"]()
        looks.box = Box
        return looks.all(Box, 7)

    assert seen(windows()) == seen({"fairamp.view": VIEW, "fairamp.looking": LOOKING}) == ("B", 5, 1, 4, 7, 7)
