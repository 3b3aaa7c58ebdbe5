"""A MicroPython image: read, checked, and told which board it is for."""

import struct
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile

BLOCK = 512
FIRST, SECOND, LAST = 0x0A324655, 0x9E5D5157, 0x0AB16F30
RP2040 = 0xE48BFF56
FAMILIES = {
    0xE48BFF57: "RP2350",
    0xE48BFF59: "RP2350",
    0xE48BFF5A: "RP2350",
    0xC47E5767: "ESP32-S3",
    0x1C5F21B0: "ESP32",
}
FLASH_START = 0x10000000
# What MicroPython says of itself, and the board that this is.
BOARDS = {b"Raspberry Pi Pico W with RP2040": "pico_w", b"Raspberry Pi Pico with RP2040": "pico"}
# The radio's own program stands in the image, too.
RADIO_BOARDS = ("pico_w",)
WHERE = "https://micropython.org/download/RPI_PICO (or RPI_PICO_W), the .uf2 file"


class BadImage(Exception):
    pass


@dataclass
class Image:
    path: Path
    blocks: list[tuple[int, bytes]]
    board: str
    version: str

    def address(self, function: str) -> int | None:
        """From the ELF file beside it, which has the names of functions; stock images come without."""
        elf = self.path.with_suffix(".elf")
        if not elf.exists():
            return None
        with elf.open("rb") as file:
            table = ELFFile(file).get_section_by_name(".symtab")
            symbols = table.get_symbol_by_name(function) if table else None
            return symbols[0]["st_value"] & ~1 if symbols else None


def load(path: Path) -> Image:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadImage(f"{path}: {error.strerror}; get one at {WHERE}") from error
    blocks = list(read_blocks(path, data))
    content = b"".join(block for _, block in sorted(blocks))
    at = content.find(b"MicroPython v")
    if at < 0:
        raise BadImage(f"{path}: no MicroPython in it; get one at {WHERE}")
    version = content[at : at + 40].split(b"\0")[0].split(b";")[0].split(b" ")[1].decode(errors="replace")
    board = next((board for name, board in BOARDS.items() if name in content), "")
    return Image(path, blocks, board, version)


def read_blocks(path: Path, data: bytes):
    """(offset in the flash, content) of every block."""
    if not data or len(data) % BLOCK:
        raise BadImage(f"{path}: not a .uf2 file; get one at {WHERE}")
    for start in range(0, len(data), BLOCK):
        first, second, _, address, size, _, _, family = struct.unpack("<8I", data[start : start + 32])
        last = struct.unpack("<I", data[start + BLOCK - 4 : start + BLOCK])[0]
        if (first, second, last) != (FIRST, SECOND, LAST):
            raise BadImage(f"{path}: not a .uf2 file; get one at {WHERE}")
        if family != RP2040:
            chip = FAMILIES.get(family, "another chip")
            raise BadImage(f"{path}: for {chip}; the emulator knows the RP2040 only: get an image at {WHERE}")
        yield address - FLASH_START, data[start + 32 : start + 32 + size]
