"""Modules that every box loads are compiled as one, and do what they did."""

import ast
import sys
import types

import pytest

from fairamp_desk.chips import bundle, fold_join
from fairamp_desk.chips.reach import APPLICATION, START, Checkout, loaded_together
from fairamp_desk.errors import Failure

GROUND = """
import gc
from array import array

COUNT = 3
seen = []


def _make(size, _list=[COUNT]):
    global last
    last = array("B", bytes(size))
    return len(last) + _list[0]


class Shelf:
    COUNT = 5
    size = COUNT + 1

    def make(self, COUNT):
        return _make(COUNT) + self.size
"""
UPPER = """
from array import array
from binascii import hexlify as seen
from part import ground
from part.ground import Shelf, seen as kept

COUNT = 4


def _make(size):
    for COUNT in range(size):
        kept.append(COUNT)
    return [COUNT for COUNT in kept], ground._make(2)


def lambdas():
    return (lambda COUNT: COUNT + 1)(7), (lambda: COUNT)()


def hexed():
    return seen(b"!"), unhexed("21")


def unhexed(text):
    from binascii import unhexlify as seen

    return seen(text)
"""
HOME = """
import gc
from part import ground as floor
from part.upper import lambdas


class Home:
    def all(self):
        from part.upper import COUNT, _make
        from part import upper

        try:
            raise ValueError
        except ValueError as COUNT_:
            pass
        assert upper.hexed() == (b"21", b"!")
        return COUNT, _make(2), upper.lambdas(), floor.Shelf().make(1), floor.COUNT, list(floor.last), gc.isenabled()
"""
GUEST = """
from part import ground, other
from part.upper import COUNT, _make as build
from part.ground import Shelf

def visit():
    return COUNT, build(1)[1], Shelf.size, ground.COUNT, other.NAME
"""
SOURCES = {
    "part": "",
    "part.ground": GROUND,
    "part.upper": UPPER,
    "part.other": "NAME = 'other'",
    "part.home": HOME,
    "part.guest": GUEST,
}
PARTS = {"part.ground", "part.upper", "part.home"}


def join(sources: dict[str, str], parts: set[str] = PARTS) -> dict[str, str]:
    texts = {name: text.encode() for name, text in sources.items()}
    order = fold_join.load_order(texts, parts, "part.home")
    return {name: text.decode() for name, text in fold_join.joined(texts, order, "part.home").items()}


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch):
    """Loads modules given as text, and answers the namespaces."""

    def load(sources: dict[str, str], order: tuple[str, ...]) -> dict[str, types.ModuleType]:
        made = {}
        for name in order:
            made[name] = module = types.ModuleType(name)
            monkeypatch.setitem(sys.modules, name, module)
            if "." in name:
                setattr(made["part"], name.partition(".")[2], module)
            else:
                module.__path__ = []
            exec(sources[name], module.__dict__)
        return made

    return load


def test_joined_modules_do_what_they_did_apart(loaded):
    apart = loaded(SOURCES, ("part", "part.ground", "part.upper", "part.other", "part.home", "part.guest"))
    before = apart["part.home"].Home().all(), apart["part.guest"].visit()
    joined = join(SOURCES)
    assert sorted(joined) == ["part", "part.guest", "part.home", "part.other"]
    together = loaded(joined, ("part", "part.home", "part.other", "part.guest"))
    assert (together["part.home"].Home().all(), together["part.guest"].visit()) == before
    assert before[0] == (4, ([0, 1], 5), (8, 4), 10, 3, [0], True)


def test_built_in_functions_are_names_of_the_joined_module():
    """A chip looks for a name in the module first, and through all of its names when it is not there."""
    first = join(SOURCES)["part.home"].splitlines()[0]
    assert first == "bytes = bytes; len = len; list = list; range = range; # part.ground"


def test_what_nobody_asks_for_and_no_traceback_shows_shares_the_name_of_an_attribute():
    """A chip keeps each name once, and its table of them doubles now and then."""
    ground = """
class Part:
    def __init__(self):
        self.far = 1
class PartError(ValueError):
    pass
def make():
    return Part().far
SIZE = LOOKED_UP = ASKED = 2
"""
    home = "from part.ground import SIZE, make\ndef give(box):\n    return SIZE, make(), getattr(box, 'LOOKED_UP')\n"
    sources = {"part": "", "part.ground": ground, "part.home": home, "part.guest": "from part.ground import ASKED"}
    joined = join(sources, {"part.ground", "part.home"})
    assert joined["part.guest"] == "from part.home import ASKED as ASKED"
    lines = joined["part.home"].splitlines()
    # SIZE is a name of the last one, too.
    assert lines[2] == "class far:" and "    return far().far" in lines and "def make():" in lines
    assert "class PartError(ValueError):" in lines and "SIZE = LOOKED_UP = ASKED = 2" in lines
    assert lines[-2] == "    return SIZE, make(), getattr(box, 'LOOKED_UP')"


def test_each_line_stays_one():
    text = join(SOURCES)["part.home"]
    assert len(text.splitlines()) == sum(len(SOURCES[part].splitlines()) + 2 for part in PARTS)
    lines = text.splitlines()
    assert lines[0].endswith("# part.ground") and "# part.upper" in lines[1:]


@pytest.mark.parametrize(
    "changed, text, complaint",
    [
        ("part.upper", "from part import ground\nCOUNT = _make = lambdas = hexed = ground\n", "used as a whole"),
        ("part.guest", "from part import ground\nprint(ground)\n", "used as a whole"),
        ("part.home", "from part.upper import COUNT\ndef f():\n    from part.ground import COUNT\n", "two modules"),
        ("part.home", "from part.ground import NOTHING\n", "no NOTHING in part.ground"),
        ("part.guest", "from part import ground\nprint(ground.NOTHING)\n", "no NOTHING in part.ground"),
        ("part.upper", UPPER + "import sys as gc\n", "something else"),
    ],
)
def test_what_cannot_be_joined_is_told(changed, text, complaint):
    with pytest.raises(Failure, match=complaint):
        join(SOURCES | {changed: text})


def test_what_every_box_loads_is_one_module_and_settings_are_read_without_it():
    checkout = Checkout(bundle.ROOT, bundle.ROOT / "boards" / "pico.py")
    parts = loaded_together(checkout)[APPLICATION]
    assert {"fairamp.box", "fairamp.sharing.turns", "fairamp_box.control", APPLICATION} <= parts
    at_start = {"fairamp.units", START, "fairamp_box.heap", "fairamp.modbus.frames"}
    assert at_start <= loaded_together(checkout)[START] and not parts & {"fairamp", *at_start}
    made = bundle.build("pico")
    # Of these two only numbers were used, which stand where they were asked for.
    numbers = {"fairamp.reasons", "fairamp.refusals"}
    gone = (parts | at_start) - numbers - {APPLICATION, START}
    assert not {part.replace(".", "/") + ".mpy" for part in gone} & set(made.files)
    for file in made.files:
        if file.startswith("fairamp/settings/"):
            text = (bundle.ROOT / "build/folded/pico" / file).with_suffix(".py").read_text()
            assert APPLICATION not in text, file


def test_all_names_of_the_application_of_a_chip_are_there():
    """What is joined is not compiled against anything: a name that was lost would be found only when it is used."""
    for board in ("pico", "pico_w"):
        bundle.build(board)
        for file in (bundle.ROOT / "build/folded" / board).rglob("*.py"):
            tree = ast.parse(file.read_text())
            module = fold_join.Module(file.stem, file.read_bytes(), set())
            known = set(module.own) | set(dir(__builtins__)) | set(__builtins__) | {"const", "ptr8", "ptr16", "ptr32"}
            unknown = {name for node, name in module.references if isinstance(node, ast.Name)} - known
            assert not unknown, (file, unknown)
            assert tree.body or file.name == "__init__.py"
