"""`fairamp registers watch`: changes as lines, or a picture that is painted again, until somebody ends it."""

import os
import pty
import re
import signal
import socket
import subprocess
import threading
from contextlib import ExitStack, contextmanager

from tests.desk.commands.modbus_servers import served, words
from tests.desk.commands.registers_command import of_map
from tests.desk.twin.twin_process import FAIRAMP

COMMAND = "registers"


@contextmanager
def watching(*args, **streams):
    """A process that is ended after a while, so that nobody waits for ever for what it should have said."""
    streams = streams or {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*FAIRAMP, "registers", *args], start_new_session=True, **streams)
    limit = threading.Timer(15, process.kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        process.kill()
        process.wait(5)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def test_watch_prints_changes_and_ends_with_a_success(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    ask(target, *options, "write", "amps_to_use", "11")
    with watching(target, *options, "watch", "amps_to_use", "amp_limit") as process:
        lines = [process.stdout.readline() for _ in range(2)]
        assert [line.split(" ", 1)[1] for line in lines] == ["amp_limit 32 A\n", "amps_to_use 11 A\n"]
        assert re.match(r"\d\d:\d\d:\d\d ", lines[0])
        ask(target, *options, "write", "amps_to_use", "12")
        assert process.stdout.readline().endswith(" amps_to_use 12 A\n")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=5) == ("", "")
        assert process.returncode == 0


def test_watch_repaints_in_place_on_a_terminal(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    ask(target, *options, "write", "amps_to_use", "13")
    screen, terminal = pty.openpty()
    size = {"COLUMNS": "70", "LINES": "12", "TERM": "xterm-256color"}
    seen = b""

    def until(part):
        nonlocal seen
        while part not in seen:
            seen += os.read(screen, 4096)

    with watching(target, *options, "watch", stdout=terminal, stderr=terminal, env={**os.environ, **size}) as process:
        os.close(terminal)
        until(b"do not fit")
        assert b"\x1b[1A" not in seen
        until(b"\x1b[1A")  # painted again over the first picture
        process.send_signal(signal.SIGINT)
        until(b"\x1b[?25h")  # the cursor is back
        assert process.wait(5) == 0
    os.close(screen)
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen)
    assert b"voltage_l1" in plain and b"230 V" in plain and b"Traceback" not in plain
    assert all(len(line) <= 70 for line in plain.split(b"\r\n")[:10])


def test_watch_survives_a_box_that_is_away_for_a_while():
    with ExitStack() as later:
        with served({1: {15: words(10)}}) as (target, _):
            process = later.enter_context(watching(target, "--map", "teltocharge", "watch", "amps_to_use"))
            assert process.stdout.readline().endswith(" amps_to_use 10 A\n")
        assert process.stderr.readline().startswith(f"trying again: {target}")
        with served({1: {15: words(9)}}, port=int(target.split(":")[1])):
            assert process.stdout.readline().endswith(" amps_to_use 9 A\n")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        assert process.returncode == 0


def test_watch_of_nobody_fails_at_once():
    with socket.create_server(("127.0.0.1", 0)) as free:
        target = f"127.0.0.1:{free.getsockname()[1]}"
    with watching(target, "--map", "alfen", "watch") as process:
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err.count("\n")) == (1, "", 1)


def test_a_reader_that_has_seen_enough_is_no_trouble(twin):
    target, *options = of_map(twin, "alfen")
    for action in ("read", "watch"):
        with watching(target, *options, action) as process:
            process.stdout.readline()
            process.stdout.close()
            assert process.wait(10) == 0
            assert process.stderr.read() == ""
