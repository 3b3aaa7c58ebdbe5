"""The application as one image in a ROMFS partition, from which it runs in place: code takes no heap."""

import hashlib
from collections.abc import Iterable

from mpremote.romfs import VfsRomWriter  # type: ignore[import-untyped]

from fairamp_desk.chips.chip import PIECE, Chip
from fairamp_desk.errors import Failure
from fairamp_desk.progress import bytes_bar

BLOCK = 4096
# A partition is a block device whose content can be read as memory.
SIZE = """
import vfs
size = 0
if hasattr(vfs, "rom_ioctl") and vfs.rom_ioctl(1) > 0:
    rom = vfs.rom_ioctl(2, 0)
    if hasattr(rom, "ioctl"):
        size = len(memoryview(rom))
print(size)
"""
OPEN = """
import hashlib, vfs
from binascii import hexlify
rom = vfs.rom_ioctl(2, 0)
block = rom.ioctl(5, 0)
"""
CLOSE_OLD = """
try:
    vfs.umount("/rom")
except OSError:
    pass
"""


def image(modules: dict[str, bytes]) -> bytes:
    """`modules`: path on the chip -> content. The image, in whole blocks."""
    writer = VfsRomWriter()
    add_folder(writer, {tuple(path.split("/")): data for path, data in modules.items()})
    made = writer.finalise()
    return made + bytes(-len(made) % BLOCK)


def add_folder(writer: VfsRomWriter, content: dict[tuple[str, ...], bytes]) -> None:
    for name in sorted({path[0] for path in content}):
        inside = {path[1:]: data for path, data in content.items() if path[0] == name}
        if () in inside:
            writer.mkfile(name, inside[()])
        else:
            writer.opendir(name)
            add_folder(writer, inside)
            writer.closedir()


def partition_size(chip: Chip) -> int:
    """Bytes of the partition, 0 when the MicroPython on the chip has none."""
    return int(chip.run(SIZE))


def check_fits(chip: Chip, made: bytes, size: int) -> None:
    if len(made) > size:
        raise Failure(
            f"{chip.device_name}: its ROMFS partition has {size} bytes, the application needs {len(made)}; "
            "take a MicroPython with a larger partition, or with none: docs/images.md"
        )


def is_there(chip: Chip, made: bytes) -> bool:
    look = f"print(hexlify(hashlib.sha256(memoryview(rom)[:{len(made)}]).digest()).decode())"
    return chip.run(OPEN + look).strip() == hashlib.sha256(made).hexdigest()


def write(chip: Chip, made: bytes) -> None:
    """The beginning comes last: without it a partition counts as empty, should the connection break meanwhile."""
    chip.run(OPEN + CLOSE_OLD)
    with bytes_bar() as bar:
        task = bar.add_task("erase ROMFS", total=len(made))
        for at in steps(len(made)):
            chip.run(f"for at in range({at}, {at + PIECE}, block): rom.ioctl(6, at // block)")
            bar.update(task, completed=at + PIECE)
        bar.reset(task, description="write ROMFS")
        put = "rom.writeblocks((at + {}) // block, piece, (at + {}) % block)"
        chip.send(made[PIECE:], lambda done: bar.update(task, completed=done), OPEN, put.format(PIECE, PIECE))
        chip.send(made[:PIECE], lambda _: bar.update(task, completed=len(made)), OPEN, put.format(0, 0))
    if not is_there(chip, made):
        raise Failure(f"{chip.device_name}: the ROMFS partition does not hold what was written; try again")


def steps(size: int) -> Iterable[int]:
    return range(0, size, PIECE)
