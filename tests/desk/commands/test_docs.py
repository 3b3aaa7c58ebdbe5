"""Pages that are made from tables are what the tables say now."""

import importlib
import re

import pytest

from fairamp.settings.table import SECTIONS, every, files
from fairamp_desk import docs
from fairamp_desk.commands.boards import BOARDS
from fairamp_desk.pages import boards, gallery


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


def test_the_diagram_of_states_can_be_read_and_the_table_has_the_rest():
    page = docs.PAGES["chargepoint.md"]()
    arrows = re.findall(r"(?m)^    (\w\d?) --> (\w\d?):", page)
    assert {"A", "B1", "B2", "C1", "C2"} == {state for arrow in arrows for state in arrow} and len(arrows) <= 12
    assert "| D2 | C1 |" in page and "| C2 | A |" in page


def test_each_picture_of_the_gallery_has_its_title_in_words():
    for name, title in gallery.SHOWN.items():
        assert f">{title}: " in (docs.FOLDER / f"gallery/{name}.svg").read_text()


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


def test_every_setting_is_on_the_page():
    page = docs.PAGES["settings.md"]()
    for row in every():
        assert f"| `{row.name}` |" in page
    for words in (
        "| `charger.limit` | 80 A | a number from 6 to 80 A | owner | live |",
        "| `site.fuse` | 25, 25, 25 A | three numbers from 6 to 1000 A | installer | restart |",
        "| `ct.ratio` | 3000:1 | 2000:1, 3000:1 | installer | restart | meter.model = ct |",
    ):
        assert words in page


@pytest.mark.parametrize(("section", "file"), [(name, file) for name in SECTIONS for file in files(name)])
def test_what_is_told_of_a_setting_belongs_to_one(section, file):
    module = importlib.import_module(f"fairamp.settings.{file}")
    names = [name for name, *_ in module.ROWS]
    assert {name.split(".")[0] for name in names} == {section}
    keys = [name.split(".")[1] for name in names]
    needs = getattr(module, "NEEDS", {})
    assert list(module.HELP) == keys and set(needs) <= set(keys) and all(module.HELP.values())
    assert {name for text in needs.values() for name in re.findall(r"[a-z]+\.[a-z_]+", text)} <= {
        row.name for row in every()
    }
