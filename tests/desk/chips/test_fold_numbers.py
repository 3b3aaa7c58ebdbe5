"""Names of numbers become the numbers, and the program stays the same."""

from fairamp_desk.chips import fold_numbers
from tests.desk.chips.fold_run import run

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
