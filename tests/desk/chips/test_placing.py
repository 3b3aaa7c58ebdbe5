"""What `fairamp deploy` does with the file system and the ROMFS partition of a chip, and what a broken cable leaves."""

import contextlib
import re
import runpy
import shutil
import socket
import sys
import types
from binascii import crc32
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairamp_desk.chips import bundle, pack, placing, romfs
from fairamp_desk.chips.chip import Chip
from fairamp_desk.commands import deploy
from fairamp_desk.errors import Failure
from tests.desk.chips.chip import BLOCK, StandIn, until
from tests.desk.chips.small_application import ON_PICO, change, files_on, on_chip, to_pico

# As earlier versions laid it out.
OLD_LAYOUT = """
import os
for folder in ("fairamp", "fairamp/managers", "boards"):
    os.mkdir(folder)
FILES = ("fairamp/__init__.mpy", "fairamp/managers/alfen.mpy", "boards/old.py", "board.mpy", "board.py", "fairamp.new")
for file in FILES:
    with open(file, "w") as f:
        f.write("old")
"""
SETTINGS = '{"site": {"fuse": [20, 20, 20]}, "charger": {"leakage": "contact"}}'
OF_USER = f"""
import os
os.mkdir("mine")
for file in ("settings.json", "mine/notes.txt", "log.txt"):
    with open(file, "w") as f:
        f.write({SETTINGS!r})
"""


@pytest.fixture
def rom(tree: Path, tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path, rom=8) as chip:
        yield chip


def fill(chip: StandIn, blocks: int) -> None:
    on_chip(chip, f"with open('log.txt', 'wb') as f:\n    for _ in range({blocks}): f.write(bytes({BLOCK}))")


def fail_at(monkeypatch: pytest.MonkeyPatch, chip: StandIn, call: int) -> None:
    """The cable is pulled at this call of the chip's prompt."""
    calls = []
    real = Chip.run

    def run(self: Chip, code: str) -> str:
        calls.append(code)
        if len(calls) == call:
            assert chip.client
            chip.client.shutdown(socket.SHUT_RDWR)
        return real(self, code)

    monkeypatch.setattr(Chip, "run", run)


def test_what_earlier_versions_left_goes_and_what_is_the_users_stays(
    tree: Path, blank: StandIn, capsys: pytest.CaptureFixture
) -> None:
    on_chip(blank, OLD_LAYOUT + OF_USER)
    assert to_pico(blank.tty) == 0
    shown = capsys.readouterr().out
    assert "remove: board.mpy, board.py, boards, fairamp\n" in shown
    assert "box: 16 A on a Pico" in shown
    assert files_on(blank) == sorted([*ON_PICO, "log.txt", "mine/notes.txt", "settings.json"])
    assert (
        on_chip(blank, "import os; print('fairamp' in os.listdir(), open('log.txt').read()[:7])") == 'False {"site"\n'
    )


def test_the_modules_of_the_pack_can_be_imported(box: StandIn) -> None:
    shown = on_chip(
        box,
        "import fairamp_pack, sys; fairamp_pack.mount()\n"
        "from fairamp.managers import alfen; print(alfen.ROWS, alfen.__file__, sys.path[0])\n"
        "try:\n    import fairamp.managers.vestel\nexcept ImportError as error:\n    print(error)\n"
        "import json; print(json.loads('7'))",
    )
    assert shown.splitlines() == [
        "() /app/fairamp/managers/alfen.mpy /app",
        "no module named 'fairamp.managers.vestel'",
        "7",
    ]


def test_names_that_the_reader_could_mistake_are_refused() -> None:
    # Both have the CRC 0x4ddb0c25.
    with pytest.raises(Failure, match="cannot be told from another name"):
        pack.packed({"plumless": b"", "buckeroo": b""})


def test_nothing_is_written_when_nothing_changed(box: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chip, "write", None)  # a call fails
    assert to_pico(box.tty) == 0


# From looking at the chip to removing the mark that holds it.
@pytest.mark.parametrize("call", [5, 7, 9, 11, 13, 15])
def test_a_cable_that_is_pulled_leaves_the_old_application_or_none(
    tree: Path, box: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, call: int
) -> None:
    change(tree)
    with monkeypatch.context() as context:
        fail_at(context, box, call)
        with pytest.raises(Failure, match="check the cable and try again"):
            to_pico(box.url)
    capsys.readouterr()
    there = set(files_on(box)) - {"fairamp.new"}
    assert there in (set(ON_PICO), set(ON_PICO) - {"main.py"}, {"fairamp.pack"}), there
    to_pico(box.tty)
    assert "box: 32 A on a Pico" in capsys.readouterr().out
    assert files_on(box) == ON_PICO


def test_a_full_flash_keeps_the_old_application(
    tree: Path, tmp_path: Path, flash_of_box: Path, capsys: pytest.CaptureFixture
) -> None:
    with StandIn(tmp_path, blocks=24) as chip:
        to_pico(chip.tty)
        fill(chip, 13)
        (tree / "shared/fairamp/units.py").write_text(f"AMPS = 32\nMORE = {bytes(range(256)) * 80}\n")
        before = chip.resets
        with pytest.raises(Failure) as failure:
            to_pico(chip.tty)
        assert "its flash is full: " in str(failure.value) and "log.txt with 53248 bytes" in str(failure.value)
        assert "bytes are missing for the application" in str(failure.value)
        # Once by the box on Ctrl-C, and once to go on with the old one.
        until(lambda: chip.resets == before + 2)
        assert files_on(chip) == sorted([*ON_PICO, "log.txt"])
        change(tree, 16)
        capsys.readouterr()
        to_pico(chip.tty)
        assert "box: 16 A on a Pico" in capsys.readouterr().out


def test_without_room_for_both_the_old_application_goes_first(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    content = bytes(range(256)) * 64
    (tree / "shared/fairamp/units.py").write_text(f"AMPS = 16\nMORE = {content}\n")
    with StandIn(tmp_path, blocks=24) as chip:
        to_pico(chip.tty)
        fill(chip, 9)
        (tree / "shared/fairamp/units.py").write_text(f"AMPS = 32\nMORE = {content}\n")
        to_pico(chip.tty)
        shown = capsys.readouterr().out
        assert "remove: the old application first, because " in shown
        assert "box: 32 A on a Pico" in shown
        assert files_on(chip) == sorted([*ON_PICO, "log.txt"])


def test_a_romfs_partition_takes_the_application(rom: StandIn, capsys: pytest.CaptureFixture) -> None:
    on_chip(rom, OLD_LAYOUT)
    assert to_pico(rom.tty) == 0
    shown = capsys.readouterr().out
    assert f"copy: {BLOCK} bytes into the ROMFS partition" in shown
    assert "box: 16 A on a Pico" in shown
    assert files_on(rom) == ["main.py"]
    assert on_chip(rom, "import fairamp.units; print(fairamp.units.__file__)") == "/rom/fairamp/units.mpy\n"


def test_only_a_changed_image_is_written(tree: Path, rom: StandIn, capsys: pytest.CaptureFixture) -> None:
    to_pico(rom.tty)
    to_pico(rom.tty)
    assert "the ROMFS partition is up to date" in capsys.readouterr().out
    change(tree)
    to_pico(rom.tty)
    shown = capsys.readouterr().out
    assert "bytes into the ROMFS partition" in shown and "box: 32 A on a Pico" in shown


def test_an_image_that_is_too_large(tree: Path, rom: StandIn, capsys: pytest.CaptureFixture) -> None:
    to_pico(rom.tty)
    (tree / "shared/fairamp/units.py").write_text(f"AMPS = 32\nMORE = {bytes(range(256)) * 200}\n")
    with pytest.raises(Failure, match=f"has {8 * BLOCK} bytes, the application needs 53248"):
        to_pico(rom.tty)
    shutil.rmtree(tree / "build")
    change(tree, 16)
    capsys.readouterr()
    assert to_pico(rom.tty) == 0
    assert "the ROMFS partition is up to date" in capsys.readouterr().out


@pytest.mark.parametrize("call", [6, 9, 11])
def test_a_cable_that_is_pulled_while_the_image_is_written(
    tree: Path, rom: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, call: int
) -> None:
    to_pico(rom.tty)
    # More than one piece.
    (tree / "shared/fairamp/units.py").write_text(f"AMPS = 32\nMORE = {bytes(range(256)) * 40}\n")
    with monkeypatch.context() as context:
        fail_at(context, rom, call)
        with pytest.raises(Failure, match="check the cable and try again"):
            to_pico(rom.url)
    assert files_on(rom) in ([], ["main.py"])
    to_pico(rom.tty)
    assert "box: 32 A on a Pico" in capsys.readouterr().out


def test_an_image_is_a_romfs() -> None:
    made = romfs.image({"main.py": b"1", "a/b/c.mpy": b"2", "a/d.mpy": b"3"})
    assert made.startswith(b"\xd2\xcd\x31") and len(made) == BLOCK


@pytest.mark.parametrize("in_place", [False, True])
def test_an_application_in_the_firmware_gets_only_its_settings(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, in_place: bool
) -> None:
    with StandIn(tmp_path, rom=8 if in_place else 0) as chip:
        to_pico(chip.tty)
        monkeypatch.setattr(deploy, "FROZEN", "print('0.7')")
        settings = tmp_path / "mine.json"
        settings.write_text(SETTINGS)
        with pytest.raises(Failure, match="the application has ended"):
            to_pico(chip.tty, "--settings", settings)
        assert "copy: nothing, Fairamp 0.7 is part of the firmware" in capsys.readouterr().out
        assert files_on(chip) == ["settings.json"]


def test_the_real_application_runs_and_makes_way(tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch) -> None:
    """On a board without radio, from a pack: without sockets."""
    # A copy, so that nobody's editor changes a file between the two.
    for folder in ("boards", "firmware", "shared"):
        shutil.copytree(bundle.ROOT / folder, tmp_path / "copy" / folder)
    monkeypatch.setattr(bundle, "ROOT", tmp_path / "copy")
    settings = tmp_path / "mine.json"
    settings.write_text(SETTINGS)
    with StandIn(tmp_path) as chip:
        assert to_pico(chip.tty, "--settings", settings, "--log", 1) == 0
        assert "Fairamp" in capsys.readouterr().out
        assert to_pico(chip.tty, "--log", 0) == 0
        assert "fairamp.pack is up to date" in capsys.readouterr().out


class Prompt:
    """A chip that only notes what is done to its files, in turn."""

    device_name = "test"

    def __init__(self) -> None:
        self.done: list[str] = []
        self.sent: dict[str, bytes] = {}
        self.free = 1000

    def failures(self, doing: str) -> contextlib.AbstractContextManager:
        return contextlib.nullcontext()

    def run(self, code: str) -> str:
        if "os.rename" in code:
            old, new = re.findall(r"'([^']*)'", code)
            self.sent[new] = self.sent.pop(old)
            self.done.append(f"put {new}")
        elif "print(digest(" in code:
            (path,) = re.findall(r"print\(digest\('([^']*)'", code)
            return placing.sha256(self.sent[path])
        return str(self.free)

    def write(self, path: str, data: bytes, shown: object) -> None:
        self.sent[path] = data

    def fs_rmfile(self, path: str) -> None:
        self.done.append(f"remove {path}")


class Made:
    """A bundle of one module."""

    def modules(self) -> dict[str, bytes]:
        return {"a.mpy": b"a"}

    def read(self, path: str) -> bytes:
        return path.encode()


def place(*there: str, rom: bool = False, free: int = 1000, same: bool = False) -> list[str]:
    """What an update does to a chip with these files, all of an older version; `same`: and the pack of this one."""
    prompt, had = Prompt(), placing.Inventory()
    prompt.free = free
    for path in there:
        had.add(path, "old", 4096)
    if same:
        had.add(placing.PACK, placing.sha256(pack.packed(Made().modules())), 4096)
    one = placing.Placing(prompt, had, {"settings.json": b"{}"})  # type: ignore[arg-type]
    if rom:
        one.in_rom(Made(), b"image")  # type: ignore[arg-type]
    else:
        one.in_pack(Made())  # type: ignore[arg-type]
    return prompt.done


def test_main_goes_first_and_comes_back_last(monkeypatch: pytest.MonkeyPatch) -> None:
    packed, reader, main = placing.PACK, placing.READER, placing.MAIN
    new = [f"put {path}" for path in ("settings.json", reader, main)]
    assert place() == [f"put {packed}", *new]
    assert place(packed, reader, main) == [f"remove {main}", f"put {packed}", *new]
    assert place(packed, reader, main, "board.mpy") == [f"remove {main}", f"put {packed}", "remove board.mpy", *new]
    assert place(main, "board.mpy", same=True) == [f"remove {main}", "remove board.mpy", *new]
    old = [f"remove {path}" for path in (main, "microdot", reader, packed)]
    assert place(packed, reader, main, "microdot", free=4) == [*old, f"put {packed}", *new]
    monkeypatch.setattr(romfs, "is_there", lambda chip, image: False)
    monkeypatch.setattr(romfs, "write", lambda chip, image: chip.done.append("image"))
    put = ["put settings.json", f"put {main}"]
    assert place(packed, main, rom=True) == [f"remove {main}", "image", f"remove {packed}", *put]


def test_a_list_that_has_shifted_by_a_byte_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vfs", types.ModuleType("vfs"))
    reader = runpy.run_path(str(bundle.ROOT / "firmware" / "fairamp_pack.py"))
    file = tmp_path / placing.PACK
    # That of a chip takes a text.
    reader["Pack"].__init__.__globals__.update(FILE=str(file), crc32=lambda path: crc32(path.encode()))
    whole = pack.packed({"fairamp/units.mpy": b"units"})
    file.write_bytes(whole)
    assert reader["Pack"]().open("/fairamp/units.mpy", "rb").read() == b"units"
    head, rest = whole[: pack.HEAD], whole[pack.HEAD :]
    file.write_bytes(head + b"?" + rest)
    with pytest.raises(OSError, match="2"):
        reader["Pack"]().stat("/fairamp/units.mpy")


@pytest.mark.parametrize("damage", ["f.write(b'x' * 9)", "f.seek(20); f.write(b'x' * 200)"])
def test_a_damaged_pack_starts_nothing_and_is_mended(box: StandIn, capsys: pytest.CaptureFixture, damage: str) -> None:
    """A flash that has lost something: the box stays in its prompt, and the next deploy puts all of it anew."""
    on_chip(box, f"f = open('fairamp.pack', 'r+b'); {damage}; f.close()")
    assert "RESULT" in on_chip(
        box,
        "try:\n    import fairamp_pack; fairamp_pack.mount(); import fairamp_box.start\n"
        "except Exception as error:\n    print('RESULT', repr(error))",
    )
    assert to_pico(box.tty) == 0
    shown = capsys.readouterr().out
    assert "copy: fairamp.pack, " in shown and "box: 16 A on a Pico" in shown
