"""A meter that takes Modbus in datagrams: one question in each, and its answer or the reason why there is none."""

import select
import socket

from fairamp.modbus.client import NO_ANSWER, BadReply, Refused
from fairamp.modbus.tcp_exchange import TcpExchange
from fairamp.units import elapsed
from fairamp_box.io.streams import socket_address, why

POLL_MS = 2
LONGEST = 260
# So many datagrams that are no answer are passed over for each question, before it and behind it.
MOST = 8


class Datagrams(TcpExchange):
    """Each is whole by itself: what one of them lacks never comes with the next."""

    def feed(self, data, length):
        self._used = 0
        return super().feed(data, length)


class UdpLink:
    """The frames are those of Modbus TCP: the number in each tells late answers from the one that is due."""

    def __init__(self, host, port, clock, timeout):
        self._host = host
        self._port = port
        self._clock = clock
        self._timeout = timeout
        self._exchange = Datagrams()
        self._line: "socket.socket | None" = None

    async def fetch(self, unit, function, address, count):
        """(buffer, where the words begin); BadReply when there is no good answer."""
        try:
            return await self._ask(unit, function, address, count)
        except OSError as error:
            # Who is not there may say so. A network that comes back wants a new socket.
            self.close()
            raise BadReply("no connection to " + self._host + ": " + why(error)) from None

    def close(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.close()

    def _open(self):
        line = self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.setblocking(False)
        # Nobody else's datagrams are taken from now on.
        line.connect(socket_address(self._host, self._port))
        self._poller = select.poll()
        self._poller.register(line, select.POLLIN)
        return line

    async def _ask(self, unit, function, address, count):
        line = self._line or self._open()
        exchange, clock = self._exchange, self._clock
        for _ in range(MOST):
            # What came behind the last answer.
            if not self._poller.poll(0):
                break
            line.recv(LONGEST)
        line.send(exchange.ask(unit, function, address, count))
        begun = clock.now()
        problem = BadReply(NO_ANSWER + str(self._timeout) + " ms; is the meter on, and Modbus UDP switched on?")
        others = 0
        while others < MOST and elapsed(clock.now(), begun) < self._timeout:
            if self._poller.poll(0):
                data = line.recv(LONGEST)
                try:
                    if exchange.feed(data, len(data)):
                        return exchange.reply, exchange.words()
                except Refused:
                    raise
                except BadReply as bad:
                    problem = bad
                others += 1
            await clock.sleep(POLL_MS)
        if others == MOST:
            # A new socket has nothing waiting.
            self.close()
        raise problem
