"""A serial port of this computer with the members that a board's port has, so that the box's own code reads meters."""

import os

from fairamp_desk import ports
from fairamp_desk.errors import Failure

try:
    from termios import error as TerminalError
except ImportError:  # Windows
    TerminalError = OSError  # type: ignore[assignment,misc]

PARITIES = {None: "N", 0: "E", 1: "O"}
WRITE_S = 1.0
PSEUDO = ("/dev/pts/", "/dev/ttys")


class SerialPort:
    """Opens at once. The members are those of PORT_MEMBERS in boards/interface.py; a port that is gone is a Failure."""

    stream = None

    def __init__(self, name: str):
        self.name = name
        self._port = ports.open_port(name)
        self._port.timeout = 0
        self._port.write_timeout = WRITE_S
        # A pseudo-terminal has neither speed nor parity: bytes come as they are.
        self._pseudo = os.path.realpath(str(self._port.port)).startswith(PSEUDO)

    def init(self, baud: int, parity: int | None, stop: int) -> None:
        if self._pseudo:
            return
        letter = PARITIES[parity]
        try:
            self._port.apply_settings({"baudrate": baud, "parity": letter, "stopbits": stop})
        except (OSError, ValueError, TerminalError):
            raise Failure(f"{self.name}: cannot have {baud} baud, 8{letter}{stop}") from None

    def any(self) -> int:
        return self._tried(lambda: self._port.in_waiting)

    def readinto(self, buffer) -> int | None:
        data = self._tried(lambda: self._port.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data) or None

    def send(self, data) -> None:
        self._tried(lambda: self._port.write(bytes(data)))

    def sent(self) -> bool:
        # Ports behind a network cannot tell.
        return not self._tried(lambda: getattr(self._port, "out_waiting", 0))

    def listen(self) -> None:
        """RS485 sticks see to it by themselves."""

    def close(self) -> None:
        self._port.close()

    def _tried(self, action):
        try:
            return action()
        except (OSError, TerminalError) as error:
            text = ports.plain(error) if isinstance(error, OSError) else str(error)
            raise Failure(f"{self.name}: the port is gone: {text}") from None
