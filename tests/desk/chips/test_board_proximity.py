"""The proximity contact of every board: which cable is in the socket."""

import pytest

from fairamp.charging import pilot
from fairamp_desk.commands import boards
from tests.desk.chips import fake_stream
from tests.desk.chips.board_parts import changed, driver


@pytest.fixture(params=["rp2040", "esp32"])
def socket(request, chip):
    """A board with a proximity contact, and the pin of it; one for each driver."""
    board_id, pins = {"rp2040": ("pico", {"ct_l2": None}), "esp32": ("esp32_devkitc", {})}[request.param]
    extra = [("proximity_adc", 28, "instead of ct_l2")] if board_id == "pico" else []
    module = changed(board_id, pins, extra)
    assert boards.check(module) == []
    gpio = {role: pin for role, pin, _ in module.PINS}
    return driver(module).Board(module.NAME, module.PINS, False), gpio["proximity_adc"]


def contact_microvolts(ohm):
    """Of a resistor to ground below 1 k to 3.3 V, from first principles."""
    return round(3.3e6 * ohm / (1000 + ohm))


@pytest.mark.parametrize("ohm, ma", [(1500, 13000), (680, 20000), (220, 32000), (100, 63000)])
def test_proximity_resistors(socket, chip, ohm, ma):
    board, pin = socket
    for exact in (ohm, ohm * 0.97, ohm * 1.03):
        chip.microvolts[pin] = contact_microvolts(exact)
        fake_stream.pass_time(1000)
        assert abs(board.proximity_ohm() - exact) <= exact * 0.02
        assert pilot.cable(board.proximity_ohm()) == ma


# The converter of an ESP32 ends at 3.1 V.
@pytest.mark.parametrize("microvolts", [contact_microvolts(4600), 3100000, 3290000, 3300000, 3400000])
def test_no_cable(socket, chip, microvolts):
    board, pin = socket
    chip.microvolts[pin] = microvolts
    fake_stream.pass_time(1000)
    assert board.proximity_ohm() >= pilot.NO_CABLE_OHM
    assert pilot.cable(board.proximity_ohm()) == pilot.NO_CABLE


@pytest.mark.parametrize("ohm", [0, 10, 50, 350, 1000, 3000])
def test_no_cable_has_such_a_resistor(socket, chip, ohm):
    board, pin = socket
    chip.microvolts[pin] = contact_microvolts(ohm)
    fake_stream.pass_time(1000)
    assert pilot.cable(board.proximity_ohm()) == pilot.CABLE_FAULT


@pytest.mark.parametrize("failing", range(8))
def test_proximity_despite_readings_that_came_to_nothing(chip, failing):
    module = boards.load("esp32_devkitc")
    board = module.connect()
    chip.microvolts[36] = contact_microvolts(220)
    chip.failing = failing
    assert pilot.cable(board.proximity_ohm()) == 32000
    assert chip.failing == 0


def test_a_proximity_contact_that_cannot_be_read_is_a_fault(chip):
    board = boards.load("esp32s3_devkitc").connect()
    chip.microvolts[8] = contact_microvolts(220)
    chip.failing = 1000
    assert board.proximity_ohm() == 0
    assert pilot.cable(0) == pilot.CABLE_FAULT
    chip.failing = 0
    assert pilot.cable(board.proximity_ohm()) == 32000


def test_proximity_of_each_board(wired, chip):
    _, board, gpio = wired
    if "proximity_adc" not in gpio:
        assert board.proximity_ohm() is None
        return
    chip.microvolts[gpio["proximity_adc"]] = contact_microvolts(680)
    assert pilot.cable(board.proximity_ohm()) == 20000
