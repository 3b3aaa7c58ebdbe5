"""A box that starts as a chip starts it, with a settings file in the folder of the test."""

import os

from boards.twin import TwinBoard
from standin import Wires

FILES = ("hold", "settings.json", "settings.bak")
FUSE = '{"site": {"fuse": [16, 16, 16]}'
# What is forgotten once the box runs.
FOR_START = (
    "fairamp.features",
    "fairamp.settings.kinds",
    "fairamp.settings.table",
    "fairamp.settings.checking",
    "fairamp.settings.wiring",
    "fairamp.settings.site",
    "fairamp.settings.charger",
    "fairamp.sharing.mappings",
    "fairamp.meters",
    "fairamp.meters.sources",
    "fairamp.meters.eastron",
    "fairamp.charging.pilot_viper",
    "fairamp_box.io.store",
    "fairamp_box.meters.lines",
)


def boot(settings, run):
    """main() with the given settings file, in the empty folder that every run of tests has."""
    wires = Wires()
    if settings is not None:
        with open("settings.json", "w") as file:
            file.write(settings)
    try:
        run(TwinBoard(wires))
        return wires, [name for name in FILES if name in os.listdir()]
    finally:
        for name in FILES:
            if name in os.listdir():
                os.remove(name)
