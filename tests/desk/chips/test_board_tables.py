"""The table of pins of every board: complete, reachable with a wire, and with the parts that it should have."""

import pytest

from boards import pico
from fairamp_desk.chips import memory
from fairamp_desk.commands import boards
from fairamp_desk.errors import UsageError
from tests.desk.chips.board_parts import changed

# What can be reached with a wire, and the light that is on the board.
EDGES = {
    "pico": {*range(23), 26, 27, 28, 25},
    "pico_w": {*range(23), 26, 27, 28, "LED"},
    "pico2": {*range(23), 26, 27, 28, 25},
    "pico2_w": {*range(23), 26, 27, 28, "LED"},
    "rp2040_zero": {*range(16), 26, 27, 28, 29, 16},
    "esp32_devkitc": {*range(20), 21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 39},
    "esp32_wrover": {*range(16), 18, 19, 21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 39},
    "esp32s3_devkitc": {*range(22), *range(35, 49)},
}


def test_a_board_whose_memory_is_not_known_is_told(monkeypatch):
    # A row that is taken out and put back would stand last, and pages are made in the order of the table.
    monkeypatch.setattr(memory, "FREE", {name: row for name, row in memory.FREE.items() if name != "pico"})
    with pytest.raises(UsageError, match=r"pico: no row in FREE of fairamp_desk.*memory_table: how much heap"):
        boards.load("pico")
    # What its pins cannot do is told all the same.
    pins = [(role, 30 if role == "shed" else gpio, wiring) for role, gpio, wiring in pico.PINS]
    monkeypatch.setattr(pico, "PINS", tuple(pins))
    with pytest.raises(UsageError) as error:
        boards.load("pico")
    first, second = str(error.value).splitlines()
    assert first == "boards: pico: shed at pin 30: rp2040 has no such pin"
    assert second.startswith("boards: pico: no row in FREE")


def test_the_boards_are_found():
    assert set(boards.BOARDS) == set(EDGES), "EDGES names the pins of each board that a wire can reach"


@pytest.mark.parametrize("board_id", boards.BOARDS)
def test_a_board_passes_the_check(board_id):
    assert boards.check(boards.load(board_id)) == []
    assert boards.check(changed(board_id)) == []


@pytest.mark.parametrize("board_id", boards.BOARDS)
def test_a_board_uses_pins_that_a_wire_can_reach(board_id):
    assert {gpio for _, gpio, _ in boards.load(board_id).PINS} <= EDGES[board_id]


@pytest.mark.parametrize("board_id", boards.BOARDS)
def test_the_note_names_the_pins_that_keep_a_resetting_box_safe(board_id):
    board = boards.load(board_id)
    gpio = {role: pin for role, pin, _ in board.PINS}
    wiring = {role: text for role, _, text in board.PINS}
    for role in ("contactor", "pilot_pwm"):
        assert f"at pin {gpio[role]} " in board.NOTE
    ohm = "4.7 k" if board.CHIP == "rp2350" else "10 k"  # early chips leak
    assert f"the {ohm} resistor at pin {gpio['contactor']} " in board.NOTE
    for role in {"contactor", "phase_relay", "trip", "lock"}.intersection(wiring):
        assert f", {ohm} to GND" in wiring[role], role
    assert "10 k to 3V3" in wiring["pilot_pwm"]
    assert "Do not leave them out" in board.NOTE


@pytest.mark.parametrize("board_id", boards.BOARDS)
def test_the_wiring_says_what_to_do_without_a_part(board_id):
    """An input that nothing is wired to would keep the box from charging."""
    wiring = {role: text for role, _, text in boards.load(board_id).PINS}
    instead = {
        "proximity_adc": "fixed cable: 220 ohm to GND for 32 A",
        "leakage": "if none: charger.leakage = none",
        "leakage_error": "a sensor without one: a wire to GND",
        "output_live": "without such a part: delete this row",
        "locked": "without a lock: a wire to GND",
    }
    for role in instead.keys() & wiring.keys():
        assert instead[role] in wiring[role], role


def test_the_optional_parts_of_each_board():
    required = set(boards.REQUIRED)
    parts = {name: {role for role, _, _ in boards.load(name).PINS} - required for name in boards.BOARDS}
    guards = {"leakage", "leakage_error", "output_live", "trip", "lock", "locked"}
    common = {"phase_relay", "ct_l1", "ct_l2"}
    assert parts["pico"] == parts["pico_w"] == parts["pico2"] == parts["pico2_w"] == common | guards | {"light"}
    assert parts["rp2040_zero"] == common | guards - {"locked"} | {"ct_l3", "rgb_light"}
    assert parts["esp32s3_devkitc"] == common | guards | {"ct_l3", "rgb_light", "proximity_adc"}
    assert parts["esp32_devkitc"] == parts["esp32_wrover"] == common | {"ct_l3", "light", "proximity_adc"}


@pytest.mark.parametrize("board_id", ["pico", "pico_w", "pico2", "pico2_w"])
def test_a_pico_says_that_three_phases_need_a_meter(board_id):
    assert "three phases needs a Modbus meter or a P1 port" in boards.load(board_id).NOTE
