import os
import sys

from booting import FOR_START, FUSE, boot

from checks import equal
from fairamp.settings import Settings
from fairamp_box.io.store import load_settings
from fairamp_box.safe_mode import example
from fairamp_box.start import main


def test_files_that_are_no_settings():
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
        assert told(settings, True)[0], settings


def test_the_defaults_of_a_board_stand_below_its_settings():
    push = FUSE + ', "charger": {"leakage": "none"}, "meter": {"model": "push"}%s}'
    defaults = {"web": {"port": 0}}

    def without_web(board):
        settings = Settings()
        settings.load(defaults, "board")
        (error,) = load_settings(settings)
        assert "push takes values over the network" in error, error

    def with_web(board):
        settings = Settings()
        settings.load(defaults, "board")
        equal((load_settings(settings), settings["web.port"]), ([], 8080))

    boot(push % "", without_web)
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


def test_what_is_told_to_write_is_what_the_board_asks_for():
    for leakage, word in ((True, "contact"), (False, "none")):
        equal(told("{" + example(leakage).split("{", 1)[1], leakage), ([], word))
    # Who copies it without a look at the sensor would have a box that waits for one.
    assert '"none" where no sensor is wired' in example(True) and "none" not in example(False)


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
