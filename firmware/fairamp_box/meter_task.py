"""Reads the meters on the meter line, one after the other, and says so when one falls silent."""

from fairamp.meters.decode import Decoder, Implausible
from fairamp.meters.rows import METERS
from fairamp.modbus.client import BadReply, RtuExchange
from fairamp.units import elapsed
from fairamp_box.rs485 import Rs485

TIMEOUT_MS = 500
TRIES = 3


class Meter:
    """One meter at one address, and the reading it fills."""

    def __init__(self, name, unit, row, reading):
        self.name = name
        self.unit = unit
        self.row = row
        self.reading = reading
        self.decoder = Decoder(row)
        self.failed = 0

    def where(self) -> str:
        return self.name + " (" + self.row["name"] + " at address " + str(self.unit) + ")"


class MeterTask:
    def __init__(self, port, settings, coordinator, clock, log):
        row = METERS[settings["meter.model"]]
        # The charger's own meter first: the decision follows a new reading of the house.
        self._meters = (
            Meter("charger meter", settings["meter.charger_unit"], row, coordinator.own),
            Meter("house meter", settings["meter.unit"], row, coordinator.grid),
        )
        self._line = Rs485(port, clock, settings["meter.baud"])
        self._period = settings["meter.period"]
        self._clock = clock
        self._log = log
        self._exchange = RtuExchange()
        self._chunk = bytearray(64)

    async def run(self) -> None:
        while True:
            begun = self._clock.now()
            for meter in self._meters:
                await self._read(meter)
            await self._clock.sleep(max(0, self._period - elapsed(self._clock.now(), begun)))

    async def _read(self, meter):
        try:
            for block in meter.row["blocks"]:
                await self._fetch(meter, block)
            meter.decoder.fill(meter.reading)
        except (BadReply, Implausible) as problem:
            meter.failed += 1
            if meter.failed == TRIES:
                self._log("meter", meter.where() + ": " + str(problem) + " (" + str(TRIES) + " tries)")
            return
        meter.reading.accept(self._clock.now())
        if meter.failed >= TRIES or meter.reading.number == 1:
            self._log("meter", meter.where() + ": readings arrive")
        meter.failed = 0

    async def _fetch(self, meter, block):
        exchange, chunk = self._exchange, self._chunk
        request = exchange.ask(meter.unit, meter.row["function"], block[0], block[1])
        self._line.flush(chunk)
        await self._line.send(request, len(request))
        begun = self._clock.now()
        while True:
            left = TIMEOUT_MS - elapsed(self._clock.now(), begun)
            count = await self._line.receive(chunk, left) if left > 0 else 0
            if not count:
                raise BadReply("no answer in " + str(TIMEOUT_MS) + " ms; check wires A and B, address and speed")
            if exchange.feed(chunk, count):
                meter.decoder.take(block, exchange.reply, exchange.words())
                return
