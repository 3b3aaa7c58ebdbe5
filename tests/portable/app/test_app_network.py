"""A box whose network does not fit charges without it."""

import asyncio
import sys

from running import SPEED, limited

from boards.twin import TwinBoard
from checks import equal
from fairamp.settings import Settings
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log
from standin import Wires

NAME = "fairamp_box.network"


class Radio(Wires):
    has_wifi = True


class TooBig:
    """In the place of the module of the network."""

    @staticmethod
    def Network(app, doors):
        raise MemoryError("no room")


def test_a_network_that_does_not_fit_is_told_and_the_box_charges():
    # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
    from fairamp_box.app import App

    wires, clock, settings = Radio(), Clock(SPEED), Settings()
    sections = {"wifi": {"name": "home"}, "web": {"port": 0}, "ems": {"teltocharge_port": 0}}
    equal(settings.load(sections, "test"), [])
    before = sys.modules.get(NAME)
    sys.modules[NAME] = TooBig
    try:
        app = App(TwinBoard(wires), settings, clock, Log(clock, lambda line: None))
    finally:
        del sys.modules[NAME]
        if before:
            sys.modules[NAME] = before
    equal(app.network, None)
    told = [line for line in app.log.entries if " network: left out: MemoryError" in line]
    assert len(told) == 1 and told[0].endswith("switch off what takes memory"), app.log.entries
    seen = []

    async def look():
        await clock.sleep(12000)
        seen.append((wires.duty, wires.contactor))

    async def all_of_it():
        looking = asyncio.create_task(look())
        await limited(app, 13)
        await looking

    asyncio.run(all_of_it())
    equal(seen, [(3333, True)])
