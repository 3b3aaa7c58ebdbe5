import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairamp_desk.commands import monitor
from fairamp_desk.errors import Failure
from tests.desk.chips.chip import PseudoTerminal
from tests.desk.command_line import fairamp

START = (
    "import sys; from fairamp_desk.commands import monitor; from tests.desk.command_line import fairamp; "
    "sys.exit(fairamp(monitor, 'monitor', '--port', sys.argv[1]))"
)


@contextlib.contextmanager
def monitoring(port: object) -> Iterator[subprocess.Popen]:
    """The command in a process of its own, listening."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    )
    try:
        assert heard(process) == f"-- {port}: log of the board, Ctrl-C ends"
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen) -> str:
    """The next line that it shows."""
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], 10)
    assert ready, "no line in 10 s"
    return process.stdout.readline().decode().rstrip("\n")


def interrupted(process: subprocess.Popen) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(10)


def test_lines_are_shown_until_ctrl_c(tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path / "tty") as board, monitoring(board.path) as process:
        board.send(b"12.300 pilot: car ")
        board.send("arrived, 16 A at 50 °C\r\n\x1b[2Jlate\xff\r\n".encode("latin-1").replace(b"\xb0", b"\xc2\xb0"))
        assert heard(process) == "12.300 pilot: car arrived, 16 A at 50 °C"
        assert heard(process) == "[2Jlate\N{REPLACEMENT CHARACTER}"
        assert interrupted(process) == 0
        with pytest.raises(BlockingIOError):
            os.read(board.near, 1)


def test_a_port_that_comes_back(tmp_path: Path) -> None:
    with PseudoTerminal(tmp_path / "tty") as board, monitoring(board.path) as process:
        board.send(b"before\r\nhalf a li")
        assert heard(process) == "before"
        board.pull_out()
        assert heard(process) == "half a li"
        assert heard(process) == f"-- {board.path} is gone, waiting for it"
        board.plug_in()
        assert heard(process) == f"-- {board.path} is back"
        board.send(b"after\r\n")
        assert heard(process) == "after"
        board.pull_out()
        assert heard(process) == f"-- {board.path} is gone, waiting for it"
        assert interrupted(process) == 0
        board.plug_in()


def test_through_a_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, monitoring(address(server)) as process:
        with server.accept()[0] as board:
            board.sendall(b"over the network\r\n")
            assert heard(process) == "over the network"
        assert heard(process) == f"-- {address(server)} is gone, waiting for it"
        assert heard(process) == f"-- {address(server)} is back"
        assert interrupted(process) == 0


def address(server: socket.socket) -> str:
    return f"socket://127.0.0.1:{server.getsockname()[1]}"


def test_a_missing_port() -> None:
    with pytest.raises(Failure, match="/dev/none: no such port"):
        fairamp(monitor, "monitor", "--port", "/dev/none")
