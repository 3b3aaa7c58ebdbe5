"""What describes registers and pins for people is not on a chip."""

from collections.abc import Callable

import pytest

from fairamp_desk.chips import fold
from fairamp_desk.errors import Failure
from tests.desk.chips.fold_run import run

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
