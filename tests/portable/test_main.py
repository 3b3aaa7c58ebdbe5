import os

from boards.twin import TwinBoard
from checks import equal
from fairamp_box.start import main
from standin import Wires


def boot(settings, run):
    """main() with the given settings file, in the empty folder that every run of tests has."""
    wires = Wires()
    if settings is not None:
        with open("settings.json", "w") as file:
            file.write(settings)
    try:
        run(TwinBoard(wires))
        return wires, [name for name in FILES if name in os.listdir()]
    finally:
        for name in FILES:
            if name in os.listdir():
                os.remove(name)


FILES = ("hold", "settings.json")


def test_no_settings_no_charging():
    for settings in (None, "{", "[]", "{}", '{"site": {"fuse": 25}}', '{"site": {"voltage": 230}}'):
        wires, _ = boot(settings, main)
        equal((wires.duty, wires.contactor, wires.watchdog_ms, wires.fed), (10000, False, None, 0))


def test_ctrl_c_makes_safe_resets_and_then_holds():
    def interrupted(board):
        real = board.read_pilot
        looks = []

        def read_pilot(codes):
            looks.append(1)
            if len(looks) == 5:
                raise KeyboardInterrupt
            return real(codes)

        board.read_pilot = read_pilot
        main(board)

    def twice(board):
        interrupted(board)
        assert "hold" in os.listdir()
        equal(board._wires.resets, 1)
        main(board)

    wires, files = boot('{"site": {"fuse": [16, 16, 16]}}', twice)
    # The second start found the mark: it removed it, started nothing and did not reset.
    equal(files, ["settings.json"])
    equal((wires.duty, wires.contactor, wires.watchdog_ms, wires.resets), (10000, False, 5000, 1))
