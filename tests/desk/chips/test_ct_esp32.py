"""The timer of an ESP32, and conversions that come to nothing."""

import pytest

from tests.desk.chips import fake_stream
from tests.desk.chips.ct_windows import ESP32, check_moments, sawtooth, start, windows, wire


@pytest.mark.parametrize("name", ESP32)
def test_a_conversion_that_came_to_nothing_begins_the_phase_anew(chip, name):
    board, _, pins = wire(name)
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = []
    for _ in range(40):
        # None of these falls upon the pilot.
        fake_stream.pass_time(90000)
        chip.failing = 1
        fake_stream.pass_time(100000)
        codes = board.ct_window()
        if codes is not None:
            found.append(list(codes))
    assert not found
    found = windows(board, 4000)
    assert check_moments(board, found) >= 3


def test_a_converter_that_always_fails_tells_nothing(chip):
    board, _, _ = wire("esp32_devkitc")
    start(board)
    chip.failing = 1 << 30
    assert windows(board, 2000) == []
