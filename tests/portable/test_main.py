import os
import sys

from booting import FOR_START, FUSE, boot

from boards.twin import TwinBoard
from checks import equal
from fairamp.settings import Settings
from fairamp_box import not_started
from fairamp_box.io.store import load_settings
from fairamp_box.not_started import example
from fairamp_box.start import main
from standin import Wires


class Watched(TwinBoard):
    """Somebody presses Ctrl-C when its light goes on."""

    def __init__(self, wires):
        super().__init__(wires)
        self.lights = []

    def set_light(self, on):
        self.lights.append(on)
        if on:
            raise KeyboardInterrupt


def test_no_settings_no_charging():
    sensor = ', "charger": {"leakage": "contact"}}'
    for settings in (
        None,
        "{",
        "[]",
        "{}",
        '{"site": {"fuse": 25}' + sensor,
        '{"site": {"voltage": 230}' + sensor,
        FUSE + "}",
        FUSE + ', "charger": {"leakage": "maybe"}}',
        FUSE + ', "charger": {"leakage": true}}',
        FUSE + ', "charger": 5}',
    ):
        wires, _ = boot(settings, lambda board: waits(board._wires))
        equal((wires.duty, wires.contactor, wires.watchdog_ms, wires.fed), (10000, False, None, 0))


def waits(wires, defaults=None):
    """It waits for Ctrl-C with a light that blinks, and is at the prompt then: no mark, no reset."""
    board = Watched(wires)
    main(board, defaults or {})
    equal((board.lights, wires.resets, "hold" in os.listdir()), ([True, False], 0, False))


class HalfMinute:
    """Time that passes at once, until somebody presses Ctrl-C."""

    def __init__(self):
        self.seconds = 0

    def sleep(self, seconds):
        self.seconds += seconds
        if self.seconds > 30:
            raise KeyboardInterrupt


def test_a_box_without_settings_says_so_again_and_again():
    """In a log of any length there is a place that tells what is wrong."""
    lines = []
    real, not_started.time = not_started.time, HalfMinute()
    try:
        not_started.tell(["fuse is missing"], TwinBoard(Wires()), lambda where, text: lines.append(text))
    finally:
        not_started.time = real
    equal(len([line for line in lines if line == "fuse is missing"]), 4)
    equal(len([line for line in lines if line.startswith("not started")]), 4)


def test_the_defaults_of_a_board_stand_below_its_settings():
    push = FUSE + ', "charger": {"leakage": "none"}, "meter": {"model": "push"}%s}'
    defaults = {"web": {"port": 0}}

    def with_radio(board):
        board._wires.has_wifi = True
        waits(board._wires, defaults)

    def with_web(board):
        settings = Settings()
        settings.load(defaults, "board")
        equal((load_settings(settings), settings["web.port"]), ([], 8080))

    boot(push % "", with_radio)
    boot(push % ', "web": {"port": 8080}', with_web)


def told(text, leakage):
    """What is wrong with a settings file, and what holds then for the sensor."""
    settings = Settings()
    found = []
    boot(text, lambda board: found.extend(load_settings(settings, leakage=leakage)))
    return found, settings["charger.leakage"]


def test_whether_there_is_a_leakage_sensor_has_to_be_named():
    for word in ("contact", "none"):
        equal(told(FUSE + ', "charger": {"leakage": "' + word + '"}}', True), ([], word))
    for text, count in ((None, 3), ("{}", 2), (FUSE + "}", 1), (FUSE + ', "charger": {"leakage": "None"}}', 2)):
        errors, _ = told(text, True)
        equal(len(errors), count)
        for part in ("[charger] leakage must be named", '"contact" where a sensor', '"none" where no sensor is'):
            assert part in errors[-1], errors


def test_a_board_without_that_input_has_no_sensor():
    for text in (FUSE + "}", FUSE + ', "charger": {"leakage": "none"}}'):
        equal(told(text, False), ([], "none"))
    (error,), _ = told(FUSE + ', "charger": {"leakage": "contact"}}', False)
    assert "[charger] leakage: this board has no input for a sensor" in error, error

    def bare(board):
        board._wires.has_leakage = False
        waits(board._wires)

    wires, _ = boot(FUSE + ', "charger": {"leakage": "contact"}}', bare)
    equal((wires.duty, wires.contactor, wires.fed), (10000, False, 0))


def test_what_is_told_to_write_is_what_the_board_asks_for():
    for leakage, word in ((True, "contact"), (False, "none")):
        equal(told("{" + example(leakage).split("{", 1)[1], leakage), ([], word))


def interrupted(board):
    """Ctrl-C while it runs."""
    real = board.read_pilot
    looks = []

    def read_pilot(codes):
        looks.append(1)
        left = [name for name in FOR_START if name in sys.modules]
        equal(left, [])
        if len(looks) == 5:
            raise KeyboardInterrupt
        return real(codes)

    board.read_pilot = read_pilot
    main(board)


def test_ctrl_c_makes_safe_resets_and_then_holds():
    def twice(board):
        interrupted(board)
        assert "hold" in os.listdir()
        equal(board._wires.resets, 1)
        main(board)

    wires, files = boot(FUSE + ', "charger": {"leakage": "contact"}}', twice)
    # The second start found the mark: it removed it, started nothing and did not reset.
    equal(files, ["settings.json"])
    equal((wires.duty, wires.contactor, wires.watchdog_ms, wires.resets), (10000, False, 5000, 1))
