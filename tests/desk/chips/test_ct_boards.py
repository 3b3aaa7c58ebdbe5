"""Every board samples its transformers: every sample at its moment, none beside it."""

import math

import pytest

from fairamp.meters.clamps import WINDOW, Clamps
from tests.desk.chips import fake_stream
from tests.desk.chips.ct_windows import (
    ESP32,
    RP2040,
    check_moments,
    phases_of,
    sawtooth,
    start,
    steady,
    windows,
    wire,
)


@pytest.fixture(params=RP2040 + ESP32)
def wired(request, chip):
    """A connected board with all that it has in use, the pins of its transformers, and of its other inputs."""
    return wire(request.param)


def test_nothing_is_sampled_before_it_is_asked_for(wired, chip):
    board, _, pins = wired
    seen = set()
    chip.signals.update({pin: lambda us, pin=pin: seen.add(pin) or 0 for pin in pins})
    fake_stream.pass_time(100000)
    assert board.ct_window() is None
    assert not seen and not fake_stream.timers


def test_every_phase_at_its_place(wired, chip):
    board, _, pins = wired
    wanted = steady(chip, board, pins)
    start(board)
    found = windows(board, 2000)
    assert len(found) >= 3
    for window in found:
        assert [set(part) for part in phases_of(window)] == [{code} for code in wanted]


def test_as_many_phases_as_are_asked_for(wired, chip):
    board, _, pins = wired
    wanted = steady(chip, board, pins)
    for phases in (1, 2, 1):
        start(board, phases)
        found = windows(board, 1000)
        assert [set(part) for part in phases_of(found[-1])] == [{code} for code in wanted[:phases]]


def test_a_window_is_told_once_and_stays_until_the_next(wired, chip):
    board, _, pins = wired
    steady(chip, board, pins)
    start(board)
    windows(board, 1000)
    while board.ct_window() is None:
        fake_stream.pass_time(5000)
    assert board.ct_window() is None
    begun = fake_stream.clock.us
    while (window := board.ct_window()) is None:
        fake_stream.pass_time(1000)
    kept = list(window)
    chip.microvolts.clear()
    fake_stream.pass_time(50000)
    board.ct_window()
    assert list(window) == kept
    passed = fake_stream.clock.us - begun - 50000
    # Together on an RP2040, in turn on an ESP32.
    assert abs(passed - 200000 * (board.cts if "ESP32" in board.name else 1)) < 12000


@pytest.mark.parametrize("step_us", [3000, 20000, 41234, 60000])
def test_no_sample_is_lost_or_doubled(wired, chip, step_us):
    board, _, pins = wired
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = windows(board, 4000, step_us)
    assert len(found) >= (5 if "ESP32" in board.name else 17)
    assert check_moments(board, found) >= 3


def test_what_was_held_up_is_left_out(wired, chip):
    board, _, pins = wired
    chip.signals.update(dict.fromkeys(pins, sawtooth))
    start(board)
    found = []
    for ms in (90, 5, 160, 75, 1000, 30, 81, 7, 4) * 3:
        found += windows(board, 317)
        fake_stream.hold_up(1000 * ms)
    assert check_moments(board, found, most=3.0) >= 3


def sine(amps, hertz=50, middle_mv=1300):
    peak = amps * math.sqrt(2) * 22 / 3000 * 1e6
    return lambda us: 1000 * middle_mv + peak * math.sin(2 * math.pi * hertz * us / 1e6)


@pytest.mark.parametrize("hertz", [50, 60])
def test_currents_from_end_to_end(wired, chip, hertz):
    board, _, pins = wired
    amps = [10, 63, 2][: board.cts]
    chip.signals.update({pin: sine(size, hertz) for pin, size in zip(pins, amps, strict=True)})
    start(board)
    meter = Clamps(board.cts, "3000:1", 22000, board.ct_span_mv, board.ct_ends, (0, 0, 0), (0, 0, 0))
    found = windows(board, 2000)
    assert len(found) >= 3
    for window in found:
        for phase, size in enumerate(amps):
            meter.take(phase, window, 0, WINDOW)
            assert abs(meter.current_ma[phase] - 1000 * size) <= 8 * size + 60
