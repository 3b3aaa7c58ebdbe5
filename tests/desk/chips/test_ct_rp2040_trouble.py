"""The stream of an RP2040 loses a sample, stands still, or was left running: what is old or misplaced is never told."""

from array import array

import pytest

from tests.desk.chips import fake_stream
from tests.desk.chips.ct_windows import phases_of, pilot_of, start, steady, wave, windows, wire


def stream_with_trouble(chip):
    board, gpio, pins = wire("rp2040_zero")
    chip.microvolts[gpio["pilot_adc"]] = int(wave(10000, 9000)(0))
    wanted = steady(chip, board, pins)
    start(board)
    windows(board, 500)
    (data,) = [dma for dma in fake_stream.channels if dma.ctrl["treq_sel"] == fake_stream.converter.request()]
    return board, data, wanted


def test_a_lost_sample_starts_the_stream_anew(chip):
    """The inputs would change places."""
    board, data, wanted = stream_with_trouble(chip)
    data.stuck = True
    fake_stream.pass_time(87)
    data.stuck = False
    fake_stream.pass_time(5000)
    assert pilot_of(board, 0) == []
    fake_stream.pass_time(20000)
    assert all(abs(mv - 9000) <= 60 for mv in pilot_of(board))
    for window in windows(board, 1000):
        assert [set(part) for part in phases_of(window)] == [{code} for code in wanted]


@pytest.mark.parametrize("part", ["converter", "dma"])
def test_a_stream_that_stands_still_tells_nothing(chip, part):
    """Old samples of the pilot would keep a contactor closed."""
    board, data, wanted = stream_with_trouble(chip)
    converter = fake_stream.converter
    pilot_of(board)
    data.stuck, converter.frozen = part == "dma", part == "converter"
    board.read_pilot(array("H", [0] * 128))  # what came before it stood still
    for _ in range(5):
        fake_stream.pass_time(20000)
        assert pilot_of(board, 0) == []
        assert board.ct_window() is None
    data.stuck = converter.frozen = False
    converter.due = fake_stream.clock.us
    fake_stream.pass_time(20000)
    board.read_pilot(array("H", [0] * 128))
    assert [set(part) for part in phases_of(windows(board, 1000)[-1])] == [{code} for code in wanted]


def test_what_an_earlier_program_left_running(chip):
    """A soft reset stops neither the converter nor its queue."""
    board, _, pins = wire("rp2040_zero")
    wanted = steady(chip, board, pins)
    converter = fake_stream.converter
    converter.cs |= fake_stream.START_MANY | 0b111 << 16
    converter.fcs = fake_stream.FIFO_EN | fake_stream.OVER | fake_stream.UNDER
    converter.queue = [1, 2, 3]
    start(board)
    assert len(pilot_of(board)) == 128
    assert [set(part) for part in phases_of(windows(board, 500)[-1])] == [{code} for code in wanted]
