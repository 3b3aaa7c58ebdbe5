"""The stream of an RP2040: the transformers, and the pilot that stays readable beside them."""

from array import array

import pytest

from fairamp.charging import pilot
from fairamp.meters.clamps import RATE
from tests.desk.chips import fake_stream
from tests.desk.chips.ct_windows import RP2040, phases_of, pilot_of, start, steady, wave, windows, wire


@pytest.mark.parametrize("name", RP2040)
@pytest.mark.parametrize("amps", [6, 10, 16, 32, 51, 63, 80])
def test_the_pilot_beside_the_transformers(chip, name, amps):
    board, gpio, _ = wire(name)
    duty = pilot.duty(1000 * amps)
    chip.signals[gpio["pilot_adc"]] = wave(duty, 6000)
    start(board)
    levels = pilot.Levels()
    codes = array("H", [0] * 128)
    for _ in range(150):
        fake_stream.pass_time(20000 + 13)
        levels.take(codes, board.read_pilot(codes), duty)
        assert levels.known
        assert abs(levels.high_mv - 6000) <= 60 and levels.diode()


@pytest.mark.parametrize("name", RP2040)
def test_the_pilot_is_not_older_than_a_step(chip, name):
    board, gpio, _ = wire(name)
    chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, 9000)(0))
    start(board)
    for high_mv in (6000, 9000, 12000):
        chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, high_mv)(0))
        fake_stream.pass_time(12000)
        assert all(abs(mv - high_mv) <= 60 for mv in pilot_of(board))


def test_the_pilot_is_there_as_soon_as_the_board_is(chip):
    name = "rp2040_zero"
    chip.microvolts[26] = int(wave(10000, 9000)(0))
    chip.microvolts[chip.CORE] = 706000
    board, _, _ = wire(name)
    for _ in range(2):
        assert all(abs(mv - 9000) <= 60 for mv in pilot_of(board))
        assert abs(board.temperature_dc() - 270) <= 6
        start(board)
    assert fake_stream.clock.us <= 40000


def test_temperature_and_cable_come_with_the_stream(chip):
    board, _, pins = wire("pico", [("proximity_adc", 29, "")])
    chip.microvolts.update({29: round(3.3e6 * 220 / 1220), chip.CORE: 706000 - 1721 * 33})
    wanted = steady(chip, board, pins)
    start(board)
    for _ in range(20):
        fake_stream.pass_time(20000)
        assert pilot.cable(board.proximity_ohm()) == 32000
        assert abs(board.temperature_dc() - 600) <= 6
    assert [set(part) for part in phases_of(windows(board, 500)[-1])] == [{code} for code in wanted]


def test_the_converter_runs_as_fast_as_it_should(chip):
    board, _, pins = wire("rp2040_zero")
    start(board)
    before, begun = fake_stream.converter.taken, fake_stream.clock.us
    fake_stream.pass_time(1000000)
    inputs = 2 + len(pins)
    assert abs((fake_stream.converter.taken - before) - 11 * RATE * inputs) <= 30
    assert fake_stream.clock.us - begun == 1000000


def test_the_ring_is_small(chip):
    board, _, _ = wire("rp2040_zero")
    start(board)
    rings = [2 * len(part) for part in fake_stream.memory if part.itemsize == 2]
    # Of the pilot and the temperature; with three transformers.
    assert rings == [1232, 9240]
