"""Whoever sends a box in safe mode a better file gets his answer before it restarts."""

import asyncio

from safe_box import RIGHT

from checks import equal
from fairamp.settings import Settings
from fairamp_box.safe_mode import SafeMode
from fairamp_box.start import store

# For a page on a slow network.
LEAST_MS = 500


class Clock:
    def __init__(self, app):
        self._app = app
        self.waited = 0

    async def sleep(self, ms):
        equal(self._app.box.restart_for, "")
        self.waited += ms


class App:
    def __init__(self):
        # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
        from fairamp.box import Box

        self.settings = Settings(store=store)
        self.settings.board = (True, True, 3, None)
        self.box = Box(self.settings)
        self.clock = Clock(self)
        self.inlets = []
        self.tasks = []

    def start(self, run, name):
        self.tasks.append(run)


class Board:
    has_leakage = True


def test_the_answer_is_on_its_way_before_the_restart():
    app = App()
    safe = SafeMode(["wrong"], "", dict(app.settings.values), Board(), lambda where, text: None)
    safe.enter(app)
    (path, take, _), before = app.inlets[0], len(app.tasks)
    equal((path, take(RIGHT), len(app.tasks), app.box.restart_for), ("/api/settings", None, before + 1, ""))
    asyncio.run(app.tasks[-1]())
    assert app.clock.waited >= LEAST_MS, app.clock.waited
    equal(app.box.restart_for, "http")
