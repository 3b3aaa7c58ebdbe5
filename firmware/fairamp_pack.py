"""Imports from one file: `fairamp.pack` holds all modules of the application, and takes a third of their space.

Eight bytes come first: how long the list behind them is. For each module and each folder it has four bytes, the CRC of
the path, and three, how far behind the list the module begins; for a folder 0xFFFFFF. Then follow the modules as
mpy-cross made them; each of them tells by itself where it ends.
"""

import sys
from binascii import crc32

import vfs

FILE = "/fairamp.pack"
PLACE = "/app"
HEAD = 8
ENTRY = 7
FOLDER = 0xFFFFFF
MISSING = 2
IS_FOLDER = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
IS_MODULE = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)


class Pack:
    """A file system as MicroPython mounts it, with just enough in it for `import`."""

    def __init__(self):
        with open(FILE, "rb") as pack:
            self._list = pack.read(int(pack.read(HEAD)))

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        return IS_FOLDER if self._begin(path) == FOLDER else IS_MODULE

    def open(self, path, mode):
        # The file itself, at the right place: a module is read from it piece by piece, as from a file of its own.
        pack = open(FILE, "rb")  # noqa: SIM115
        pack.seek(HEAD + len(self._list) + self._begin(path))
        return pack

    def _begin(self, path):
        at = self._list.find(crc32(path).to_bytes(4, "big"))
        if at % ENTRY:
            raise OSError(MISSING)
        return int.from_bytes(self._list[at + 4 : at + ENTRY], "big")


def mount() -> None:
    vfs.mount(Pack(), PLACE)
    sys.path.insert(0, PLACE)
