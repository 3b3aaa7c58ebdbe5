"""Network addresses as people write them, with errors that say what to look at."""

import socket

from fairamp_box.io.streams import NOBODY
from fairamp_desk import ports
from fairamp_desk.errors import Failure, UsageError

CONNECT_S = 3.0


def split(text: str) -> tuple[str, int | None]:
    """(host, port or None) of HOST, HOST:PORT or [HOST]:PORT."""
    host, colon, port = text.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")):
        host, port = text, ""
    elif not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"--host {text}: {port!r} is not a port, for example 502")
    host = host.strip("[]")
    if not host or not host.isprintable() or " " in host:
        raise UsageError(f"--host {text}: not the address of a host, for example 192.168.1.20")
    return host, int(port) if port else None


def numeric(host: str) -> str:
    """The address in numbers."""
    try:
        return socket.gethostbyname(host)
    except (OSError, UnicodeError):
        raise Failure(f"{host}: nobody knows this host; write its address in numbers") from None


# Who refuses a connection, and what to look at.
METER = "connection refused; is Modbus TCP switched on, and this its port?"
GATEWAY = NOBODY


def reach(host: str, port: int, refused: str = METER) -> None:
    """Makes a connection and ends it; a Failure says why there is none."""
    where = f"{host}:{port}"
    try:
        socket.create_connection((host, port), CONNECT_S).close()
    except ConnectionRefusedError:
        raise Failure(f"{where}: {refused}") from None
    except TimeoutError:
        raise Failure(f"{where}: no connection in {CONNECT_S:.0f} s; is it on, and is this its address?") from None
    except (socket.gaierror, UnicodeError):
        raise Failure(f"{host}: nobody knows this host; write its address in numbers") from None
    except OSError as error:
        raise Failure(f"{where}: {ports.plain(error)}") from None
