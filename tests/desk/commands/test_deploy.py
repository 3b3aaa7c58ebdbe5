"""`fairamp deploy` and the chip that it finds; what it does with files stands in test_placing.py."""

import re
import shutil
import time
from pathlib import Path

import pytest
import serial  # type: ignore[import-untyped]

from fairamp_desk import starting
from fairamp_desk.chips import bundle
from fairamp_desk.chips import chip as repl
from fairamp_desk.commands import deploy
from fairamp_desk.errors import Failure, UsageError
from tests.desk.chips.chip import PseudoTerminal, StandIn, until
from tests.desk.chips.small_application import COMPILED, FILES, ON_PICO, change, files_on, on_chip, to_pico
from tests.desk.command_line import fairamp

ESP32 = "Generic ESP32 module with ESP32"
ALL = len(COMPILED)
START = "firmware/fairamp_box/start.py"


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
    assert f"compile: {ALL} of {ALL} files" in shown
    assert "connect: MicroPython 1.25 on Raspberry Pi Pico with RP2040" in shown
    assert "copy: fairamp.pack" in shown
    assert "  box: 16 A on a Pico" in shown
    assert files_on(blank) == ON_PICO


def test_a_running_box_is_interrupted_and_nothing_is_copied_twice(box: StandIn, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(box.tty) == 0
    shown = capsys.readouterr().out
    assert "copy: fairamp.pack is up to date" in shown
    assert "box: 16 A on a Pico" in shown
    # Once by the box on Ctrl-C, once by deploy.
    assert box.resets == 2
    assert "hold" not in on_chip(box, "import os; print(os.listdir())")


def test_one_changed_module_is_compiled_and_runs(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    bundle.build("pico")
    change(tree)
    to_pico(box.tty)
    shown = capsys.readouterr().out
    assert f"compile: 1 of {ALL} files" in shown
    assert "box: 32 A on a Pico" in shown


def test_without_a_port_it_only_compiles(tree: Path, capsys: pytest.CaptureFixture) -> None:
    assert fairamp(deploy, "deploy", "--board", "pico") == 0
    assert f"compile: {ALL} of {ALL} files" in capsys.readouterr().out
    made = tree / "build/deploy/pico"
    assert sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()) == COMPILED


def test_board_is_the_one_that_was_named(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    with StandIn(tmp_path, ESP32) as chip:
        fairamp(deploy, "deploy", "--board", "esp32_devkitc", "--port", chip.tty)
    assert "box: 16 A on an ESP32" in capsys.readouterr().out
    drivers = sorted(path.name for path in (tree / "build/deploy/esp32_devkitc/boards/chips").iterdir())
    assert drivers == ["__init__.mpy", "common.mpy", "esp32.mpy"]


def test_a_board_with_another_chip_is_refused_and_left_running(tree: Path, tmp_path: Path) -> None:
    with StandIn(tmp_path, "ESP32S3 module with ESP32S3") as chip:
        on_chip(chip, "f = open('main.py', 'w'); f.write('print(1)'); f.close()")
        before = chip.resets
        line = refused(UsageError, chip.tty)
        assert "pico" in line and "rp2040" in line and "esp32s3" in line
        until(lambda: chip.resets > before)
        assert files_on(chip) == ["main.py"]


def test_a_board_with_wifi_needs_a_micropython_with_it(tree: Path, blank: StandIn) -> None:
    line = refused(UsageError, blank.tty, board="pico_w")
    assert "the MicroPython at" in line and "has not (Raspberry Pi Pico with RP2040)" in line
    assert "take that of https://micropython.org/download/RPI_PICO_W: fairamp flash" in line


def test_old_micropython_is_refused(tree: Path, blank: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "OLDEST", (1, 26))
    assert "MicroPython 1.25" in refused(Failure, blank.tty)
    assert files_on(blank) == []


def test_a_port_that_vanishes_during_a_reset(
    tree: Path, tmp_path: Path, box: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "FIRST_LINE_S", 0.5)
    flash = tmp_path / "usb" / "flash.bin"
    flash.parent.mkdir()
    shutil.copyfile(box.flash, flash)
    with StandIn(flash.parent, vanishes=True) as chip:
        assert to_pico(chip.tty, "--log", 0.5) == 0
        assert chip.resets >= 2


def test_a_chip_left_in_its_raw_prompt_by_a_broken_session(tree: Path, blank: StandIn) -> None:
    with serial.Serial(blank.tty) as port:
        port.write(b"\r\x01")
        assert port.read_until(b"raw REPL; CTRL-B to exit\r\n>").endswith(b">")
    assert to_pico(blank.tty) == 0


def test_a_box_in_a_restart_loop(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    """It fails, its prompt comes up, and a moment later the watchdog that it left behind resets it."""
    held, _ = FILES[START].split('    print("box:"')
    (tree / START).write_text(f"import machine\n{held}    machine.unfed_watchdog()\n    1 / 0\n")
    with pytest.raises(Failure, match="the application has failed"):
        to_pico(box.tty)
    assert "ZeroDivisionError" in capsys.readouterr().out
    begun = box.resets
    until(lambda: box.resets >= begun + 2)
    (tree / START).write_text(FILES[START])
    assert to_pico(box.tty) == 0
    assert "box: 16 A on a Pico" in capsys.readouterr().out


def test_through_a_socket(box: StandIn, capsys: pytest.CaptureFixture) -> None:
    assert to_pico(box.url) == 0
    assert "box: 16 A on a Pico" in capsys.readouterr().out


def test_an_application_that_fails_at_once(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / START).write_text("def main(board, defaults):\n    board.charge()\n")
    with pytest.raises(Failure, match="the application has failed"):
        to_pico(box.tty)
    # Behind the line that tells what the joined module was made of.
    assert 'File "fairamp_box.start", line 3, in main' in capsys.readouterr().out


def test_an_application_that_ends(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / START).write_text("def main(board, defaults):\n    print('had enough')\n")
    with pytest.raises(Failure, match="the application has ended"):
        to_pico(box.tty)
    assert "  had enough\n" in capsys.readouterr().out


def test_an_application_whose_first_lines_are_lost(
    tree: Path, box: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(starting, "FIRST_LINE_S", 0.5)
    monkeypatch.setattr(starting, "CHATTER", re.compile(""))
    assert to_pico(box.tty) == 0
    assert "no line so far, but its program runs" in capsys.readouterr().out
    (tree / START).write_text("def main(board, defaults):\n    pass\n")
    with pytest.raises(Failure, match="has ended, and what it said is lost"):
        to_pico(box.tty)


def test_the_log_is_cut_after_twenty_lines(tree: Path, box: StandIn, capsys: pytest.CaptureFixture) -> None:
    (tree / "shared/fairamp/units.py").write_text("print('rst:0x1 (POWERON_RESET)')\nAMPS = 32\n")
    to_pico(box.tty)
    shown = re.findall(r"^  (box.*|line.*|rst.*)$", capsys.readouterr().out, re.MULTILINE)
    assert shown == ["box: 32 A on a Pico"] + [f"line {i}" for i in range(19)]


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
    change(tree)
    (tree / "boards/pico.py").write_text("def connect(:\n")
    assert "boards/pico.py, line 1: " in refused(Failure, "/dev/none")
