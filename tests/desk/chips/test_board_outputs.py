"""Contactor, relays and light of every board: safe from the beginning, and each at its own pin."""

import pytest

from boards.interface import COLOURS


def test_outputs_are_safe_from_the_beginning(wired, chip):
    _, _, gpio = wired
    assert chip.events[0] == ("out", gpio["contactor"], 0)
    assert chip.events[1] == ("out", gpio["phase_relay"], 0)
    moved: dict = {pin: set() for pin in gpio.values()}
    for what, where, value in chip.events:
        if what in ("out", "pwm"):
            moved[where].add(value)
    for role in {"contactor", "phase_relay", "trip", "lock", "meter_de", "ems_de"}.intersection(gpio):
        assert moved[gpio[role]] == {0}, role
    assert moved[gpio["pilot_pwm"]] == {1, 65535}
    assert not chip.watchdogs
    # What takes its speed from the clock comes after it.
    kinds = [event[0] for event in chip.events]
    if "clock" in kinds:
        assert kinds.index("clock") < min(kinds.index("pwm"), kinds.index("uart"))
    # The transmitters are off before the UARTs take their pins.
    first_uart = next(index for index, event in enumerate(chip.events) if event[0] == "uart")
    assert ("out", gpio["meter_de"], 0) in chip.events[:first_uart]


@pytest.mark.parametrize("role", ["contactor", "phase_relay", "trip", "lock"])
def test_an_output_goes_high_and_low_again_and_moves_no_other(wired, chip, role):
    _, board, gpio = wired
    switch = getattr(board, "set_" + role)
    before = len(chip.events)
    switch(True)
    switch(False)
    moved = chip.events[before:]
    assert moved == ([("out", gpio[role], 1), ("out", gpio[role], 0)] if role in gpio else [])


def test_light(wired, chip):
    _, board, gpio = wired
    seen = set()
    for colour in (*range(1, len(COLOURS)), 0):
        board.set_light(colour)
        if "light" in gpio:
            assert chip.level(gpio["light"]) == int(colour > 0)
        if "rgb_light" in gpio:
            (strip,) = chip.strips
            assert strip.pin == gpio["rgb_light"]
            red, green, blue = strip.shown[0]
            # Some lights take red and green the other way round.
            assert red == green and any((red, blue)) == (colour > 0)
            seen.add(strip.shown[0])
    assert len(seen) == (len(COLOURS) if "rgb_light" in gpio else 0)


def test_a_light_of_several_colours_is_dark_after_a_reset(wired, chip):
    _, _, gpio = wired
    assert [strip.shown for strip in chip.strips] == ([[(0, 0, 0)]] if "rgb_light" in gpio else [])
