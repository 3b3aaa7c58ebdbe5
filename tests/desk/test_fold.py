"""What is left out of a chip's modules, and what is not."""

import ast

from fairamp_desk import bundle
from fairamp_desk.fold import folded, used_elsewhere

SOURCE = '''"""A module."""

EARLY = later = 5
HOLD_MS = 30 * 1000
TWICE_MS = 2 * HOLD_MS
NAMED = 7
TWO = 1
TWO = 2
WORD = "text"
ä = HOLD_MS; b = HOLD_MS  # one behind a letter of two bytes


def late():
    return HOLD_MS + TWICE_MS + AFTER, NAMED, TWO, WORD, [HOLD_MS for _ in range(1)], {HOLD_MS: -HOLD_MS}


def shadowed(LIMIT=3):
    return LIMIT


LIMIT = 4
AFTER = 1
TAKEN = 5
_TAKEN = 6
BROUGHT = 7
MADE = 8
CAUGHT = 9


def brings():
    from os import curdir as BROUGHT

    def MADE():
        return 1

    try:
        raise ValueError
    except ValueError as CAUGHT:
        return BROUGHT, MADE(), repr(CAUGHT)
'''


def fold(text: str, kept: set[str] = frozenset()) -> str:
    return folded(text.encode(), ast.parse(text), set(kept)).decode()


def run(text: str) -> dict:
    names: dict = {"const": lambda value: value, "Row": lambda *args, **named: (args, named)}
    exec(text, names)
    return names


def test_constants_become_numbers_and_the_program_stays_the_same():
    text = fold(SOURCE, {"NAMED"})
    assert "\n_HOLD_MS = const(30 * 1000)\n_TWICE_MS = const(2 * _HOLD_MS)\nNAMED = 7\n" in text
    before, after = run(SOURCE), run(text)
    assert after["late"]() == before["late"]() and after["ä"] == after["b"] == 30000
    assert after["shadowed"]() == 3
    assert after["brings"]() == before["brings"]() == (".", 1, "ValueError()")
    assert text.count("\n") == SOURCE.count("\n")


def test_what_is_no_single_number_before_its_use_stays():
    text = fold(SOURCE)
    kept = (
        "EARLY = later = 5",
        "TWO = 2",
        'WORD = "text"',
        "LIMIT = 4",
        "AFTER = 1",
        "TAKEN = 5",
        "MADE = 8",
        "CAUGHT = 9",
    )
    for line in kept:
        assert f"\n{line}\n" in text, line
    assert "_NAMED = const(7)" in text


def test_names_that_others_use():
    trees = {
        "a": ast.parse("A = 1\nB = 2\nC = 3\n"),
        "b": ast.parse("from a import A\nimport a\nprint(a.B, C)\n"),
    }
    users = used_elsewhere(trees)
    assert users["A"] == users["B"] == {"b"} and "C" not in users


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
"""


def test_what_describes_registers_for_people_is_dropped():
    text = fold(REGISTERS)
    assert run(text)["ROWS"][:2] == (
        ((0, "", "u16", len), {}),
        ((1, "", "u16", len), {"allowed": ((0, 1),)}),
    )
    assert run(text)["ROWS"][2][0][3](None) == "off"
    assert "TEXTS" not in text and "UNIT" not in text and "SHARED = " in text
    assert [line.strip() for line in text.splitlines()].index("allowed=((0, 1),),") == 12
    assert text.count("\n") == REGISTERS.count("\n")


def test_a_table_that_others_use_stays():
    assert "TEXTS = " in fold(REGISTERS, {"TEXTS"})


def test_the_bundle_is_folded():
    bundle.build("twin")
    folder = bundle.ROOT / "build" / "folded" / "twin" / "fairamp"
    written = bundle.ROOT / "shared" / "fairamp"
    assert "voltage_l1" not in (folder / "maps/teltocharge.py").read_text()
    assert "voltage_l1" in (written / "maps/teltocharge.py").read_text()
    assert "_HOLD_MS = const(30000)" in (folder / "coordinator.py").read_text()
    assert b"voltage_l1" not in (bundle.ROOT / "build/deploy/twin/fairamp/maps/teltocharge.mpy").read_bytes()
