"""Serial lines between the box and what hangs on them: pseudo-terminals, so that real bytes travel."""

import asyncio
import os
import tty
from collections.abc import Callable


def open_line() -> tuple[int, int]:
    """Two ends of a raw serial line, as file descriptors that do not block."""
    far, near = os.openpty()
    for end in (far, near):
        tty.setraw(end)
        os.set_blocking(end, False)
    return far, near


class PtyPort:
    """The box's end of a line, with the members that a board's port has."""

    stream = None

    def __init__(self, fd: int):
        self._fd = fd
        self._waiting = b""

    def init(self, baud, parity, stop) -> None:
        """A pseudo-terminal has no speed."""

    def any(self) -> int:
        if not self._waiting:
            try:
                self._waiting = os.read(self._fd, 4096)
            except BlockingIOError:
                return 0
        return len(self._waiting)

    def readinto(self, buffer) -> int | None:
        count = min(self.any(), len(buffer))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count or None

    def send(self, data) -> None:
        os.write(self._fd, data)

    def sent(self) -> bool:
        return True

    def listen(self) -> None:
        """A pseudo-terminal goes both ways at once."""


def answer_on(fd: int, answer: Callable[[bytes], tuple[bytes, float] | None], speed: int) -> None:
    """Lets `answer` reply to whatever arrives at this end of a line, some seconds later if it says so."""
    loop = asyncio.get_running_loop()

    def readable():
        reply = answer(os.read(fd, 4096))
        if reply:
            loop.call_later(reply[1] / speed, os.write, fd, reply[0])

    loop.add_reader(fd, readable)
