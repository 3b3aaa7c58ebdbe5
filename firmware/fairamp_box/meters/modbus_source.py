"""A Modbus meter behind a link: asks for what the plan wants, and fills a draft."""

from fairamp.meters.decode import Decoder
from fairamp.meters.model import VOLTAGE
from fairamp.meters.sieve import Doubt
from fairamp.modbus.client import BadReply, Refused
from fairamp.modbus.table import KINDS, number

ILLEGAL_ADDRESS = 2
# Voltages, energies and the frequency are asked for so seldom.
SLOW_EVERY = 10


class ModbusSource:
    """One meter behind a link."""

    rhythm_ms = 0

    def __init__(self, link, model, unit, of=""):
        """`of`: where its line or gateway is, in words."""
        self._link = link
        self._model = model
        self._unit = unit
        self._decoder = Decoder(model)
        self._round = 0
        self._ready = False
        self._of = of
        self.hints = []  # what is set unluckily on the meter, in words

    def where(self) -> str:
        return self._model.name + " at address " + str(self._unit) + self._of

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
        shows, word = self._shows_voltage, self._number
        if model.also and not await self._twice(shows, model.values) and await self._twice(shows, model.also):
            self._decoder = Decoder(model, model.also)
        factors = [1] * len(self._decoder.factors)
        for address, kind, scale, quantities in model.ratios:
            ratio = scale if address is None else await self._twice(word, address, kind) * scale
            if not 0.1 <= ratio <= 10000:
                raise Doubt("transformer ratio " + str(ratio) + " in register " + str(address) + " cannot be")
            for quantity in quantities:
                factors[quantity] *= ratio
        self._decoder.factors = factors
        self.hints = []
        for address, content, text in model.wanted:
            try:
                if await self._twice(word, address, "u16") != content:
                    self.hints.append(text)
            except Refused:
                pass  # an older make without that setting
        self._ready = True

    async def _twice(self, ask, *what):
        """What holds until the next start is taken when it is told twice: once may be the late answer to another."""
        found = await ask(*what)
        if await ask(*what) != found:
            raise Doubt("it answers the same question in two ways; asks again")
        return found

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
