"""The temperature of the chip, as its board tells it."""

import pytest

from fairamp_desk.commands import boards
from tests.desk.chips import fake_stream


@pytest.mark.parametrize("board_id", ["pico", "pico_w", "pico2", "pico2_w", "rp2040_zero"])
@pytest.mark.parametrize("degrees", [-30, 0, 27, 60, 80, 110])
def test_temperature_of_an_rp2040(chip, board_id, degrees):
    board = boards.load(board_id).connect()
    chip.microvolts[chip.CORE] = round(706000 - 1721 * (degrees - 27))
    fake_stream.pass_time(1000)
    # One step of the converter is half a degree.
    assert abs(board.temperature_dc() - 10 * degrees) <= 6


@pytest.mark.parametrize("board_id", ["esp32_devkitc", "esp32_wrover", "esp32s3_devkitc"])
def test_temperature_of_an_esp32(chip, monkeypatch, board_id):
    board = boards.load(board_id).connect()
    assert board.temperature_dc() is None
    for degrees in (41, -8, 0):
        monkeypatch.setattr(chip.esp32, "mcu_temperature", lambda degrees=degrees: degrees, raising=False)
        assert board.temperature_dc() == 10 * degrees
    monkeypatch.setattr(chip.esp32, "mcu_temperature", fail)
    assert board.temperature_dc() is None


def fail():
    raise OSError(-1, "ESP_FAIL")
