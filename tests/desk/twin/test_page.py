"""The page reads what /api/status has: a value that is renamed there would show as nothing here."""

import re

from fairamp.status import status
from fairamp_box.features.web import page
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep

# Not of the box: what lists can do.
METHODS = {"map"}


def test_every_value_on_the_page_is_one_of_the_live_values() -> None:
    box = status(Lockstep(check_site({}, "test")).box)
    roots = {"box": box, "charger": box["charger"], "one": box["sockets"][0]}
    found = re.findall(r"\b(box|charger|one)((?:\.\w+)+)", page.SCRIPT.decode())
    assert {root for root, _ in found} == set(roots) and len(found) > 15
    for root, path in found:
        value = roots[root]
        for name in path[1:].split("."):
            if name not in METHODS:
                assert name in value, f"{root}{path}"
                value = value[name]


def test_the_page_shows_what_holds_and_nothing_of_a_charger_that_is_not_heard() -> None:
    script = page.SCRIPT.decode()
    assert "'limit', 'for chargers'" in script and "amps(box.allowed_ma[phase])" in script
    assert "one.online ? amps(one.offer_ma) : 'unknown'" in script


def test_no_word_or_number_of_a_table_is_broken_on_a_small_screen() -> None:
    """Where words may break anywhere, a table makes its columns as narrow as a letter; only reasons take lines."""
    style = page.HTML.decode().split("<style>")[1].split("</style>")[0]
    assert re.search(r"(?<![\w#. ])table{[^}]*overflow-wrap:normal", style)
    assert "\ntd{white-space:nowrap}#all td:last-child{white-space:normal}" in style
