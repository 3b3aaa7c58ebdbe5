"""The port of multicast DNS. Some MicroPython holds it by itself, and then nobody else can have it."""

import socket

from fairamp_box.io.streams import socket_address

PORT = 5353


def open_port():
    """A socket at that port, which does not block; OSError when it is taken."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        line.setblocking(False)
        # Others on the same machine listen on this port too.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        option(line, socket.SOL_SOCKET, "SO_REUSEPORT", 15, 1)
        line.bind(socket_address("0.0.0.0", PORT))
    except BaseException:
        line.close()
        raise
    return line


def is_taken() -> bool:
    try:
        open_port().close()
    except OSError:
        return True
    return False


def option(line, level, name, number, value) -> None:
    """Sets an option where there is one. MicroPython on Linux has it without its name, a chip does not have it."""
    if hasattr(socket, name):
        number = getattr(socket, name)
    elif hasattr(socket, "IP_ADD_MEMBERSHIP"):
        return
    line.setsockopt(level, number, value)
