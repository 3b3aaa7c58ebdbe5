"""Modbus meters, on a serial line or a connection: asks for what the plan wants, and fills a draft."""

import asyncio

from fairamp.meters.decode import Decoder
from fairamp.meters.model import VOLTAGE
from fairamp.meters.sieve import Doubt
from fairamp.modbus.client import BadReply, Refused, RtuExchange, TcpExchange
from fairamp.modbus.table import KINDS, number
from fairamp.units import elapsed
from fairamp_box.rs485 import Rs485
from fairamp_box.streams import connect, shut

ILLEGAL_ADDRESS = 2
# Voltages, energies and the frequency are asked for so seldom.
SLOW_EVERY = 10
# After so many failures in a row the port is opened anew.
REOPEN_AFTER = 10
# An answer may come so much too late.
LATE_MS = 1000
FIRST_PAUSE_MS = 1000
MOST_PAUSE_MS = 30000
WAITING_MS = 20
NO_ANSWER = "no answer in "


class RtuLink:
    """A serial line that may carry several meters."""

    def __init__(self, port, clock, baud, parity, stop, timeout):
        self._line = Rs485(port, clock, baud, parity, stop)
        self._clock = clock
        self._timeout = timeout
        self._exchange = RtuExchange()
        self._chunk = bytearray(64)
        self._failed = 0
        self._owed = None  # unit, function and words of the last question without an answer
        self._owed_since = 0

    async def fetch(self, unit, function, address, count):
        """(buffer, where the words begin); BadReply when there is no good answer."""
        try:
            found = await self._ask(unit, function, address, count)
        except Refused:
            raise
        except BadReply:
            self._failed += 1
            self._owed, self._owed_since = (unit, function, count), self._clock.now()
            if self._failed % REOPEN_AFTER == 0:
                self._line.reopen()
            raise
        self._failed = 0
        return found

    async def _ask(self, unit, function, address, count):
        exchange, chunk = self._exchange, self._chunk
        if self._owed == (unit, function, count):
            # An answer does not say which registers it holds: the late one must not pass for this one's.
            left = max(LATE_MS, self._timeout) - elapsed(self._clock.now(), self._owed_since)
            await self._clock.sleep(max(0, left))
            self._owed = None
        request = exchange.ask(unit, function, address, count)
        self._line.flush(chunk)
        await self._line.send(request, len(request))
        begun = self._clock.now()
        # The time-out is that of the meter; what its answer takes on a slow line comes on top.
        most = self._timeout + self._line.takes_ms(5 + 2 * count)
        while True:
            left = most - elapsed(self._clock.now(), begun)
            got = await self._line.receive(chunk, left) if left > 0 else 0
            if not got:
                raise BadReply(NO_ANSWER + str(self._timeout) + " ms; check wires A and B, address and speed")
            if exchange.feed(chunk, got):
                return exchange.reply, exchange.words()


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

    async def fetch(self, unit, function, address, count):
        """(buffer, where the words begin); BadReply when there is no good answer."""
        try:
            found = await self._clock.within(self._timeout, self._ask(unit, function, address, count))
        except Refused:
            raise
        except BadReply:
            await self._drop()
            raise
        except asyncio.TimeoutError:
            await self._drop()
            raise BadReply(
                NO_ANSWER + str(self._timeout) + " ms; is the meter on, and Modbus TCP switched on?"
            ) from None
        except OSError as error:
            await self._drop()
            raise BadReply("no connection to " + self._host + ": " + str(error)) from None
        self._pause, self._failed_at = FIRST_PAUSE_MS, None
        return found

    async def _ask(self, unit, function, address, count):
        if self._writer is None:
            if self._failed_at is not None and elapsed(self._clock.now(), self._failed_at) < self._pause:
                # Whoever asks without a pause must not keep the box busy with this.
                await self._clock.sleep(WAITING_MS)
                raise Waiting()
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


class Waiting(BadReply):
    """A pause before the next try to connect."""

    def __init__(self):
        super().__init__("no connection; tries again in a moment")


class ModbusSource:
    """One meter behind a link."""

    rhythm_ms = 0

    def __init__(self, link, model, unit):
        self._link = link
        self._model = model
        self._unit = unit
        self._decoder = Decoder(model)
        self._round = 0
        self._ready = False
        self.hints = []  # what is set unluckily on the meter, in words

    def where(self) -> str:
        return self._model.name + " at address " + str(self._unit)

    async def read(self, draft) -> None:
        """One round of requests; BadReply or a Doubt when it gave nothing."""
        if not self._ready:
            await self._prepare()
        decoder = self._decoder
        for block in decoder.fast:
            if not await self._fetch(block):
                return await self.read(draft)
        if self._round % SLOW_EVERY == 0 and not await self._read_slow():
            return await self.read(draft)
        self._round += 1
        decoder.fill(draft)

    async def _read_slow(self):
        """False when the plan has been changed. What fails here is no reason to go without the rest."""
        for block in self._decoder.slow:
            try:
                if not await self._fetch(block):
                    return False
            except BadReply:
                pass
        return True

    async def _fetch(self, block):
        """False when the meter refuses what lies between its values, and the plan has been changed."""
        try:
            data, at = await self._link.fetch(self._unit, self._model.function, block.first, block.count)
        except Refused as refused:
            if refused.code == ILLEGAL_ADDRESS and self._decoder.split():
                return False
            raise
        block.take(data, at)
        return True

    async def _prepare(self):
        """Once after a start: which of two tables holds, transformer ratios, settings of the meter itself."""
        model = self._model
        if model.also and not await self._shows_voltage(model.values) and await self._shows_voltage(model.also):
            self._decoder = Decoder(model, model.also)
        factors = [1] * len(self._decoder.factors)
        for address, kind, scale, quantities in model.ratios:
            ratio = await self._number(address, kind) * scale
            if not 0.1 <= ratio <= 10000:
                raise Doubt("transformer ratio " + str(ratio) + " in register " + str(address) + " cannot be")
            for quantity in quantities:
                factors[quantity] *= ratio
        self._decoder.factors = factors
        self.hints = []
        for address, content, text in model.wanted:
            try:
                if await self._number(address, "u16") != content:
                    self.hints.append(text)
            except Refused:
                pass  # an older make without that setting
        self._ready = True

    async def _shows_voltage(self, values):
        for value in values:
            if value[0] == VOLTAGE:
                try:
                    return 50 < await self._number(value[1], value[3]) * value[4] < 1000
                except Refused:
                    return False
        return False

    async def _number(self, address, kind):
        data, at = await self._link.fetch(self._unit, self._model.function, address, KINDS[kind][0])
        return number(kind, data, at, self._model.low_first)
