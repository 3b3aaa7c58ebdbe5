"""The light at the box: who blinks, what the log says of it, and what it costs."""

import gc
import sys

from recorder import make, run

from checks import equal
from fairamp import commands, light, view
from fairamp.units import later
from fairamp_box.status_light import TELL_MS, StatusLight


class Lamp:
    """The board; counts, as a list would grow."""

    def __init__(self):
        self.lit = self.dark = 0

    def set_light(self, colour):
        if colour == light.YELLOW:
            self.lit += 1
        elif not colour:
            self.dark += 1


def made():
    _, box, _, _ = make()
    told = []
    lamp = Lamp()
    return StatusLight(lamp, box, lambda where, text: told.append((where, text))), lamp, box, told


def lights(wires):
    return [colour for what, colour in wires.done if what == "light"]


def test_a_box_that_hears_no_meter_blinks():
    wires, box, clock, control = make()
    run(control, clock, 5000)
    equal(view.light(box), light.LOST)
    shown = lights(wires)
    assert len(shown) > 4 and set(shown) == {0, light.YELLOW}, shown


def test_the_light_follows_what_the_box_does():
    wires, box, clock, control = make()
    real = box.balance

    def balance(now):
        for reading in (box.own, box.coordinator.grid):
            for phase in range(3):
                reading.voltage_mv[phase] = 230000 + now % 97
            reading.accept(now)
        real(now)

    def pause():
        assert wires.contactor and light.BLUE in lights(wires), wires.done
        wires.done.clear()
        commands.serve(box, "test", False)

    box.balance = balance
    run(control, clock, 8000, pause)
    assert not wires.contactor and light.WHITE in lights(wires), wires.done
    assert light.YELLOW not in lights(wires), wires.done


def test_a_light_that_fails_ends_no_charging():
    wires, _, clock, control = make()
    tries = []

    def broken(colour):
        tries.append(colour)
        raise OSError("radio")

    wires.light_changed = broken
    run(control, clock, 5000)
    # It goes on, and tries again.
    assert len(tries) > 1, tries


def test_what_somebody_has_to_see_to_is_told_once_and_not_before_it_has_lasted():
    shown, _, box, told = made()
    now = 1000
    shown.look(now)
    shown.look(later(now, TELL_MS - 200))
    equal(told, [])
    for _ in range(3):
        shown.look(later(now, TELL_MS))
    equal(told, [("light", "meter or energy manager not heard, at most the safe current: see the log")])
    assert "fairamp.light_words" not in sys.modules  # which takes space
    # What goes on by itself is not told.
    box.restart_for = "test"
    now = later(now, TELL_MS)
    for _ in range(100):
        now = later(now, 200)
        shown.look(now)
    equal(len(told), 1)
    box.restart_for = ""
    for _ in range(100):
        now = later(now, 200)
        shown.look(now)
    equal(len(told), 2)


def test_the_board_is_asked_only_when_the_light_changes_and_nothing_is_left_behind():
    shown, lamp, _, _ = made()
    shown.look(0)
    shown.show(1024)
    used = getattr(gc, "mem_alloc", lambda: 0)
    gc.collect()
    gc.disable()
    try:
        before = used()
        now = 0
        for _ in range(2048 // 20):
            now += 20
            shown.show(now)
        garbage = used() - before
    finally:
        gc.enable()
    equal((garbage, lamp.lit, lamp.dark), (0, 3, 4))
