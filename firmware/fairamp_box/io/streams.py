"""Connections: where they come in, and what asyncio's streams do differently on CPython and on MicroPython."""

import asyncio
import select
import socket

from fairamp.addresses import is_numeric

CONNECT_POLL_MS = 10
# EINPROGRESS of Linux and the RP2, of the ESP32, and of macOS.
CONNECTING = (115, 119, 36)
NOBODY = "nobody listens there: is it on, is its Modbus or web server switched on, is the port right?"
AWAY = "no answer: is it on and in this network, is the address right?"
CLOSED = "it closed the connection: is the port right, do others take all its connections?"
# Numbers of errors: of Linux and the RP2, of the ESP32 where it has others, and of macOS.
WHY = (
    ((111, 61), NOBODY),  # ECONNREFUSED
    # ETIMEDOUT, EHOSTUNREACH, ENETUNREACH; 113 of an ESP32 is ECONNABORTED, which it tells after many tries
    ((110, 116, 60, 113, 118, 65, 101, 114, 51), AWAY),
    ((104, 54, 103, 53, 32), CLOSED),  # ECONNRESET, ECONNABORTED, EPIPE
)


class Door:
    """`what` is served there. `announced`: the local network is told of it; `for_people`: it is the one for a browser.

    `routes`: further (path, handler) of the page, for POST. `basic(address, user, password, access)`: the role of who
    comes with HTTP Basic; None = nobody may, as it shows the password to whoever listens.
    """

    announced = True
    for_people = False
    routes: tuple = ()
    basic: object = None

    def __init__(self, what: str, host: str, port: int):
        self.what = what
        self.host = host
        self.port = port

    async def open(self, serve):
        """Whoever comes from now on is handed to serve(reader, writer); OSError when it cannot be opened."""
        return await asyncio.start_server(serve, self.host, self.port)


async def shut(writer) -> None:
    """Closes a connection now, whatever is still to be sent."""
    transport = getattr(writer, "transport", None)
    if transport is None:
        # MicroPython closes the socket here, and only here.
        await writer.wait_closed()
    elif transport.get_write_buffer_size():
        transport.abort()
    else:
        writer.close()


def peer(writer) -> str:
    """Network address of the other side."""
    address = writer.get_extra_info("peername")
    if isinstance(address, (bytes, bytearray)):
        # The unix port hands out the raw structure: family, port, four bytes of address.
        return ".".join(str(part) for part in address[4:8])
    return address[0]


def socket_address(host: str, port: int):
    """As this platform's sockets want it."""
    return socket.getaddrinfo(host, port)[0][-1]


def check(listener) -> None:
    """OSError once it is over: MicroPython's listener ends for good when it has no memory for a newcomer."""
    task = getattr(listener, "task", None)
    if task is not None and task.done():
        raise OSError("the port takes nobody any more")


def why(error):
    """Why there is no connection to a gateway or a meter, and what to look at, on every platform in the same words."""
    for numbers, words in WHY:
        if error.errno in numbers:
            return words
    return str(error) or repr(error)


async def connect(host: str, port: int, clock):
    """(reader, writer); OSError says why there is no connection. May be cancelled at any moment."""
    if not is_numeric(host):
        # Asking for the address of a name holds up all tasks of a chip, up to the watchdog.
        raise OSError(host[:40] + " is a name; enter the address in numbers, such as 192.168.1.20")
    if not hasattr(asyncio, "sleep_ms"):
        return await asyncio.open_connection(host, port)
    # MicroPython's own open_connection leaves the socket open when it is cancelled, and a chip has few.
    stream = asyncio.StreamReader(await connected(host, port, clock))
    return stream, stream


async def connected(host: str, port: int, clock):
    """A socket that does not block; what was wrong with the connection, its first use tells. May be cancelled."""
    line = socket.socket()
    try:
        line.setblocking(False)
        try:
            line.connect(socket_address(host, port))
        except OSError as error:
            if error.errno not in CONNECTING:
                raise
        poller = select.poll()
        poller.register(line, select.POLLOUT)
        while not poller.poll(0):
            await clock.sleep(CONNECT_POLL_MS)
    except BaseException:
        line.close()
        raise
    return line
