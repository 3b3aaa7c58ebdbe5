"""A contactor that an interrupt opens when the car leaves: nothing that holds up the program can delay it."""

import random

import pytest

from fairamp.charging import pilot
from fairamp_desk.commands import boards
from tests.desk.chips import fake_machine, fake_stream

RP2 = ("pico", "pico_w", "rp2040_zero")
CONTACTOR = 17
CURRENTS = (6000, 16000, 32000, 51000, 80000, 0)  # 0: a steady line


@pytest.fixture(params=RP2)
def box(request, monkeypatch):
    """A board whose contactor is watched, and its pins."""
    chip = fake_machine.install(monkeypatch)
    module = boards.load(request.param)
    board = module.connect()
    board.watch_contactor(*pilot.Levels().charging())
    return chip, board, {role: pin for role, pin, _ in module.PINS}


class Line:
    """The pilot line: a wave of some duty, on which the car may change its resistor."""

    def __init__(self, chip, pin, duty):
        self.duty = duty
        self.high_mv = 6000
        self.noise_mv = 0
        self._random = random.Random(duty)
        chip.signals[pin] = self.microvolts

    def microvolts(self, us):
        low = us * 1.000002 % 1000 >= self.duty / 10
        noise = self._random.uniform(-self.noise_mv, self.noise_mv)
        return ((-12000 if low else self.high_mv) + noise + 14667) * 99 / 1079 * 1000


def charging(box, ma):
    chip, board, gpio = box
    line = Line(chip, gpio["pilot_adc"], pilot.duty(ma))
    fake_stream.pass_time(50000)
    board.set_contactor(True)
    fake_stream.pass_time(50000)
    assert chip.level(gpio["contactor"]) == 1
    return line, board, lambda: chip.level(gpio["contactor"])


@pytest.mark.parametrize("high_mv", [12000, 9000, 0])
@pytest.mark.parametrize("ma", CURRENTS)
def test_it_opens_when_the_car_has_left(box, ma, high_mv):
    """Unplugged, content, or with a shorted line."""
    line, board, closed = charging(box, ma)
    line.high_mv = high_mv
    fake_stream.pass_time(15000)
    assert closed()
    fake_stream.pass_time(25000)
    assert not closed()
    assert board.contactor_fell() is True
    assert board.contactor_fell() is False


@pytest.mark.parametrize("high_mv", [3000, 6400])
@pytest.mark.parametrize("ma", CURRENTS)
def test_it_stays_closed_while_the_car_charges(box, ma, high_mv):
    line, board, closed = charging(box, ma)
    line.high_mv, line.noise_mv = high_mv, 600
    fake_stream.pass_time(300000)
    assert closed() and not board.contactor_fell()


def test_a_short_disturbance_opens_nothing(box):
    line, board, closed = charging(box, 16000)
    for ms in (1, 5, 10):
        line.high_mv = 12000
        fake_stream.pass_time(1000 * ms)
        line.high_mv = 6000
        fake_stream.pass_time(200000)
    assert closed() and not board.contactor_fell()


def test_a_new_duty_opens_nothing(box):
    line, board, closed = charging(box, 16000)
    for ma in (6000, 32000, 0, 10000):
        line.duty = pilot.duty(ma)
        fake_stream.pass_time(60000)
    assert closed() and not board.contactor_fell()


def test_it_never_closes_and_leaves_an_open_one_alone(box):
    line, board, closed = charging(box, 16000)
    line.high_mv = 9000
    fake_stream.pass_time(40000)
    line.high_mv = 6000
    fake_stream.pass_time(100000)
    assert not closed()
    board.contactor_fell()
    line.high_mv = 9000
    fake_stream.pass_time(100000)
    assert not board.contactor_fell()


def test_a_program_that_is_held_up_opens_it_all_the_same(box):
    line, _, closed = charging(box, 16000)
    line.high_mv = 9000
    fake_stream.hold_up(40000)
    assert not closed()


def test_the_next_charge_is_watched_too(box):
    for _ in range(2):
        line, board, closed = charging(box, 16000)
        line.high_mv = 9000
        fake_stream.pass_time(40000)
        assert not closed() and board.contactor_fell()


@pytest.mark.parametrize("board_id", RP2)
def test_the_clock_of_the_board_file_is_set(board_id, monkeypatch):
    """With more voltage first, or the fake chip complains."""
    chip = fake_machine.install(monkeypatch)
    module = boards.load(board_id)
    module.connect()
    assert module.CLOCK_HZ == 200_000_000
    assert [event for event in chip.events if event[0] == "clock"] == [("clock", 0, module.CLOCK_HZ)]
