"""Asks a Modbus device over TCP or on a serial line, with errors that say what to look at."""

import re
import socket
import time
from pathlib import Path
from typing import Any

from fairamp.modbus.client import BadReply, Refused, RtuExchange
from fairamp.modbus.frames import MAX_RTU, MAX_WRITE, READ_HOLDING
from fairamp.modbus.tcp_exchange import TcpExchange
from fairamp_desk import ports
from fairamp_desk.errors import Failure, UsageError

try:
    from termios import error as TerminalError
except ImportError:  # Windows
    TerminalError = OSError  # type: ignore[assignment,misc]

ANSWER_S = 1.0
CONNECT_S = 3.0
BITS_PER_BYTE = 11
# Silence between frames is never shorter than this, however fast the line.
LEAST_GAP_S = 0.002


class Link:
    """One device, opened when it is first asked, and again after a failure."""

    # How often a read is tried before it is given up.
    tries = 1
    advice = ""

    def __init__(self, where: str, exchange: RtuExchange | TcpExchange, answer_s: float):
        self.where = where
        self._exchange: Any = exchange
        self._answer_s = answer_s

    def read(self, unit: int, address: int, count: int) -> bytes:
        """The words, high bytes first. Refused when the device says no, Failure when it says nothing or nonsense."""
        self._carry(unit, self._exchange.ask(unit, READ_HOLDING, address, count), self.tries)
        at = self._exchange.words()
        return bytes(self._exchange.reply[at : at + 2 * count])

    def write(self, unit: int, address: int, words: bytes) -> None:
        """One word alone with function 6, several with 16. Never tried twice: it may have been carried out."""
        if len(words) == 2:
            request = self._exchange.write_one(unit, address, int.from_bytes(words, "big"))
        else:
            request = self._exchange.write_many(unit, address, words)
        self._carry(unit, request, 1)

    def close(self) -> None:
        raise NotImplementedError

    def _open(self) -> None:
        raise NotImplementedError

    def _send(self, request) -> None:
        raise NotImplementedError

    def _receive(self, seconds: float) -> bytes:
        """What came; nothing after so much silence."""
        raise NotImplementedError

    def _carry(self, unit, request, tries):
        try:
            self._open()
            for _ in range(tries):
                self._send(request)
                if self._heard_all():
                    return self._exchange.check()
        except Refused:
            raise
        except BadReply as problem:
            self.close()
            raise Failure(f"{self.where} unit {unit}: {problem}") from None
        except OSError as error:
            self.close()
            raise Failure(f"{self.where}: {ports.plain(error)}") from None
        self.close()
        raise Failure(f"{self.where} unit {unit}: {self._silence(tries)}")

    def _heard_all(self) -> bool:
        """Waits for the whole reply, but not for ever."""
        end = time.monotonic() + self._answer_s
        while (left := end - time.monotonic()) > 0:
            data = self._receive(left)
            if self._exchange.feed(data, len(data)):
                return True
        return False

    def _silence(self, tries):
        heard = self._exchange.heard
        what = f"{heard} bytes came, but no reply to this" if heard else "no answer"
        often = f" ({tries} tries)" if tries > 1 else ""
        return f"{what} in {1000 * self._answer_s:.0f} ms{often}; {self.advice}"


class TcpLink(Link):
    advice = "check --unit, and whether another energy manager keeps the box busy"

    def __init__(self, host: str, port: int):
        super().__init__(f"{host}:{port}", TcpExchange(MAX_WRITE), ANSWER_S)
        self._address = host.strip("[]"), port
        self._socket: Any = None

    def close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = None

    def _open(self):
        if self._socket:
            return
        try:
            self._socket = socket.create_connection(self._address, CONNECT_S)
        except ConnectionRefusedError:
            raise Failure(f"{self.where}: connection refused; is this the port that these registers are on?") from None
        except TimeoutError:
            raise Failure(
                f"{self.where}: no connection in {1000 * CONNECT_S:.0f} ms; is it on, and is this its address?"
            ) from None
        except socket.gaierror:
            raise Failure(f"{self.where}: nobody knows this host; write its address in numbers") from None
        except UnicodeError:
            raise UsageError(f"{self.where}: not the name of a host") from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _send(self, request):
        self._socket.settimeout(self._answer_s)
        self._socket.sendall(request)

    def _receive(self, seconds):
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(1024)
        except TimeoutError:
            return b""
        except ConnectionResetError:
            data = b""
        if not data:
            raise BadReply("it closed the connection; perhaps another energy manager has the only one there is")
        return data


class SerialLink(Link):
    tries = 2
    advice = "check wires A and B, --unit, --baud and --parity"

    def __init__(self, device: str, baud: int, parity: str):
        byte_s = BITS_PER_BYTE / baud
        super().__init__(device, RtuExchange(MAX_WRITE), ANSWER_S + 2 * MAX_RTU * byte_s)
        self._baud = baud
        self._parity = parity
        self._gap_s = max(LEAST_GAP_S, 3.5 * byte_s)
        self._port: Any = None

    def close(self) -> None:
        if self._port:
            self._port.close()
        self._port = None

    def _open(self):
        if self._port:
            return
        try:
            self._port = ports.open_port(self.where)
        except UsageError as error:
            raise UsageError(str(error).removeprefix("--port ")) from None
        try:
            self._port.baudrate = self._baud
            self._port.parity = self._parity
        except (OSError, ValueError, TerminalError):
            self.close()
            raise Failure(f"{self.where}: cannot have {self._baud} baud with parity {self._parity}") from None

    def _send(self, request):
        time.sleep(self._gap_s)
        while waiting := self._port.in_waiting:
            self._port.read(waiting)
        self._port.write(bytes(request))

    def _receive(self, seconds):
        self._port.timeout = seconds
        return self._port.read(self._port.in_waiting or 1)


def open_link(target: str, baud: int, parity: str) -> Link:
    """HOST:PORT, or a serial device."""
    host, _, port = target.rpartition(":")
    named = target == "auto" or target.startswith(("id:", "port:")) or re.fullmatch(r"[auc]\d|COM\d+", target)
    if named or "/" in target or Path(target).exists():
        return SerialLink(target, baud, parity)
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"{target}: neither HOST:PORT, for example 192.168.1.20:502, nor a serial device")
    return TcpLink(host, int(port))
