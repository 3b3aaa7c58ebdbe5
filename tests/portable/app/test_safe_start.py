"""Safe mode where there is no file, or none that says anything."""

from safe_box import SMALL, SafeBox

from checks import equal
from fairamp.light import YELLOW
from fairamp_box.safe_mode import NOT_STARTED, example
from standin import Wires


def nothing_charges(text, *errors):
    async def story(box):
        await box.clock.sleep(8000)
        equal((box.wires.contactor, box.wires.duty), (False, 10000))
        for error in errors + (NOT_STARTED,):
            assert box.told(error), (error, box.log.entries)

    box = SafeBox()
    box.run(text, story)
    return box


def test_a_missing_file():
    nothing_charges(None, "settings.json: missing", "[site] fuse is missing", "[charger] leakage must be named")


def test_a_file_that_is_no_json():
    if SMALL:
        return  # see SafeBox
    nothing_charges("fuse = 25", "settings.json: not a JSON object")


def test_a_board_without_radio_and_without_that_input_serves_its_line():
    if SMALL:
        return  # see SafeBox

    class Bare(Wires):
        has_leakage = False

        def __init__(self):
            super().__init__()
            self.lights = []

        def light_changed(self, colour):
            self.lights.append(colour)

    async def story(box):
        lights = box.wires.lights
        # It blinks.
        await box.until(lambda: lights.count(YELLOW) >= 3 and lights.count(0) >= 3)
        equal((box.wires.contactor, box.wires.duty, box.safe._app.network), (False, 10000, None))
        assert box.told(example(False)), box.log.entries
        served = box.safe._app.control._heap._served
        equal(served._port is box.wires.ems_port, True)

    wires = Bare()
    SafeBox(wires).run('{"site": {"fuse": 1}, "wifi": {"name": "home"}}', story)


def test_files_that_are_too_much_for_a_chip():
    if SMALL:
        return  # see SafeBox, and test_what_is_nested_without_end_is_told_and_not_shown
    nothing_charges('{"site": {"fuse": ' + "[" * 3000 + "]" * 3000 + "}}", "settings.json: not valid JSON")
    nothing_charges("[" * 8000, "settings.json: not a JSON object")
    keys = ", ".join(['"key' + str(number) + '": 1' for number in range(500)])
    nothing_charges('{"site": {' + keys + "}}", "and perhaps more; mend these first")


def test_a_memory_that_is_too_small_for_the_file():
    if SMALL:
        return  # see SafeBox
    from fairamp_box.io import store

    def fail(*given, **named):
        raise MemoryError

    real, store.load_settings = store.load_settings, fail
    try:
        nothing_charges('{"site": {"fuse": [25, 25, 25]}}', "more than this board can check in its memory")
    finally:
        store.load_settings = real
