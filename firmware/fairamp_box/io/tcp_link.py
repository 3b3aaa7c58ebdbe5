"""A network connection to a meter: one question at a time, and its answer or the reason why there is none."""

import asyncio

from fairamp.modbus.client import NO_ANSWER, BadReply, Refused
from fairamp.modbus.tcp_exchange import TcpExchange
from fairamp.units import elapsed
from fairamp_box.io.streams import connect, shut, why

FIRST_PAUSE_MS = 1000
MOST_PAUSE_MS = 30000
WAITING_MS = 20


class Waiting(BadReply):
    """A pause before the next try to connect; `problem`: why the last one failed."""

    def __init__(self, problem):
        super().__init__(problem + "; tries again in a moment")


class TcpLink:
    """A connection that is opened when needed, and with growing pauses after failures."""

    def __init__(self, host, port, clock, timeout):
        self._host = host
        self._port = port
        self._clock = clock
        self._timeout = timeout
        self._exchange = TcpExchange()
        self._writer = None
        self._pause = FIRST_PAUSE_MS
        self._failed_at = None
        self._problem = ""  # with the last try

    async def fetch(self, unit, function, address, count):
        """(buffer, where the words begin); BadReply when there is no good answer."""
        try:
            found = await self._clock.within(self._timeout, self._ask(unit, function, address, count))
        except (Refused, Waiting):
            raise
        except BadReply as error:
            self._problem = str(error)
        except asyncio.TimeoutError:
            self._problem = NO_ANSWER + str(self._timeout) + " ms; is the meter on, and Modbus TCP switched on?"
        except OSError as error:
            self._problem = "no connection to " + self._host + ": " + why(error)
        else:
            self._pause, self._failed_at = FIRST_PAUSE_MS, None
            return found
        await self._drop()
        raise BadReply(self._problem)

    async def _ask(self, unit, function, address, count):
        if self._writer is None:
            if self._failed_at is not None and elapsed(self._clock.now(), self._failed_at) < self._pause:
                # Whoever asks without a pause must not keep the box busy with this.
                await self._clock.sleep(WAITING_MS)
                raise Waiting(self._problem)
            self._reader, self._writer = await connect(self._host, self._port, self._clock)
        exchange = self._exchange
        request = exchange.ask(unit, function, address, count)
        self._writer.write(request)
        await self._writer.drain()
        while True:
            data = await self._reader.read(260)
            if not data:
                raise BadReply("it closed the connection")
            if exchange.feed(data, len(data)):
                return exchange.reply, exchange.words()

    async def _drop(self):
        if self._writer is not None:
            writer, self._writer = self._writer, None
            await shut(writer)
        if self._failed_at is None:
            self._failed_at = self._clock.now()
        elif elapsed(self._clock.now(), self._failed_at) >= self._pause:
            self._failed_at = self._clock.now()
            self._pause = min(2 * self._pause, MOST_PAUSE_MS)
