"""Meters behind a gateway that passes the bytes of their serial line on as they are: RTU over TCP."""

import asyncio
import select

from fairamp.modbus.client import BadReply, Refused
from fairamp_box.io.rtu_link import RtuLink
from fairamp_box.io.streams import connected, why

# So many bytes at most come for one question: an answer, and what the gateway hears of others on its line.
MOST = 768
# A gateway and the network hold an answer up for longer than a line does: so long after its question it may come.
LATE_MS = 3000


class GatewayPort:
    """The far end of a network connection, with the members that a board's port has. OSError once it is lost.

    BadReply when more comes than anybody asked for: who sends without end must not keep the box busy with reading it.
    """

    stream = None

    def __init__(self):
        self._line = None
        self._held = b""  # what came and was not read yet
        self._came = 0  # bytes since the last question
        self._poller = select.poll()

    async def open(self, host, port, clock):
        """Takes up the connection, unless there is a good one."""
        try:
            while self.any():
                self._held = b""
        except OSError:
            self.close()
        if self._line is None:
            self._line = await connected(host, port, clock)
            self._poller.register(self._line, select.POLLIN)

    def close(self) -> None:
        self._held, self._came = b"", 0
        if self._line is not None:
            line, self._line = self._line, None
            self._poller.unregister(line)
            line.close()

    def init(self, baud, parity, stop) -> None:
        """The gateway has its own."""

    def listen(self) -> None:
        """It goes both ways at once."""

    def any(self) -> int:
        if not self._held and self._line is not None and self._poller.poll(0):
            self._held = self._line.recv(128)
            if not self._held:
                raise OSError("it closed the connection")
            self._came += len(self._held)
            if self._came > MOST:
                raise BadReply("it sends without being asked")
        return len(self._held)

    def readinto(self, buffer):
        count = min(self.any(), len(buffer))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count or None

    def send(self, data) -> None:
        self._came = 0
        self._line.send(data)  # type: ignore[union-attr]

    def sent(self) -> bool:
        return True


class GatewayLink(RtuLink):
    """As on the line itself: an answer has no number, so the pauses after one that is missing are the same."""

    def __init__(self, host, port, clock, baud, parity, stop, timeout):
        self._host = host
        self._tcp_port = port
        self._port = GatewayPort()
        super().__init__(self._port, clock, baud, parity, stop, timeout)
        self._late_ms = max(LATE_MS - timeout, timeout)

    async def _ask(self, unit, function, address, count):
        try:
            await self._clock.within(self._timeout, self._port.open(self._host, self._tcp_port, self._clock))
            return await super()._ask(unit, function, address, count)
        except Refused:
            raise
        except BadReply:
            # What is still on its way on this connection never comes now.
            self._port.close()
            raise
        except asyncio.TimeoutError:
            problem = "nobody takes it in " + str(self._timeout) + " ms"
        except OSError as error:
            problem = why(error)
        self._port.close()
        raise BadReply("no connection to " + self._host + ": " + problem)
