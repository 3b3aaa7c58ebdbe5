"""A box whose settings are wrong: nothing charges, it tells why, and takes a better file."""

import json
import os

from safe_box import WRONG, SafeBox

from checks import equal
from fairamp_box.safe_mode import NOT_STARTED


def test_a_wrong_fuse_keeps_the_box_from_charging_and_is_told_again_and_again():
    async def story(box):
        wires = box.wires
        await box.until(lambda: box.told(NOT_STARTED) >= 2)
        # A car is there, both meters answer.
        equal((wires.contactor, wires.duty, wires.closures), (False, 10000, 0))
        assert wires.fed > 20 and box.told("readings arrive") == 2, box.log.entries
        for text in (
            "[site] fuse: 25 is not possible; allowed: three numbers from 6 to 1000 A",
            "[site] voltage: 9 is not possible",
            '{"site": {"fuse": [25, 25, 25]}, "charger": {"max": 16, "leakage": "contact"}}',
            NOT_STARTED,
        ):
            equal((box.told(text), text), (2, text))
        # What is right by itself holds, and nobody lifts the limit of safe mode.
        app = box.safe._app
        equal((app.settings["charger.max"], app.settings["site.fuse"]), (20000, [25000, 25000, 25000]))
        app.box.managers.point("teltocharge", 0).write(16000)
        app.box.point.session.start()
        await box.clock.sleep(3000)
        equal((wires.contactor, wires.closures), (False, 0))

    box = SafeBox()
    box.run(json.dumps(WRONG), story)
    # Ctrl-C leads to the prompt, by way of a reset.
    equal((box.wires.resets, "hold" in os.listdir(), box.wires.watchdog_ms), (1, True, 5000))
