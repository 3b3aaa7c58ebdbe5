"""A chip that runs MicroPython: brought to its prompt, then spoken to with mpremote."""

import binascii
import contextlib
import errno
import io
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator

import serial  # type: ignore[import-untyped]
from mpremote.transport import TransportError, TransportExecError  # type: ignore[import-untyped]
from mpremote.transport_serial import SerialTransport  # type: ignore[import-untyped]

from fairamp_box.start import HELD, HOLD_FILE
from fairamp_desk import ports
from fairamp_desk.errors import Failure

PROMPT = b">>> "
SHOW_PROMPT = b"\r"
# Ctrl-C, and Ctrl-B to leave the raw prompt, in which a broken session may have left the chip.
INTERRUPT = b"\r\x03\x02"
# A watchdog that somebody has started cannot be stopped, but a reset ends it.
HOLD = f"import machine; open({HOLD_FILE!r}, 'w').close(); machine.reset()\r".encode()
GLANCE_S = 0.3
# Our firmware answers Ctrl-C with a reset into the prompt; a second Ctrl-C meanwhile would disturb that.
RESET_S = 5
ECHO_S = 1
GIVE_UP_S = 30
ANSWER_S = 10
# Fewer, longer pieces than mpremote's 256, compressed: the time goes into the answers and the line.
PIECE = 4096
UNPACK = """
from binascii import a2b_base64
from deflate import RAW, DeflateIO
from io import BytesIO
def unpack(text):
    return DeflateIO(BytesIO(a2b_base64(text)), RAW, 9).read()
"""
WINDOW_BITS = 9
FULL = "its flash is full; remove files of your own"
RESET = "import time, machine; time.sleep_ms(100); machine.reset()"
BOOT_LOADER = "import time, machine; time.sleep_ms(100); machine.bootloader()"


class Chip(SerialTransport):
    """mpremote's commands on a chip in its raw prompt, with a clean heap.

    mpremote would open the port itself, and that can reset the chip; so it takes the one on which
    reach_prompt() found the prompt.
    """

    def __init__(self, name: str) -> None:
        self.device_name = name
        self.serial = reach_prompt(name)
        self.serial.timeout = ANSWER_S
        self.in_raw_repl = False
        self.use_raw_paste = True
        self.mounted = False
        self.is_pty = False
        # mpremote prints what it does not understand.
        with self.failures("entering the raw prompt"), contextlib.redirect_stdout(io.StringIO()):
            self.enter_raw_repl()

    def __enter__(self) -> "Chip":
        return self

    def __exit__(self, *_) -> None:
        self.serial.close()

    def run(self, code: str) -> str:
        """What a piece of MicroPython prints on the chip."""
        return self.exec(code).decode().replace("\r\n", "\n")

    def write(self, path: str, data: bytes, progress: Callable[[int], None]) -> None:
        """Makes a file; calls progress(bytes written)."""
        self.send(data, progress, before=f"file = open({path!r}, 'wb')", each="file.write(piece)")
        self.run("file.close()")

    def send(self, data: bytes, progress: Callable[[int], None], before: str, each: str) -> None:
        """Hands over bytes: `each` is run on the chip for every `piece` of them, of which the first is at `at`."""
        self.run(UNPACK + before)
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            self.run(f"at, piece = {at}, unpack({squeezed(piece)!r})\n{each}")
            progress(at + len(piece))

    def leave(self, code: str) -> serial.SerialBase:
        """Starts what gives no answer because the chip is gone then; the port, to listen to what follows."""
        # The port may be gone, too, before all of it was heard.
        with contextlib.suppress(OSError):
            self.exec_raw_no_follow(code)
        self.serial.timeout = ports.QUIET_S
        return self.serial

    @contextlib.contextmanager
    def failures(self, doing: str) -> Iterator[None]:
        """Every way in which the chip or the connection can fail, as one line."""
        try:
            yield
        except TransportExecError as error:
            complaint = last_line(error.error_output)
            why = FULL if f"OSError: {errno.ENOSPC}" in complaint or "ENOSPC" in complaint else complaint
            raise self.failed(doing, why) from error
        except TransportError as error:
            raise self.failed(doing, "no proper answer; was the board reset or unplugged? try again") from error
        except serial.SerialException as error:
            raise self.failed(doing, f"{ports.plain(error)}; check the cable and try again") from error
        except OSError as error:
            raise self.failed(doing, os.strerror(error.errno or errno.EIO)) from error
        except (ValueError, struct.error) as error:
            raise self.failed(doing, "the answer is garbled; check the cable and try again") from error

    def failed(self, doing: str, why: str) -> Failure:
        return Failure(f"{self.device_name}: {doing}: {why}")


def squeezed(data: bytes) -> bytes:
    packer = zlib.compressobj(level=9, wbits=-WINDOW_BITS)
    return binascii.b2a_base64(packer.compress(data) + packer.flush(), newline=False)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]


def reach_prompt(name: str) -> serial.SerialBase:
    """A port with the friendly prompt at its other end and no watchdog behind it, whatever the chip was doing.

    On Ctrl-C a box resets. A chip with USB of its own takes the port with it and brings it back.
    """
    deadline = time.monotonic() + GIVE_UP_S
    port = ports.open_port(name)
    patience = GLANCE_S
    calm = False
    while time.monotonic() < deadline:
        try:
            heard = until_prompt(port, SHOW_PROMPT, patience) or until_prompt(port, INTERRUPT, RESET_S)
            if HELD.encode() in heard or (heard and calm):
                return port
            if heard:
                patience = RESET_S
                calm = True  # also when the port is gone before it has answered
                calm = takes(port, HOLD)
        except OSError:
            port.close()
            port = open_again(name, deadline)
            patience = RESET_S
    port.close()
    raise Failure(f"{name}: no answer in {GIVE_UP_S} s; is it the right port, and MicroPython on the chip?")


def until_prompt(port: serial.SerialBase, keys: bytes, seconds: float) -> bytes:
    """What is heard after these keys, if a prompt with nothing behind it ends it; otherwise nothing."""
    deadline = time.monotonic() + seconds
    port.write(keys)
    heard = b""
    while time.monotonic() < deadline:
        more = port.read(port.in_waiting or 1)
        heard += more
        if heard.endswith(PROMPT) and not more:
            return heard
    return b""


def takes(port: serial.SerialBase, line: bytes) -> bool:
    """Types a line at the prompt; False when it is not echoed, because a watchdog was faster."""
    deadline = time.monotonic() + ECHO_S
    port.write(line)
    heard = b""
    while line.strip() not in heard and time.monotonic() < deadline:
        heard += port.read(port.in_waiting or 1)
    return line.strip() in heard


def open_again(name: str, deadline: float) -> serial.SerialBase:
    """The port as soon as it is back; a moment after it appears it may still refuse."""
    while True:
        try:
            return ports.open_port(name)
        except Failure:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)
