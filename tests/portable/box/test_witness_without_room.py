"""`meter.witness` on a box with a full heap: the charging goes on, and the log says what is missing."""

import sys

from checks import equal
from fairamp.box import Box
from fairamp.settings import Settings

MODULE = "fairamp.sharing.witness"


class Full:
    """In the place of the module."""

    def Witness(own):
        raise MemoryError


def make_box(**sections):
    """(box, its log)"""
    settings = Settings()
    equal(settings.load(sections, "test"), [])
    box, told = Box(settings), []
    box.journal.log = lambda where, text: told.append(where + ": " + text)
    return box, told


def without_room(act):
    """Does it while the heap is full."""
    there = sys.modules.pop(MODULE, None)
    sys.modules[MODULE] = Full
    try:
        act()
    finally:
        del sys.modules[MODULE]
        if there:
            sys.modules[MODULE] = there


def test_switched_on_while_it_runs():
    box, told = make_box(meter={"witness": False})
    box.balance(0)
    equal(told, [])
    without_room(lambda: equal(box.settings.change({"meter": {"witness": True}}, 2), ([], [])))
    box.balance(1000)
    box.balance(2000)
    equal(len(told), 1)
    assert told[0].startswith("house meter: warning: not checked against the cars: no room in memory"), told
    assert "restart" in told[0], told


def test_at_the_start():
    made = []
    without_room(lambda: made.append(make_box(meter={"witness": True})))
    box, told = made[0]
    box.balance(0)
    equal(len(told), 1)
    assert "no room in memory" in told[0], told


def test_with_room_nothing_is_said():
    box, told = make_box(meter={"witness": True})
    box.balance(0)
    assert box.coordinator.witness
    equal(told, [])


def test_it_is_on_by_itself_where_the_meter_sees_the_cars():
    assert make_box()[0].coordinator.witness
    equal(make_box(meter={"location": "excluding"})[0].coordinator.witness, None)
