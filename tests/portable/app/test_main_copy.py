"""A box whose settings file is damaged starts from its copy, and makes a new copy where there is none."""

import os
import sys

from booting import boot

from checks import equal
from fairamp.settings import Settings
from fairamp_box import start
from fairamp_box.io import store
from fairamp_box.io.log import Log

WHOLE = store.sealed({"site": {"fuse": [16, 16, 16]}, "charger": {"leakage": "contact", "max": 13}})


def run(text, copy=None):
    """(maximum of the charger, the lines of the log about settings, the copy) of a box that starts from these files."""
    told, made, found = [], [], []
    if copy is not None:
        with open(store.COPY_FILE, "wb") as file:
            file.write(copy)

    class Watched(Settings):
        def __init__(self, **given):
            super().__init__(**given)
            made.append(self)

    def once(board):
        def read_pilot(codes):
            if store.COPY_FILE in os.listdir():
                with open(store.COPY_FILE, "rb") as file:
                    found.append(file.read())
            raise KeyboardInterrupt

        board.read_pilot = read_pilot
        start.main(board)

    before = start.Settings, start.Log
    start.Settings, start.Log = Watched, lambda clock: Log(clock, told.append)
    try:
        boot(text.decode(), once)
    finally:
        start.Settings, start.Log = before
    return made[0]["charger.max"], [line for line in told if " settings: " in line], found


def test_a_damaged_file_is_told_and_the_copy_holds():
    most, told, _ = run(WHOLE.replace(b"{", b"x"), WHOLE)
    equal((most, len(told)), (13000, 1))
    assert "damaged, its copy counts" in told[0], told


def test_a_copy_that_is_missing_or_old_is_made_anew_at_the_start():
    if sys.maxsize <= 0x7FFFFFFF:
        return  # a small memory has room for one start in a file of tests: a chip is reset in between
    old = store.sealed({"site": {"fuse": [35, 35, 35]}})
    for copy in (None, old):
        equal(run(WHOLE, copy), (13000, [], [WHOLE]))
