"""Pages that are made from tables are what the tables say now."""

import pytest

from fairamp_desk import docs
from fairamp_desk.boards import BOARDS
from fairamp_desk.pages import boards


@pytest.mark.parametrize("name", docs.PAGES)
def test_a_page_is_current(name):
    assert (docs.FOLDER / name).read_text() == docs.PAGES[name](), "run `make docs`"


def test_the_boards_in_the_readme_are_current():
    text = docs.README.read_text()
    assert boards.replaced(text) == text, "run `make docs`"
    assert all(f"| `{board}` |" in text for board in BOARDS)


def test_every_fault_and_limit_is_on_the_page():
    page = docs.PAGES["chargepoint.md"]()
    for word in ("over-current", "code 302", "welded contactor", "load shedding", "enable input", "C2 --> C1"):
        assert word in page


def test_the_examples_of_sharing_come_out_as_the_rules_have_them():
    page = docs.PAGES["sharing.md"]()
    for row in (
        "| 120 A | car 1 draws 16 A | 16 | 32 | 32 | 32 | 8 |",
        "| 80 A | car 1 is gone | - | 32 | 32 | 10 | 6 |",
        "| 120 A | car 1 draws 20 A | 20 | 32 | 32 | 24 | 12 |",
        "| 80 A | car 1 draws 6 A | 6 | 32 | 26 | 8 | 8 |",
        "| 80 A | car 1 is gone | - | 32 | 28 | 10 | 10 |",
        "| a car at C begins to probe | - | 6 | 14 |",
        "| turn 1 | 0 | 0 | 6 | 6 | 6 | 6 |",
        "| turn 2 | 6 | 6 | 0 | 0 | 6 | 6 |",
        "| one on L1, one on all three | 10 | 10 |",
    ):
        assert row in page
