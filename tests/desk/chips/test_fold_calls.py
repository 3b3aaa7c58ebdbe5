"""What is asked through the door and the window is asked directly, by short names, and what nobody asks is left out."""

import ast
import re

from fairamp_desk.chips import fold_calls
from tests.desk.chips.fold_run import run

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
