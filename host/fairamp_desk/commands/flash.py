"""`fairamp flash`: MicroPython onto a chip: esptool for an ESP32, a UF2 file copied to an RP2040 or RP2350."""

import argparse
import errno
import glob
import os
import re
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from fairamp_desk import ports
from fairamp_desk.chips.chip import BOOT_LOADER, Chip, last_line
from fairamp_desk.commands import boards
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.progress import bytes_bar

DRIVE_S = 15
PIECE = 64 * 1024


# Where an image goes: the ROM of the chip looks for its boot loader there.
ESP_OFFSETS = {"esp32": 0x1000, "esp32s3": 0}
ESP_MAGIC = 0xE9
# By the number in the header of an image.
ESP_IMAGES = {
    0: "esp32",
    2: "esp32s2",
    5: "esp32c3",
    9: "esp32s3",
    12: "esp32c2",
    13: "esp32c6",
    16: "esp32h2",
}
PARTITION_TABLE = 0x8000
PARTITION_MAGIC = b"\xaa\x50"

# First and second magic, flags, address, size, number, count, family, data, last magic.
UF2_BLOCK = struct.Struct("<8I476sI")
UF2_MAGICS = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
UF2_HAS_FAMILY = 0x2000
# The two of the RP2350 are for its ARM and its RISC-V processors.
FAMILIES = {0xE48BFF56: "rp2040", 0xE48BFF59: "rp2350", 0xE48BFF5A: "rp2350"}
# A block beside the image, which works around a fault of the boot loader of the RP2350.
BESIDE = 0xE48BFF57
INFO = "INFO_UF2.TXT"
BOARD_IDS = {"rp2040": "RPI-RP2", "rp2350": "RP2350"}
DRIVE_PATTERNS = ("/media/*", "/media/*/*", "/run/media/*/*", "/Volumes/*")


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    parser = subparsers.add_parser(
        "flash",
        help="put MicroPython on a chip",
        description=f"Puts MicroPython on a chip; the image comes from {boards.IMAGES} and is checked before: "
        "`fairamp boards` names the one for each board. An ESP32 is erased first, with all settings, because "
        "MicroPython does not start beside the leftovers of other firmware; --keep-files leaves the files of a chip "
        "that runs MicroPython already. An RP2040 or RP2350 keeps its files in any case. Afterwards: fairamp deploy.",
    )
    parser.add_argument("--board", required=True, metavar="ID", help="the board; `fairamp boards` lists them")
    parser.add_argument(
        "--port",
        required=True,
        metavar="DEV",
        help="serial port of the chip; RP2040, RP2350: or the folder where its boot drive is mounted",
    )
    parser.add_argument("--image", required=True, metavar="FILE", type=Path, help="ESP32: .bin; RP2040, RP2350: .uf2")
    parser.add_argument("--keep-files", action="store_true", help="ESP32: do not erase the chip first")
    parser.add_argument("--baud", type=int, default=460800, metavar="N", help="ESP32: default %(default)s")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    board = boards.load(args.board)
    image = read_image(args.image)
    if board.CHIP in ESP_OFFSETS:
        check_esp_image(args.image, image, board)
        run_esptool(args, board)
    else:
        check_uf2_image(args.image, image, board)
        copy_to_drive(args.image.name, image, boot_drive(args.port, board.CHIP))
    print(f"done: MicroPython is on the {board.NAME}; next, with its port and the file of your settings:")
    print(f'make deploy ARGS="--board {args.board} --port DEV --settings FILE"')
    return 0


def read_image(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--image {path}: {ports.plain(error)}; the images are at {boards.IMAGES}") from error


def check_esp_image(path: Path, image: bytes, board: Any) -> None:
    """Is it a whole image (boot loader, partitions, application) for this chip?"""
    if len(image) < 14 or image[0] != ESP_MAGIC:
        raise UsageError(f"--image {path}: not an image for an ESP32; take a .bin file, {boards.IMAGES}")
    number = int.from_bytes(image[12:14], "little")
    name = ESP_IMAGES.get(number, f"chip with number {number}")
    if name != board.CHIP:
        raise wrong_chip(path, name, board)
    table = PARTITION_TABLE - ESP_OFFSETS[name]
    if image[table : table + 2] != PARTITION_MAGIC:
        raise UsageError(f"--image {path}: has no partition table; take the whole .bin file, not the .app-bin")


def check_uf2_image(path: Path, image: bytes, board: Any) -> None:
    """Is it a complete UF2 file for this chip?"""
    if not image or len(image) % UF2_BLOCK.size:
        raise UsageError(f"--image {path}: not a UF2 file, or not all of it; take a .uf2 file, {boards.IMAGES}")
    blocks = count = 0
    for block in UF2_BLOCK.iter_unpack(image):
        first, second, flags, _, _, _, of, family, _, last = block
        if (first, second, last) != UF2_MAGICS:
            raise UsageError(f"--image {path}: not a UF2 file, or damaged; take a .uf2 file, {boards.IMAGES}")
        if family == BESIDE:
            continue
        name = FAMILIES.get(family, f"family {family:#x}")
        if not flags & UF2_HAS_FAMILY or name != board.CHIP:
            raise wrong_chip(path, name, board)
        blocks, count = blocks + 1, of
    if not blocks or blocks != count:
        raise UsageError(f"--image {path}: incomplete, {blocks} of {count} blocks; fetch it again")


def wrong_chip(path: Path, name: str, board: Any) -> UsageError:
    return UsageError(f"--image {path}: is for the {name}, but the {board.NAME} has the {board.CHIP}")


def run_esptool(args: argparse.Namespace, board: Any) -> None:
    """esptool shows its own progress; only what it says at a failure is put in one line."""
    # Its words on a busy or missing port are less clear than ours.
    ports.open_port(args.port).close()
    command = [sys.executable, "-m", "esptool", "--chip", board.CHIP, "--port", ports.resolve(args.port)]
    command += ["--baud", str(args.baud), "write-flash", *([] if args.keep_files else ["--erase-all"])]
    command += [hex(ESP_OFFSETS[board.CHIP]), str(args.image)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace")
    if done.returncode:
        raise Failure(f"{args.port}: {esptool_reason(done.stderr)}")


def esptool_reason(complaint: str) -> str:
    found = re.search(r"fatal error occurred: (.*)", complaint)
    reason = found[1].strip().rstrip(".") if found else last_line(complaint) or "esptool failed"
    if "Failed to connect" in reason:
        reason += "; hold the BOOT button of the board while it connects"
    return reason


def boot_drive(port: str, chip: str) -> Path:
    """The drive that was given, or the one that appears when the chip is asked for its boot loader."""
    given = Path(port)
    if given.is_dir():
        if not is_boot_drive(given, chip):
            raise UsageError(f"--port {port}: not the boot drive of an {chip.upper()} ({INFO} with {BOARD_IDS[chip]})")
        return given
    before = boot_drives(chip)
    try:
        with Chip(port) as prompt, prompt.failures("asking for its boot loader"):
            prompt.leave(BOOT_LOADER)
    except Failure as failure:
        drive = f"here it is {min(before)}" if before else "it appears when you hold BOOTSEL while plugging in"
        raise Failure(f"{failure}; the boot drive does as well, {drive}: --port FOLDER") from failure
    return wait_for_drive(before, chip)


def wait_for_drive(before: set[Path], chip: str) -> Path:
    print(f"waiting for the drive {BOARD_IDS[chip]} ...", flush=True)
    deadline = time.monotonic() + DRIVE_S
    while time.monotonic() < deadline:
        appeared = boot_drives(chip) - before
        if appeared:
            return min(appeared)
        time.sleep(0.2)
    raise Failure(f"no drive {BOARD_IDS[chip]} in {DRIVE_S} s; mount it and give its folder as --port")


def boot_drives(chip: str) -> set[Path]:
    folders = (Path(path) for pattern in DRIVE_PATTERNS for path in glob.glob(pattern))
    return {folder for folder in folders if is_boot_drive(folder, chip)}


def is_boot_drive(folder: Path, chip: str) -> bool:
    try:
        return BOARD_IDS[chip] in (folder / INFO).read_text(errors="replace").split()
    except OSError:
        return False


def copy_to_drive(name: str, image: bytes, drive: Path) -> None:
    written = 0
    try:
        with (drive / name).open("wb") as file, bytes_bar() as bar:
            task = bar.add_task("copy", total=len(image))
            for start in range(0, len(image), PIECE):
                written += file.write(image[start : start + PIECE])
                # Piece by piece, or the bar would show how fast memory is.
                file.flush()
                os.fsync(file.fileno())
                bar.update(task, completed=written)
    except OSError as error:
        # With the last block the chip starts MicroPython; the drive is gone before the file is closed.
        if written < len(image) or (drive / INFO).exists():
            raise Failure(f"{drive}: {drive_reason(error)}") from error


def drive_reason(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "no permission to write there; mount it for your user, or copy the file with sudo"
    return f"{ports.plain(error)} while copying; unplug, hold BOOTSEL while plugging in, and try again"
