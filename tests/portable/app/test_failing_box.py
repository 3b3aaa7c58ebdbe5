"""A box whose program fails restarts and says why; after three times in a row it stays in safe mode."""

from booting import boot
from empty_folder import empty
from safe_box import SMALL

from checks import equal
from fairamp_box import start
from fairamp_box.keeping.boots import MOST_FAILURES

SETTINGS = '{"site": {"fuse": [16, 16, 16]}, "charger": {"leakage": "contact", "max": 16}}'


class Failing:
    """What a box is while its control loop fails; `seen`: (safe mode?, why it started) of each start."""

    def __init__(self, error):
        self.error = error
        self.seen = []

    def main(self, board):
        from fairamp_box.app import App

        real = App.run

        async def run(app):
            self.seen.append((bool(app.box.wrong_settings), app.box.boot_reason))
            app.control._apply(5000, True)
            raise self.error

        App.run = run
        try:
            start.main(board)
        finally:
            App.run = real

    def start(self):
        wires, _ = boot(SETTINGS, self.main)
        return wires


def test_what_failed_is_the_reason_of_the_next_start_and_the_outputs_are_safe():
    empty("kept")
    box = Failing(ValueError("broken here"))
    for count in range(1 if SMALL else MOST_FAILURES + 1):
        wires = box.start()
        equal((wires.contactor, wires.duty, wires.resets), (False, 10000, 1))
        assert len(box.seen) == count + 1
    equal(box.seen[0], (False, "power on"))
    for _, reason in box.seen[1:]:
        assert "broken here" in reason, box.seen
    if not SMALL:
        equal([safe for safe, _ in box.seen], [False] * MOST_FAILURES + [True])
