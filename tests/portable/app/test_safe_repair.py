"""A box in safe mode takes a better file."""

import json

from safe_box import RIGHT, SMALL, WRONG, SafeBox, content

from checks import equal


def test_a_better_file_is_taken_and_with_it_the_box_charges():
    async def repair(box):
        await box.clock.sleep(2000)
        errors = box.safe.take({"site": {"fuse": [25, 25], "colour": 1}, "charger": {"leakage": "contact"}})
        equal((len(errors), content()), (2, WRONG))
        # What was right in the old file still holds.
        equal(box.safe._app.settings["charger.max"], 20000)
        equal(box.safe.take(RIGHT), None)
        equal(content(), RIGHT)
        equal(box.wires.resets, 0)  # whoever has sent it gets his answer first
        await box.until(lambda: box.wires.resets)
        equal((box.wires.resets, box.wires.closures), (1, 0))

    async def charges(box):
        await box.until(lambda: box.wires.duty == 3333 and box.wires.contactor)
        equal(box.safe, None)

    SafeBox().run(json.dumps(WRONG), repair)
    if not SMALL:
        SafeBox().run(json.dumps(content()), charges)
