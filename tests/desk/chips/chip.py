"""The stand-in of a chip: a real MicroPython with the heap of a Pico, at a socket:// address and a pseudo-terminal.

Its flash is a file and survives resets. Like the USB of an RP2040, the pseudo-terminal can vanish for a
moment when the chip resets.
"""

import contextlib
import os
import re
import selectors
import signal
import socket
import subprocess
import threading
import time
import tty
from collections.abc import Callable
from pathlib import Path

from tests.runtimes import command

BOOT = Path(__file__).with_name("chip_boot.py")
PICO = "Raspberry Pi Pico with RP2040"
GONE_S = 0.3
WATCHDOG_S = 0.4
# That of a Pico, and what the stand-in itself takes.
HEAP = "272k"
BLOCK = 4096


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class PseudoTerminal:
    """A device file under a fixed name; nobody needs to listen at its other end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.near = self.far = -1

    def plug_in(self) -> None:
        self.near, self.far = os.openpty()
        tty.setraw(self.far)
        os.set_blocking(self.near, False)
        self.path.symlink_to(os.ttyname(self.far))

    def pull_out(self) -> None:
        self.path.unlink()
        os.close(self.near)
        os.close(self.far)

    def send(self, data: bytes) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self.near, data)

    def __enter__(self) -> "PseudoTerminal":
        self.plug_in()
        return self

    def __exit__(self, *_) -> None:
        self.pull_out()


class StandIn:
    """`rom`: blocks of its ROMFS partition; `heap`: of its MicroPython."""

    def __init__(
        self,
        folder: Path,
        machine: str = PICO,
        blocks: int = 352,
        vanishes: bool = False,
        rom: int = 0,
        heap: str = HEAP,
    ) -> None:
        self.flash = folder / "flash.bin"
        if not self.flash.exists():
            self.flash.write_bytes(b"\xff" * BLOCK * blocks)
        self.rom = folder / "rom.bin" if rom else None
        if self.rom and not self.rom.exists():
            self.rom.write_bytes(b"\xff" * BLOCK * rom)
        self.command = command("mp32", heap)
        self.drive = folder / "drive"
        self.machine, self.blocks, self.vanishes = machine, blocks, vanishes
        self.resets = 0
        self.link = PseudoTerminal(folder / "tty")
        self.tty = str(self.link.path)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"socket://127.0.0.1:{self.server.getsockname()[1]}"
        self.client: socket.socket | None = None
        self.selector = selectors.DefaultSelector()
        self.powered = True
        self.doom = float("inf")
        self.thread = threading.Thread(target=self.work)

    def __enter__(self) -> "StandIn":
        self.link.plug_in()
        self.watch(self.link.near, self.on_terminal)
        self.watch(self.server, self.on_connect)
        self.start("boot")
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.powered = False
        self.thread.join()
        self.stop()
        self.link.pull_out()
        self.server.close()
        if self.client:
            self.client.close()

    def watch(self, file: object, handler: Callable[[], None]) -> None:
        self.selector.register(file, selectors.EVENT_READ, handler)  # type: ignore[arg-type]

    def start(self, mode: str) -> None:
        self.news, pipe = os.pipe()
        os.set_blocking(self.news, False)
        self.state = b"B"
        self.before = b""
        arguments = [
            str(self.flash),
            f"/proc/self/fd/{pipe}",
            mode,
            str(self.blocks),
            str(self.rom or ""),
            self.machine,
        ]
        self.process = subprocess.Popen(
            [*self.command, str(BOOT), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            pass_fds=(pipe,),
        )
        os.close(pipe)
        assert self.process.stdout
        self.watch(self.process.stdout, self.on_output)

    def stop(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.selector.unregister(self.process.stdout)
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        os.close(self.news)

    def work(self) -> None:
        while self.powered:
            for key, _ in self.selector.select(0.05):
                key.data()
            self.read_news()
            if time.monotonic() > self.doom:
                # Unlike a soft reset this ends the watchdog, too.
                self.doom = float("inf")
                self.process.kill()

    def on_connect(self) -> None:
        if self.client:
            self.hang_up()
        self.client = self.server.accept()[0]
        self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.watch(self.client, self.on_client)

    def on_client(self) -> None:
        assert self.client
        data = b""
        with contextlib.suppress(ConnectionError):
            data = self.client.recv(4096)
        if data:
            self.type(data)
        else:
            self.hang_up()

    def hang_up(self) -> None:
        assert self.client
        self.selector.unregister(self.client)
        self.client.close()
        self.client = None

    def on_terminal(self) -> None:
        self.type(os.read(self.link.near, 4096))

    def on_output(self) -> None:
        assert self.process.stdout
        data = os.read(self.process.stdout.fileno(), 4096)
        if not data:
            self.restart()
            return
        # A chip sends every line end as \r\n.
        cooked = re.sub(rb"(?<!\r)\n", b"\r\n", self.before + data)[len(self.before) :]
        self.before = b"\r" if data.endswith(b"\r") else b""
        self.link.send(cooked)
        if self.client:
            with contextlib.suppress(ConnectionError):
                self.client.sendall(cooked)

    def type(self, data: bytes) -> None:
        """Keys for the chip; Ctrl-C interrupts a program, is lost while it starts, is a key at the prompt."""
        for piece in re.findall(rb"\x03|[^\x03]+", data):
            self.read_news()
            if piece == b"\x03" and self.state == b"P":
                self.process.send_signal(signal.SIGINT)
            elif piece != b"\x03" or self.state == b"R":
                self.write(piece)

    def write(self, piece: bytes) -> None:
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(piece)

    def read_news(self) -> None:
        with contextlib.suppress(BlockingIOError):
            news = os.read(self.news, 4096)
            if b"W" in news:
                self.doom = time.monotonic() + WATCHDOG_S
            self.state = news.replace(b"W", b"")[-1:] or self.state

    def restart(self) -> None:
        """After the process has ended itself: a reset."""
        self.read_news()
        state = self.state
        self.stop()
        if state == b"L":
            self.offer_drive()
        if state != b"S":
            self.doom = float("inf")
            self.resets += 1
            if self.vanishes:
                self.reconnect()
        self.start("raw" if state == b"S" else "boot")

    def reconnect(self) -> None:
        self.selector.unregister(self.link.near)
        self.link.pull_out()
        time.sleep(GONE_S)
        self.link.plug_in()
        self.watch(self.link.near, self.on_terminal)

    def offer_drive(self) -> None:
        self.drive.mkdir()
        (self.drive / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n")
