"""A box that runs on stand-ins, for a while."""

import asyncio

from checks import equal
from standin import Wires

SPEED = 10


def start(charger=None, **meter):
    """(its wires, the box) with these settings."""
    # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
    from boards.twin import TwinBoard
    from fairamp.settings import Settings
    from fairamp_box.app import App
    from fairamp_box.io.clock import Clock
    from fairamp_box.io.log import Log

    wires = Wires()
    clock = Clock(SPEED)
    settings = Settings()
    equal(settings.load({"meter": meter, "charger": charger or {}}, "test"), [])
    return wires, App(TwinBoard(wires), settings, clock, Log(clock, lambda line: None))


async def limited(app, seconds):
    try:
        await app.clock.within(1000 * seconds, app.run())
    except asyncio.TimeoutError:
        pass
