"""Puts the application on a chip: as an image in its ROMFS partition, or as one file in its file system.

Whatever breaks off leaves the old application, or a chip that starts nothing; after that, all is as if it were new.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from fairamp_box.io.store import COPY_FILE, PRESET_FILE, SETTINGS_FILE
from fairamp_box.start import HOLD_FILE
from fairamp_desk.chips import pack, romfs
from fairamp_desk.chips.bundle import MAIN, READER, Bundle
from fairamp_desk.chips.chip import Chip
from fairamp_desk.errors import Failure
from fairamp_desk.progress import bytes_bar

PACK = "fairamp.pack"
NEW = "fairamp.new"
# What earlier versions left in the file system; it would be imported in place of the pack or the image.
FOLDER = "folder"
FOLDERS = ("fairamp", "fairamp_box", "boards", "microdot")
FILES = (MAIN, READER, PACK, NEW, HOLD_FILE, "board.mpy", "board.py")
OF_USER = (SETTINGS_FILE, COPY_FILE, PRESET_FILE)
BLOCK = 4096
# Folders, names and settings take blocks, too; copying needs some to work with.
SPARE_BLOCKS = 4
MOST_NAMED = 5

DIGEST = """
import hashlib, os
from binascii import hexlify
def digest(path):
    h = hashlib.sha256()
    buf = memoryview(bytearray(512))
    with open(path, 'rb') as f:
        while True:
            n = f.readinto(buf)
            if not n:
                return hexlify(h.digest()).decode()
            h.update(buf[:n])
"""
# Prints "SHA256 size path" for every file of ours and "folder 0 path" for every folder.
INVENTORY = f"""
def walk(path):
    if os.stat(path)[0] & 0x4000:
        print('folder', 0, path)
        for entry in os.ilistdir(path):
            walk(path + '/' + entry[0])
    else:
        print(digest(path), os.stat(path)[6], path)
for name in os.listdir():
    if name in {FOLDERS + FILES + OF_USER!r}:
        walk(name)
"""
FREE = "import os; s = os.statvfs('/'); print(s[0] * s[3] // 4096)"
# The largest files that are not ours.
OTHERS = f"""
import os
names = {FOLDERS + FILES + OF_USER!r}
sizes = [(entry[3], entry[0]) for entry in os.ilistdir() if len(entry) > 3 and entry[3] and entry[0] not in names]
for size, name in sorted(sizes, reverse=True)[:{MOST_NAMED}]: print(name, "with", size, "bytes")
"""


@dataclass
class Inventory:
    """What is ours in the file system of a chip: by path the SHA256, or "folder", and the size."""

    digests: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def holds(self, path: str, data: bytes) -> bool:
        return self.digests.get(path) == sha256(data)

    def blocks(self, paths: Iterable[str]) -> int:
        """What these take of the flash; a folder takes two."""
        return sum(2 if self.digests[path] == FOLDER else blocks(self.sizes[path]) for path in paths)

    def add(self, path: str, digest: str, size: int) -> None:
        self.digests[path], self.sizes[path] = digest, size

    def drop(self, path: str) -> tuple[str, int]:
        return self.digests.pop(path), self.sizes.pop(path)


def inventory(chip: Chip) -> Inventory:
    found = Inventory()
    for line in chip.run(DIGEST + INVENTORY).splitlines():
        what, size, path = line.split(" ", 2)
        found.add(path, what, int(size))
    return found


def blocks(size: int) -> int:
    return -(-size // BLOCK)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Placing:
    """One update of one chip. `there`: what it has; `settings`: files of the user that are to be copied."""

    def __init__(self, chip: Chip, there: Inventory, settings: dict[str, bytes]):
        self.chip = chip
        self.there = there
        self.settings = settings

    def in_rom(self, made: Bundle, image: bytes) -> None:
        """The modules into the ROMFS partition."""
        with self.chip.failures("reading its ROMFS partition"):
            same = romfs.is_there(self.chip, image)
        print("copy:", "the ROMFS partition is up to date" if same else f"{len(image)} bytes into the ROMFS partition")
        if not same:
            self.halt()
            with self.chip.failures("writing its ROMFS partition"):
                romfs.write(self.chip, image)
        self.finish({MAIN: made.read(MAIN)})

    def in_pack(self, made: Bundle) -> None:
        """The modules as one file of the file system."""
        packed = pack.packed(made.modules())
        same = self.there.holds(PACK, packed)
        print("copy:", f"{PACK} is up to date" if same else f"{PACK}, {len(packed)} bytes")
        if not same:
            self.remove([NEW])
            self.make_space(len(packed))
            self.copy(NEW, packed)
            self.halt()
            self.rename(NEW, PACK)
        self.finish({PACK: packed, READER: made.read(READER), MAIN: made.read(MAIN)})

    def make_space(self, size: int) -> None:
        """For a second application beside the old one; where there is none, the old one goes first."""
        with self.chip.failures("looking for space"):
            free = int(self.chip.run(FREE))
        if free >= blocks(size) + SPARE_BLOCKS:
            return
        old = [path for path in self.there.digests if path not in OF_USER]
        missing = blocks(size) + SPARE_BLOCKS - free - self.there.blocks(old)
        if missing > 0:
            raise Failure(
                f"{self.chip.device_name}: its flash is full: {missing * BLOCK} bytes are missing for the application; "
                f"remove files of your own, the largest are: {self.others()}"
            )
        print(f"remove: the old application first, because {free * BLOCK} bytes are free: too few for both")
        self.halt()
        self.remove(old)

    def others(self) -> str:
        """The largest files of the user."""
        with self.chip.failures("listing its files"):
            return ", ".join(self.chip.run(OTHERS).splitlines()) or "none of them is in the top folder"

    def finish(self, files: dict[str, bytes]) -> None:
        """What is stale goes, `files` and settings come; the last of the files starts the box."""
        self.remove([HOLD_FILE])
        stale = [path for path in self.there.digests if path not in files and path not in OF_USER]
        if stale:
            print("remove:", ", ".join(sorted({path.partition("/")[0] for path in stale})))
        if stale or not all(self.there.holds(path, data) for path, data in files.items()):
            self.halt()
            self.remove(stale)
        self.put_settings()
        for path, data in files.items():
            self.replace(path, data)

    def put_settings(self) -> None:
        if self.settings:
            self.remove([COPY_FILE])  # of what they replace
        for path, data in self.settings.items():
            if not self.there.holds(path, data):
                print("copy:", path)
            self.replace(path, data)

    def halt(self) -> None:
        """From here on the chip starts nothing, rather than a mixture of old and new."""
        self.remove([MAIN])

    def remove(self, paths: Iterable[str]) -> None:
        """Of these what is there, the inner ones first."""
        for path in sorted(paths, reverse=True):
            if path in self.there.digests:
                with self.chip.failures(f"removing {path}"):
                    remove = self.chip.fs_rmdir if self.there.digests[path] == FOLDER else self.chip.fs_rmfile
                    remove(path)
                self.there.drop(path)

    def replace(self, path: str, data: bytes) -> None:
        """In one step, so that at any time the old file is there or the new one."""
        if not self.there.holds(path, data):
            self.copy(NEW, data)
            self.rename(NEW, path)

    def copy(self, path: str, data: bytes) -> None:
        """Writes a file and reads it again."""
        with bytes_bar() as bar, self.chip.failures(f"copying {path}"):
            task = bar.add_task("copy", total=len(data))
            self.chip.write(path, data, lambda done: bar.update(task, completed=done))
            found = self.chip.run(f"{DIGEST}print(digest({path!r}))").strip()
        if found != sha256(data):
            raise Failure(f"{self.chip.device_name}: copying {path}: the chip holds something else; try again")
        self.there.add(path, found, len(data))

    def rename(self, old: str, new: str) -> None:
        with self.chip.failures(f"renaming {old} to {new}"):
            self.chip.run(f"import os; os.rename({old!r}, {new!r})")
        self.there.add(new, *self.there.drop(old))
