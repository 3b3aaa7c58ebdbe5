"""The power fails while a box in safe mode writes a better file."""

import json
import os

from safe_box import RIGHT, WRONG, SafeBox, content

from checks import equal


class PowerCut(Exception):
    pass


def test_a_power_cut_while_it_is_written_leaves_the_wrong_file():
    async def story(box):
        def fail(old, new):
            raise PowerCut

        class Os:
            rename = staticmethod(fail)
            stat = staticmethod(os.stat)

        await box.clock.sleep(1000)
        from fairamp_box.io import store

        real, store.os = store.os, Os
        box.safe._app.settings.store = lambda: store
        try:
            box.safe.take(RIGHT)
            raise AssertionError("the power did not fail")
        except PowerCut:
            pass
        finally:
            store.os = real
        equal(content(), WRONG)
        equal((box.safe.take(RIGHT), content()), (None, RIGHT))

    SafeBox().run(json.dumps(WRONG), story)
    assert "settings.new" not in os.listdir()
