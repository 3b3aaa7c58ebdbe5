import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial  # type: ignore[import-untyped]

from fairamp_desk import bundle, deploy
from fairamp_desk import chip as repl
from fairamp_desk.errors import Failure, UsageError
from tests.desk.chip import PseudoTerminal, StandIn
from tests.desk.commands import fairamp

ESP32 = "Generic ESP32 module with ESP32"
# A small application in the places of the real one. Like the real one it leaves `hold` when it is interrupted.
# It says more than deploy shows, so that deploy need not wait for the time to be up.
APPLICATION = {
    "shared/fairamp/__init__.py": "",
    "shared/fairamp/units.py": "AMPS = 16\n",
    "shared/fairamp/maps/__init__.py": "",
    "shared/fairamp/maps/alfen.py": "ROWS = ()\n",
    "firmware/fairamp_box/__init__.py": "",
    "firmware/fairamp_box/app.py": """
import os
import time
from fairamp.units import AMPS

def main(board):
    if "hold" in os.listdir():
        os.remove("hold")
        return
    print("box:", AMPS, "A on", board.NAME)
    for i in range(30):
        print("line", i)
    try:
        while True:
            time.sleep_ms(10)
    except KeyboardInterrupt:
        open("hold", "w").close()
        board.reset()
""",
    "firmware/main.py": "from board import connect\nfrom fairamp_box.app import main\nmain(connect())\n",
    "boards/__init__.py": "",
    "boards/interface.py": "",
    "boards/chips/__init__.py": "",
    "boards/chips/common.py": "from machine import reset\nclass Board:\n    reset = staticmethod(reset)\n",
    "boards/chips/rp2040.py": "from boards.chips import common\nclass Board(common.Board):\n    NAME = 'a Pico'\n",
    "boards/chips/esp32.py": "from boards.chips.common import Board\nBoard.NAME = 'an ESP32'\n",
    "boards/esp32_devkitc.py": "def connect():\n    from boards.chips.esp32 import Board\n    return Board()\n",
    "boards/pico.py": "def connect():\n    from boards.chips import rp2040\n    return rp2040.Board()\n",
}
ON_PICO = [
    "board.mpy",
    "boards/__init__.mpy",
    "boards/chips/__init__.mpy",
    "boards/chips/common.mpy",
    "boards/chips/rp2040.mpy",
    "fairamp/__init__.mpy",
    "fairamp/maps/__init__.mpy",
    "fairamp/maps/alfen.mpy",
    "fairamp/units.mpy",
    "fairamp_box/__init__.mpy",
    "fairamp_box/app.mpy",
    "main.py",
    "microdot/__init__.mpy",
    "microdot/microdot.mpy",
]
ALL = len(ON_PICO)
LIST_FILES = """
import os
def walk(path):
    for name, kind, *_ in os.ilistdir(path):
        if kind == 0x4000:
            walk(path + name + "/")
        else:
            print(path + name)
walk("")
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the small application in it."""
    root = tmp_path / "checkout"
    for name, text in APPLICATION.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(bundle, "ROOT", root)
    return root


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path) as chip:
        yield chip


@pytest.fixture(scope="module")
def flash_of_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a chip with the small application; where the next test finds it."""
    return tmp_path_factory.mktemp("box") / "flash.bin"


@pytest.fixture
def box(tree: Path, tmp_path: Path, flash_of_box: Path) -> Iterator[StandIn]:
    """A chip on which the small application runs."""
    if not flash_of_box.exists():
        with StandIn(tmp_path) as chip:
            to_pico(chip.tty)
        shutil.copyfile(chip.flash, flash_of_box)
    shutil.copyfile(flash_of_box, tmp_path / "flash.bin")
    with StandIn(tmp_path) as chip:
        yield chip


def to_pico(port: str, *options: object) -> int:
    return fairamp(deploy, "deploy", "--board", "pico", "--port", port, *options)


def on_chip(chip: StandIn, code: str) -> str:
    with repl.Chip(chip.tty) as prompt:
        return prompt.run(code)


def files_on(chip: StandIn) -> list[str]:
    return sorted(on_chip(chip, LIST_FILES).split())


def refused(expected: type[Exception], port: str, board: str = "pico") -> str:
    """The one line with which it ends."""
    with pytest.raises(expected) as caught:
        fairamp(deploy, "deploy", "--board", board, "--port", port)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_a_blank_chip_gets_everything_and_starts(tree: Path, blank: StandIn, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(blank.tty) == 0
    shown = capsys.readouterr().out
    assert f"copy: {ALL} of {ALL} files changed" in shown
    assert "connect: MicroPython 1.25 on Raspberry Pi Pico with RP2040" in shown
    assert "  box: 16 A on a Pico" in shown
    assert files_on(blank) == ON_PICO


def test_a_running_box_is_interrupted_and_nothing_is_copied_twice(box: StandIn, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(box.tty) == 0
    shown = capsys.readouterr().out
    assert f"copy: 0 of {ALL} files changed, 0 bytes" in shown
    assert "box: 16 A on a Pico" in shown
    # Once by the box on Ctrl-C, once by deploy.
    assert box.resets == 2
    assert "hold" not in files_on(box)


def test_one_changed_module_is_one_copied_file(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    bundle.build("pico")
    (tree / "shared/fairamp/units.py").write_text("AMPS = 32\n")
    to_pico(box.tty)
    shown = capsys.readouterr().out
    assert f"compile: 1 of {ALL} files" in shown
    assert f"copy: 1 of {ALL} files changed" in shown
    assert "box: 32 A on a Pico" in shown


def test_what_no_longer_belongs_goes_and_what_is_the_users_stays(
    tree: Path, box: StandIn, capsys: pytest.CaptureFixture
) -> None:
    extra = ("settings.json", "mine/notes.txt", "boards/old.py", "board.py", "hold")
    writing = f"for file in {extra}:\n    with open(file, 'w') as f:\n        f.write('kept')\n"
    on_chip(box, "import os\nos.mkdir('mine')\n" + writing)
    bundle.build("pico")
    shutil.rmtree(tree / "shared/fairamp/maps")
    to_pico(box.tty)
    assert "box: 16 A on a Pico" in capsys.readouterr().out
    left = [file for file in ON_PICO if not file.startswith("fairamp/maps")]
    assert files_on(box) == sorted([*left, "settings.json", "mine/notes.txt"])
    looking = "import os; print('maps' in os.listdir('fairamp'), open('settings.json').read())"
    assert on_chip(box, looking) == "False kept\n"
    assert not (tree / "build/deploy/pico/fairamp/maps").exists()


def test_the_files_are_compiled_and_can_be_imported(box: StandIn) -> None:
    shown = on_chip(box, "import microdot, fairamp.maps.alfen; print(microdot.__file__, microdot.Microdot())")
    assert shown.startswith("microdot/__init__.mpy <Microdot")


def test_board_is_the_one_that_was_named(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    with StandIn(tmp_path, ESP32) as chip:
        fairamp(deploy, "deploy", "--board", "esp32_devkitc", "--port", chip.tty)
        assert "box: 16 A on an ESP32" in capsys.readouterr().out
        drivers = [file for file in files_on(chip) if file.startswith("boards/chips")]
    assert drivers == ["boards/chips/__init__.mpy", "boards/chips/common.mpy", "boards/chips/esp32.mpy"]


def test_a_board_with_another_chip_is_refused_and_left_running(tree: Path, tmp_path: Path) -> None:
    with StandIn(tmp_path, "ESP32S3 module with ESP32S3") as chip:
        on_chip(chip, "f = open('main.py', 'w'); f.write('print(1)'); f.close()")
        line = refused(UsageError, chip.tty)
        assert "pico" in line and "rp2040" in line and "esp32s3" in line
        until(lambda: chip.resets == 1)
        assert files_on(chip) == ["main.py"]


def test_old_micropython_is_refused(tree: Path, blank: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "OLDEST", (1, 26))
    assert "MicroPython 1.25" in refused(Failure, blank.tty)
    assert files_on(blank) == []


def test_a_port_that_vanishes_during_a_reset(tree: Path, tmp_path: Path, box: StandIn) -> None:
    flash = tmp_path / "usb" / "flash.bin"
    flash.parent.mkdir()
    shutil.copyfile(box.flash, flash)
    with StandIn(flash.parent, vanishes=True) as chip:
        assert to_pico(chip.tty, "--log", 0.5) == 0
        assert chip.resets == 2


def test_a_chip_left_in_its_raw_prompt_by_a_broken_session(tree: Path, blank: StandIn) -> None:
    with serial.Serial(blank.tty) as port:
        port.write(b"\r\x01")
        assert port.read_until(b"raw REPL; CTRL-B to exit\r\n>").endswith(b">")
    assert to_pico(blank.tty) == 0


def test_through_a_socket(box: StandIn, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(box.url) == 0
    assert "box: 16 A on a Pico" in capsys.readouterr().out


def test_a_broken_connection_leaves_nothing_that_starts(
    tree: Path, box: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tree / "shared/fairamp/units.py").write_text("AMPS = 32\n")

    def hang_up(*_) -> None:
        assert box.client
        box.client.shutdown(socket.SHUT_RDWR)

    with monkeypatch.context() as context:
        context.setattr(deploy, "show_written", hang_up)
        assert "check the cable" in refused(Failure, box.url)
    assert "main.py" not in files_on(box)
    to_pico(box.tty)
    assert "box: 32 A on a Pico" in capsys.readouterr().out


def test_an_application_that_fails_at_once(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / "firmware/fairamp_box/app.py").write_text("def main(board):\n    board.charge()\n")
    with pytest.raises(Failure, match="the application failed at once"):
        to_pico(box.tty)
    assert 'File "fairamp_box.app", line 2, in main' in capsys.readouterr().out


def test_an_application_that_waits_for_its_settings(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / "firmware/fairamp_box/app.py").write_text("def main(board):\n    print('no settings')\n")
    assert to_pico(box.tty) == 0
    assert "  no settings\n" in capsys.readouterr().out


def test_the_log_is_cut_after_twenty_lines(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / "shared/fairamp/units.py").write_text("print('rst:0x1 (POWERON_RESET)')\nAMPS = 32\n")
    to_pico(box.tty)
    shown = re.findall(r"^  (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert shown == ["box: 32 A on a Pico"] + [f"line {i}" for i in range(19)]


def test_a_full_flash(tree: Path, tmp_path: Path) -> None:
    with StandIn(tmp_path, blocks=18) as chip:
        assert "copying microdot/microdot.mpy: its flash is full" in refused(Failure, chip.tty)
        assert "main.py" not in files_on(chip)


def test_an_unknown_board(tree: Path) -> None:
    assert "toaster" in refused(UsageError, "/dev/none", board="toaster")


def test_a_missing_port(tree: Path) -> None:
    assert refused(Failure, "/dev/none").startswith("/dev/none: no such port; ")


def test_a_busy_port(tree: Path, blank: StandIn) -> None:
    with serial.Serial(blank.tty, exclusive=True):
        assert "in use by another program" in refused(Failure, blank.tty)


def test_no_answer(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repl, "GLANCE_S", 0.1)
    monkeypatch.setattr(repl, "RESET_S", 0.2)
    monkeypatch.setattr(repl, "GIVE_UP_S", 0.5)
    with PseudoTerminal(tmp_path / "tty") as silent:
        started = time.monotonic()
        assert "no answer in 0.5 s" in refused(Failure, str(silent.path))
    assert time.monotonic() - started < 2


def test_a_mistake_in_the_source(tree: Path) -> None:
    (tree / "shared/fairamp/units.py").write_text("AMPS = 16\nAMPS = = 16\n")
    line = refused(Failure, "/dev/none")
    assert line.endswith("shared/fairamp/units.py, line 2: invalid syntax")
    (tree / "boards/pico.py").write_text("def connect(:\n")
    assert "boards/pico.py, line 1: " in refused(Failure, "/dev/none")


def test_the_real_application_runs_and_makes_way(
    tmp_path: Path, blank: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    # A copy, so that nobody's editor changes a file between the two.
    for folder in ("boards", "firmware", "shared"):
        shutil.copytree(bundle.ROOT / folder, tmp_path / "copy" / folder)
    monkeypatch.setattr(bundle, "ROOT", tmp_path / "copy")
    settings = """{"site": {"fuse": [25, 25, 25]}}"""
    on_chip(blank, f"f = open('settings.json', 'w'); f.write({settings!r}); f.close()")
    assert to_pico(blank.tty, "--log", 1) == 0
    assert "Fairamp" in capsys.readouterr().out
    assert to_pico(blank.tty, "--log", 0) == 0
    assert "copy: 0 of" in capsys.readouterr().out
    # The restart at the end of each, and between them the one into the prompt on Ctrl-C.
    until(lambda: blank.resets == 3)


def until(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
