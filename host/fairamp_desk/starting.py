"""Watches a box start, by its log."""

import contextlib
import re
import time

import serial  # type: ignore[import-untyped]

from fairamp_box.safe_mode import NOT_STARTED
from fairamp_desk import ports
from fairamp_desk.chips.chip import GLANCE_S, SHOW_PROMPT, until_prompt
from fairamp_desk.commands.monitor import log_lines
from fairamp_desk.errors import Failure

FIRST_LINE_S = 8.0
LOG_S = 5.0
LOG_LINES = 20
# What the ROM of an ESP32 says before MicroPython starts, and the first line of MicroPython's own prompt.
CHATTER = re.compile(
    "ets |rst:|configsip:|clk_drv:|mode:|load:|entry |ESP-ROM:|Build:|SPIWP:|Saved PC:|MicroPython v|MPY: soft reboot"
)
# The line that MicroPython prints above its prompt: no program runs.
AT_PROMPT = 'Type "help()"'
TRACEBACK = "Traceback (most recent call last):"


def show_log(name: str, port: serial.SerialBase, seconds: float) -> None:
    """The log until time or space is up; Failure when the box does not run."""
    deadline = time.monotonic() + FIRST_LINE_S
    shown: list[str] = []
    with contextlib.closing(log_lines(name, port, say=lambda _: None)) as lines:
        for line in lines:
            if time.monotonic() > deadline or len(shown) == LOG_LINES:
                break
            if line is None or not line.strip() or CHATTER.match(line):
                continue
            if line.startswith(AT_PROMPT):
                failed = "failed" if TRACEBACK in shown else "ended"
                raise Failure(f"{name}: the application has {failed}; the lines above say why")
            if not shown:
                deadline = time.monotonic() + seconds
            print(" ", line, flush=True)
            shown.append(line)
            if NOT_STARTED in line:
                raise Failure(f"{name}: the box waits for its settings; the lines above say what is wrong")
    if not shown:
        check_running(name)


def check_running(name: str) -> None:
    """For a box that is silent: its first lines may be lost, when its port vanishes during the reset."""
    with ports.open_port(name) as port:
        if until_prompt(port, SHOW_PROMPT, GLANCE_S):
            raise Failure(f"{name}: the application has ended, and what it said is lost; deploy again")
    print("  no line so far, but its program runs")
