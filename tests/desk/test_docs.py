"""Pages that are made from tables are what the tables say now."""

import pytest

from fairamp_desk import docs


@pytest.mark.parametrize("name", docs.PAGES)
def test_a_page_is_current(name):
    assert (docs.FOLDER / name).read_text() == docs.PAGES[name](), "run `make docs`"


def test_every_fault_and_limit_is_on_the_page():
    page = docs.PAGES["chargepoint.md"]()
    for word in ("over-current", "code 302", "welded contactor", "load shedding", "enable input", "C2 --> C1"):
        assert word in page
