"""Contacts and sensors of every board: which level means what, and that none is mistaken for another."""

import pytest

from boards import interface


@pytest.mark.parametrize("role", ["enable", "shed"])
def test_contacts_are_closed_to_ground(wired, chip, role):
    _, board, gpio = wired
    closed = getattr(board, role + "_closed")
    assert ("in", gpio[role], chip.Pin.PULL_UP) in chip.events
    assert closed() is False
    chip.inputs[gpio[role]] = 0
    assert closed() is True
    other = "shed" if role == "enable" else "enable"
    assert getattr(board, other + "_closed")() is False


@pytest.mark.parametrize("role", ["leakage", "leakage_error"])
def test_an_open_line_trips(wired, chip, role):
    """Normally closed to ground: the pull-up shows a tripped sensor and a broken wire alike."""
    _, board, gpio = wired
    check_input(chip, gpio, role, getattr(board, role), low=False, high=True, missing=False)


@pytest.mark.parametrize("role", ["output_live", "locked"])
def test_a_line_to_ground_says_yes(wired, chip, role):
    _, board, gpio = wired
    check_input(chip, gpio, role, getattr(board, role), low=True, high=False, missing=None)


def check_input(chip, gpio, role, read, *, low, high, missing):
    if role not in gpio:
        assert read() is missing
        return
    assert ("in", gpio[role], chip.Pin.PULL_UP) in chip.events
    # Every other input the other way round, so that none is mistaken for this one.
    inputs = [gpio[name] for name, direction, _ in interface.ROLES if direction == "input" and name in gpio]
    for level, expected in ((None, high), (0, low), (1, high)):
        chip.inputs.update(dict.fromkeys(inputs, 0 if level is None else 1 - level))
        chip.inputs.pop(gpio[role])
        if level is not None:
            chip.inputs[gpio[role]] = level
        assert read() is expected
