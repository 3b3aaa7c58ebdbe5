"""Private names become short ones, and the program stays the same."""

import ast

import pytest

from fairamp_desk.chips import fold_names
from tests.desk.chips.fold_run import run

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
