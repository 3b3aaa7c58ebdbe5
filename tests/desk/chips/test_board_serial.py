"""The serial ports of every board: their UARTs, and the driver that is on only while it sends."""

import pytest

from fairamp_desk.commands import boards
from tests.desk.chips import fake_stream


@pytest.mark.parametrize("name", ["meter", "ems"])
def test_serial_port(wired, chip, name):
    module, board, gpio = wired
    port = getattr(board, name + "_port")
    uart = only_port(chip, gpio, name)
    groups = boards.CHIPS[module.CHIP]["uart_tx"]
    number = boards.group_of(gpio[name + "_tx"], groups) if groups else {"meter": 1, "ems": 2}[name]
    assert uart.number == number
    assert (uart.rxbuf, uart.timeout) == (512, 0)
    assert uart.txbuf >= 256

    port.init(19200, 0, 2)
    uart = only_port(chip, gpio, name)
    assert uart.settings == (19200, 8, 0, 2)
    assert (uart.rxbuf, uart.timeout) == (512, 0)
    port.init(9600, None, 1)
    uart = only_port(chip, gpio, name)
    assert uart.settings == (9600, 8, None, 1)

    buffer = bytearray(8)
    assert port.any() == 0
    assert port.readinto(buffer) is None
    uart.waiting = b"abc"
    assert port.any() == 3
    assert port.readinto(buffer) == 3
    assert buffer[:3] == b"abc"
    uart.waiting = b"0123456789"
    assert port.readinto(buffer) == 8
    assert port.any() == 2

    assert port.stream is uart


@pytest.mark.parametrize("baud, parity", [(9600, None), (19200, 0), (1200, None)])
@pytest.mark.parametrize("length", [1, 8, 256])
@pytest.mark.parametrize("name", ["meter", "ems"])
def test_the_driver_is_on_while_it_sends_and_off_within_a_millisecond(wired, chip, name, length, baud, parity):
    """Without anybody looking at it."""
    module, board, gpio = wired
    port, pin = getattr(board, name + "_port"), gpio[name + "_de"]
    port.init(baud, parity, 1)
    uart = only_port(chip, gpio, name)
    for late_us in (0, 150) if module.CHIP.startswith("esp32") else (0, 150, 40000):
        uart.late_us, uart.sent = late_us, b""
        assert chip.level(pin) == 0 and port.sent()
        port.send(memoryview(bytes(length)))
        assert uart.sent == bytes(length)
        while not uart.txdone():
            assert chip.level(pin) == 1 and not port.sent()
            fake_stream.pass_time(100)
        if module.CHIP.startswith("esp32"):
            late_us = 0  # how late the UART begins is not known to the pulse
        fake_stream.pass_time(800)
        assert chip.level(pin) == 0 and port.sent()


def test_a_driver_that_does_not_end_can_be_switched_off(chip):
    board = boards.load("pico").connect()
    port = board.meter_port
    chip.ports[0].late_us = 1e9
    port.send(b"12345678")
    fake_stream.pass_time(100000)
    assert chip.level(2) == 1 and not port.sent()
    port.listen()
    fake_stream.pass_time(100000)
    assert chip.level(2) == 0 and port.sent()


def test_a_line_that_nobody_drives_is_held(wired, chip):
    _, _, gpio = wired
    for role in ("meter_rx", "ems_rx"):
        assert ("in", gpio[role], chip.Pin.PULL_UP) in chip.events


def only_port(chip, gpio, name):
    (uart,) = [port for port in chip.ports.values() if port.pins == (gpio[name + "_tx"], gpio[name + "_rx"])]
    return uart


@pytest.mark.parametrize("pin", range(30))
def test_the_driver_knows_the_uart_of_every_pin(chip, pin):
    group = boards.group_of(pin, boards.CHIPS["rp2040"]["uart_tx"])
    if group is not None:
        board = boards.load("pico").connect()
        assert board._port("meter", pin, 1, 2)._uart.number == group
