import gc
import json
import sys

from booting import FOR_START, FUSE, boot

from checks import equal
from fairamp.settings import Settings
from fairamp_box import start


def test_a_change_while_it_runs_is_kept_and_its_tables_are_forgotten():
    made = []

    class Watched(Settings):
        def __init__(self, **given):
            super().__init__(**given)
            made.append(self)

    def change(board):
        real = board.read_pilot

        def read_pilot(codes):
            board.read_pilot = real
            gc.collect()  # as whoever waits for a good moment has it
            equal(made[0].change({"charger": {"limit": 10}}, 2), ([], []))
            equal(made[0].change({"charger": {"limit": 1}}, 2)[1], [])
            equal([name for name in FOR_START if name in sys.modules], [])
            with open("settings.json") as file:
                equal(json.load(file)["charger"], {"leakage": "contact", "limit": 10})
            raise KeyboardInterrupt

        board.read_pilot = read_pilot
        start.main(board)

    start.Settings = Watched
    try:
        wires, _ = boot(FUSE + ', "charger": {"leakage": "contact"}}', change)
    finally:
        start.Settings = Settings
    equal((wires.contactor, wires.resets, made[0]["charger.limit"]), (False, 1, 10000))
