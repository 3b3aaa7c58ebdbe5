"""The pilot of every board: its duty, and the voltage that comes back."""

from array import array

import pytest

from fairamp.charging import pilot
from fairamp_desk.commands import boards
from tests.desk.chips import fake_stream


def test_pilot_output(wired, chip):
    _, board, gpio = wired
    ((pin, pwm),) = chip.pwms.items()
    assert pin == gpio["pilot_pwm"]
    assert pwm.freq == 1000
    assert pwm.duty == 65535
    for duty, expected in ((5333, 34949.8), (1000, 6553.5), (9600, 62913.6), (2667, 17478.2)):
        board.set_pilot(duty)
        assert abs(pwm.duty - expected) <= 1
    board.set_pilot(0)
    assert pwm.duty == 0
    board.set_pilot(10000)
    assert pwm.duty == 65535


def millivolts(board, codes):
    return [pilot.ZERO_MV + code * board.pilot_span_mv / 4096 for code in codes]


@pytest.mark.parametrize("volts", [-12.6, -12, 0, 3, 6, 9, 12, 12.6])
def test_pilot_input(wired, chip, volts):
    _, board, gpio = wired
    chip.microvolts[gpio["pilot_adc"]] = divider(volts)
    fake_stream.pass_time(20000)
    codes = array("H", [0] * 5)
    assert board.read_pilot(codes) == 5
    assert all(abs(value - volts * 1000) <= 60 for value in millivolts(board, codes))
    levels = pilot.Levels()
    levels.calibrate(board.pilot_span_mv)
    codes = array("H", [0] * 128)
    levels.take(codes, board.read_pilot(codes), pilot.STEADY if volts >= 0 else 5000)
    assert abs((levels.high_mv if volts >= 0 else levels.low_mv) - volts * 1000) <= 60


def divider(volts):
    """The resistors at the pilot input, from first principles, in microvolts."""
    return round(1e6 * (volts / 120 + 3.3 / 27) / (1 / 120 + 1 / 27 + 1 / 22))


@pytest.mark.parametrize("microvolts", [0, 3300000])
def test_pilot_input_out_of_range_still_fits(wired, chip, microvolts):
    _, board, gpio = wired
    chip.microvolts[gpio["pilot_adc"]] = microvolts
    codes = array("H", [0])
    assert board.read_pilot(codes) == 1
    assert codes[0] < 4096


@pytest.mark.parametrize("board_id", ["esp32_devkitc", "esp32s3_devkitc"])
def test_an_esp32_skips_readings_that_came_to_nothing(chip, board_id):
    module = boards.load(board_id)
    board = module.connect()
    gpio = {role: pin for role, pin, _ in module.PINS}
    chip.microvolts[gpio["pilot_adc"]] = divider(9)
    codes = array("H", [0] * 5)
    chip.failing = 2
    assert board.read_pilot(codes) == 3
    assert all(abs(value - 9000) <= 60 for value in millivolts(board, codes[:3]))
    chip.failing = 5
    assert board.read_pilot(codes) == 0
