import errno
import os
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from fairamp_desk.commands import flash
from fairamp_desk.errors import Failure, UsageError
from tests.desk.chips.chip import PseudoTerminal, StandIn
from tests.desk.command_line import fairamp

RP2040 = 0xE48BFF56
RP2350 = 0xE48BFF59
INFO = "UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: {}\n"


def esp_image(number: int, offset: int) -> bytes:
    """A boot loader with its header, and a partition table where the chip looks for it."""
    image = bytearray(0x9000)
    image[0] = 0xE9
    image[12:14] = number.to_bytes(2, "little")
    image[0x8000 - offset : 0x8002 - offset] = b"\xaa\x50"
    return bytes(image)


def uf2_image(family: int = RP2040, blocks: int = 300) -> bytes:
    return b"".join(
        struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x10000000 + 256 * i, 256, i, blocks, family)
        + bytes([i % 256]) * 476
        + struct.pack("<I", 0x0AB16F30)
        for i in range(blocks)
    )


ESP32 = esp_image(0, 0x1000)
ESP32S3 = esp_image(9, 0)
UF2 = uf2_image()
# Those of the RP2350 begin with a block for its boot loader.
UF2_RP2350 = uf2_image(0xE48BFF57, 2)[:512] + uf2_image(RP2350)


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    folder = tmp_path / "RPI-RP2"
    folder.mkdir()
    (folder / "INFO_UF2.TXT").write_text(INFO.format("RPI-RP2"))
    return folder


def put(tmp_path: Path, image: bytes, board: str, port: object, *options: str) -> int:
    file = tmp_path / "image"
    file.write_bytes(image)
    return fairamp(flash, "flash", "--board", board, "--port", port, "--image", file, *options)


@pytest.mark.parametrize(
    ("board", "image", "words"),
    [
        ("esp32_devkitc", ESP32S3, ["is for the esp32s3", "has the esp32"]),
        ("esp32s3_devkitc", ESP32, ["is for the esp32,", "has the esp32s3"]),
        ("esp32_devkitc", esp_image(5, 0), ["is for the esp32c3"]),
        ("esp32_devkitc", esp_image(77, 0), ["is for the chip with number 77"]),
        ("esp32_devkitc", UF2, ["not an image for an ESP32"]),
        ("esp32_devkitc", b"\xe9", ["not an image for an ESP32"]),
        ("esp32_devkitc", esp_image(0, 0), ["no partition table"]),
        ("esp32s3_devkitc", esp_image(9, 0)[:0x8000], ["no partition table"]),
        ("pico", uf2_image(RP2350), ["is for the rp2350", "has the rp2040"]),
        ("pico", uf2_image(0x12345678), ["is for the family 0x12345678"]),
        ("pico2", UF2, ["is for the rp2040", "has the rp2350"]),
        ("pico2", UF2_RP2350[:-512], ["incomplete, 299 of 300 blocks"]),
        ("pico2", UF2_RP2350[:512], ["incomplete, 0 of 0 blocks"]),
        ("pico", UF2[:-512], ["incomplete, 299 of 300 blocks"]),
        ("pico", UF2[:-100], ["not all of it"]),
        ("pico", UF2[:-4] + bytes(4), ["damaged"]),
        ("pico", b"", ["not a UF2 file"]),
        ("pico", ESP32, ["not a UF2 file"]),
        ("toaster", UF2, ["toaster"]),
    ],
)
def test_an_image_that_does_not_fit_is_refused(
    tmp_path: Path, drive: Path, board: str, image: bytes, words: list[str]
) -> None:
    with pytest.raises(UsageError) as refused:
        put(tmp_path, image, board, drive)
    assert all(word in str(refused.value) for word in words)
    assert "\n" not in str(refused.value)
    assert [file.name for file in drive.iterdir()] == ["INFO_UF2.TXT"]


def test_an_image_that_is_not_there() -> None:
    with pytest.raises(UsageError, match=r"--image /none.uf2: No such file or directory; .*micropython.org"):
        fairamp(flash, "flash", "--board", "pico", "--port", "/dev/none", "--image", "/none.uf2")


def test_a_drive_gets_the_whole_image(tmp_path: Path, drive: Path, capsys: pytest.CaptureFixture) -> None:
    assert put(tmp_path, UF2, "pico", drive) == 0
    assert (drive / "image").read_bytes() == UF2
    assert "done: MicroPython is on the Raspberry Pi Pico" in capsys.readouterr().out


def test_the_drive_of_an_rp2350(tmp_path: Path, drive: Path) -> None:
    with pytest.raises(UsageError, match="not the boot drive of an RP2350"):
        put(tmp_path, UF2_RP2350, "pico2", drive)
    (drive / "INFO_UF2.TXT").write_text(INFO.format("RP2350"))
    assert put(tmp_path, UF2_RP2350, "pico2_w", drive) == 0
    assert (drive / "image").read_bytes() == UF2_RP2350


@pytest.mark.parametrize("text", [None, INFO.format("RP2350")])
def test_a_folder_that_is_no_boot_drive(tmp_path: Path, drive: Path, text: str | None) -> None:
    (drive / "INFO_UF2.TXT").unlink()
    if text:
        (drive / "INFO_UF2.TXT").write_text(text)
    with pytest.raises(UsageError, match="not the boot drive of an RP2040"):
        put(tmp_path, UF2, "pico", drive)
    assert not (drive / "image").exists()


def test_a_drive_that_leaves_with_the_last_block(tmp_path: Path, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_after(len(UF2), drive, monkeypatch)
    assert put(tmp_path, UF2, "pico", drive) == 0


def test_a_drive_that_leaves_too_early(tmp_path: Path, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_after(1, drive, monkeypatch)
    with pytest.raises(Failure, match="Input/output error while copying"):
        put(tmp_path, UF2, "pico", drive)


def leave_after(size: int, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        if (drive / "image").stat().st_size >= size:
            (drive / "INFO_UF2.TXT").unlink()
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)


def test_a_drive_without_permission(tmp_path: Path, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Failure, match="no permission to write there"):
        put(tmp_path, UF2, "pico", drive)


def test_a_running_chip_is_asked_for_its_boot_loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flash, "DRIVE_PATTERNS", (str(tmp_path / "dr*"),))
    with StandIn(tmp_path) as chip:
        assert put(tmp_path, UF2, "pico", chip.tty) == 0
    assert (chip.drive / "image").read_bytes() == UF2


def test_a_drive_that_nobody_mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flash, "DRIVE_PATTERNS", ())
    monkeypatch.setattr(flash, "DRIVE_S", 0.3)
    with StandIn(tmp_path) as chip, pytest.raises(Failure, match=r"no drive RPI-RP2 in 0\.3 s; mount it"):
        put(tmp_path, UF2, "pico", chip.tty)


def test_a_missing_port_while_a_drive_waits(tmp_path: Path, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flash, "DRIVE_PATTERNS", (str(drive),))
    with pytest.raises(Failure, match=f"/dev/none: no such port; .*{drive}"):
        put(tmp_path, UF2, "pico", "/dev/none")


@pytest.mark.parametrize(
    ("board", "image", "options", "arguments"),
    [
        ("esp32_devkitc", ESP32, [], ["esp32", "write-flash --erase-all 0x1000"]),
        ("esp32s3_devkitc", ESP32S3, ["--keep-files"], ["esp32s3", "write-flash 0x0"]),
    ],
)
def test_what_esptool_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    board: str,
    image: bytes,
    options: list[str],
    arguments: list[str],
) -> None:
    told: list[str] = []

    def esptool(command: list[str], **_: object) -> SimpleNamespace:
        told.extend(command)
        return SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr(subprocess, "run", esptool)
    with PseudoTerminal(tmp_path / "tty") as port:
        assert put(tmp_path, image, board, port.path, *options) == 0
    chip, write = arguments
    expected = f"--chip {chip} --port {tmp_path}/tty --baud 460800 {write} {tmp_path}/image"
    assert told == [sys.executable, "-m", "esptool", *expected.split()]


def test_an_esp32_that_says_nothing(tmp_path: Path) -> None:
    started = time.monotonic()
    with PseudoTerminal(tmp_path / "tty") as port, pytest.raises(Failure) as failure:
        put(tmp_path, ESP32, "esp32_devkitc", port.path)
    assert time.monotonic() - started < 20
    assert str(failure.value) == (
        f"{tmp_path}/tty: Failed to connect to ESP32: No serial data received; "
        "hold the BOOT button of the board while it connects"
    )


def test_an_esp32_at_a_missing_port(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="/dev/none: no such port"):
        put(tmp_path, ESP32, "esp32_devkitc", "/dev/none")
