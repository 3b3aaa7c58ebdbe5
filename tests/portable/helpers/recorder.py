"""The control loop of a box on wires that remember what it did."""

import asyncio

from standin import Wires


class Recorder(Wires):
    """Wires that remember what the box did."""

    cts = 0
    has_phase_relay = True

    def __init__(self):
        self.done = []
        Wires.__init__(self)

    def phase_relay_changed(self, three):
        self.done.append(("relay", three))

    def lock_changed(self, on):
        self.done.append(("lock", on))

    def trip_changed(self, on):
        self.done.append(("trip", on))

    def light_changed(self, colour):
        self.done.append(("light", colour))


def make():
    """(wires, box, clock, control), which does not run yet."""
    # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
    from boards.twin import TwinBoard
    from fairamp.box import Box
    from fairamp.settings import Settings
    from fairamp_box.control import Control
    from fairamp_box.io.clock import Clock

    wires = Recorder()
    board = TwinBoard(wires)
    settings = Settings()
    box = Box(settings, phase_relay=True)
    clock = Clock(10)
    control = Control(board, box, clock, lambda where, text: None)
    return wires, box, clock, control


def run(control, clock, ms, act=None):
    """For so long; then, if there is something to do, that, and as long again."""

    async def all_of_it():
        task = asyncio.create_task(control.run())
        await clock.sleep(ms)
        if act:
            act()
            await clock.sleep(ms)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass

    asyncio.run(all_of_it())
