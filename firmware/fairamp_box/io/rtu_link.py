"""A serial line with meters on it: one question at a time, and its answer or the reason why there is none."""

from fairamp.modbus.client import NO_ANSWER, BadReply, Refused, RtuExchange
from fairamp.units import elapsed
from fairamp_box.io.rs485 import Rs485

# After so many failures in a row the port is opened anew.
REOPEN_AFTER = 10
# An answer may come so much too late.
LATE_MS = 1000


class RtuLink:
    """A serial line that may carry several meters."""

    def __init__(self, port, clock, baud, parity, stop, timeout):
        self.line = Rs485(port, clock, baud, parity, stop)
        self._clock = clock
        self._timeout = timeout
        self._exchange = RtuExchange()
        self._failed = 0
        self._late_ms = max(LATE_MS, timeout)  # so long after its time-out an answer may still come
        self._owed = {}  # unit, function and words of questions without an answer, and since when

    async def fetch(self, unit, function, address, count):
        """(buffer, where the words begin); BadReply when there is no good answer."""
        self.line.talking = True
        try:
            found = await self._ask(unit, function, address, count)
        except Refused:
            raise
        except BadReply:
            self._failed += 1
            self._owed[(unit, function, count)] = self._clock.now()
            if self._failed % REOPEN_AFTER == 0:
                self.line.reopen()
            raise
        finally:
            self.line.end()
        self._failed = 0
        return found

    async def _ask(self, unit, function, address, count):
        exchange, line = self._exchange, self.line
        since = self._owed.pop((unit, function, count), None) if self._owed else None
        if since is not None:
            # An answer does not say which registers it holds: the late one must not pass for this one's.
            await self._clock.sleep(max(0, self._late_ms - elapsed(self._clock.now(), since)))
        request = exchange.ask(unit, function, address, count)
        line.flush()
        await line.send(request, len(request))
        begun = self._clock.now()
        # The time-out is that of the meter; what its answer takes on a slow line comes on top.
        most = self._timeout + line.takes_ms(5 + 2 * count)
        while True:
            left = most - elapsed(self._clock.now(), begun)
            got = await line.more(exchange.missing(), left) if left > 0 else 0
            if not got:
                raise BadReply(NO_ANSWER + str(self._timeout) + " ms; check wires A and B, address and speed")
            if exchange.feed(line.chunk, got):
                return exchange.reply, exchange.words()
