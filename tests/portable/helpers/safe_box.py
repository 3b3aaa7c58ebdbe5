"""A box that starts from a settings file as a chip does, and somebody who watches it for a while."""

import asyncio
import json
import os
import sys

from booting import FILES

from boards.twin import TwinBoard
from fairamp_box import safe_mode, start
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log
from standin import Wires

SMALL = sys.maxsize <= 0x7FFFFFFF
SPEED = 10
WRONG = {"site": {"fuse": 25, "voltage": 9}, "charger": {"leakage": "contact", "max": 20}}
RIGHT = {"site": {"fuse": [25, 25, 25]}, "charger": {"leakage": "contact", "max": 20}}


def content():
    """Of the file, without its sum."""
    with open("settings.json") as file:
        found = json.load(file)
    found.pop("sum", None)
    return found


class SafeBox:
    """`wires`, `log`, `clock`, and `safe`: None when it runs as usual.

    A small memory has room for one start in a file of tests: a chip is reset in between.
    """

    def __init__(self, wires=None):
        self.wires = wires or Wires()
        self.safe = None

    def told(self, text):
        return len([line for line in self.log.entries if text in line])

    async def until(self, holds):
        for _ in range(600):
            if holds():
                return
            await self.clock.sleep(100)
        raise AssertionError("did not come true: " + repr(self.log.entries))

    def run(self, text, story, defaults=None):
        """Writes the file, None = there is none, and starts. Somebody presses Ctrl-C at the end of the story."""
        for name in FILES:
            if name in os.listdir():
                os.remove(name)
        if text is not None:
            with open("settings.json", "w") as file:
                file.write(text)
        wrong = []
        board = TwinBoard(self.wires)
        real = board.read_pilot

        async def all_of_it():
            try:
                await story(self)
            except Exception as error:
                wrong.append(error)
            board.read_pilot = interrupt

        def read_pilot(codes):
            board.read_pilot = real
            self.story = asyncio.create_task(all_of_it())
            return real(codes)

        def interrupt(codes):
            raise KeyboardInterrupt

        board.read_pilot = read_pilot
        self._start(board, defaults or {})
        if wrong:
            raise wrong[0]

    def _start(self, board, defaults):
        before = start.Clock, start.Log, safe_mode.SafeMode

        def clock():
            self.clock = Clock(SPEED)
            return self.clock

        def log(clock):
            self.log = Log(clock, lambda line: None)
            return self.log

        def safe(*given):
            self.safe = before[2](*given)
            return self.safe

        start.Clock, start.Log, safe_mode.SafeMode = clock, log, safe
        try:
            start.main(board, defaults)
        finally:
            start.Clock, start.Log, safe_mode.SafeMode = before
