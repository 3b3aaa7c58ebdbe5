"""A meter line on which every tenth byte arrives as another: what gets through is right, or does no harm."""

import asyncio
import random

import pytest

from fairamp import meters
from fairamp.meters.decode import Decoder
from fairamp.meters.draft import Draft
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Doubt, Sieve
from fairamp.modbus.frames import seal
from fairamp.settings import Settings
from fairamp.sharing.coordinator import LOST, Coordinator
from fairamp.units import elapsed
from fairamp_box.io.rtu_link import RtuLink
from fairamp_box.meters.modbus_source import ModbusSource
from fairamp_box.meters.task import Meter, MeterTask
from fairamp_desk.twin.meters import MeterLine, SimulatedMeter, Spoiler
from tests.desk.meters.facts_line import JumpingClock

HOUR_MS = 3_600_000
PERIOD_MS = 1000


class Jumping(JumpingClock):
    """Tells what the time is, whenever somebody has waited."""

    def __init__(self, then):
        super().__init__()
        self._then = then

    async def sleep(self, ms):
        self.ms += ms
        self._then(self.ms)


class NoisyPort:
    """A serial port to a meter line, with noise on what the meter answers."""

    stream = None

    def __init__(self, line, seed):
        self._line = line
        self._spoil = Spoiler(seed)
        self._waiting = b""
        self.opened = 0

    def init(self, baud, parity, stop):
        self.opened += 1

    def listen(self):
        pass

    def sent(self):
        return True

    def any(self):
        return len(self._waiting)

    def readinto(self, buffer):
        count = min(len(self._waiting), len(buffer))
        buffer[:count], self._waiting = self._waiting[:count], self._waiting[count:]
        return count

    def send(self, data):
        answer = self._line.answer(bytes(data))
        if answer:
            self._waiting += self._spoil(answer[0])


class Done(Exception):
    pass


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_hour_of_noise(seed):
    house = SimulatedMeter(230)
    port = NoisyPort(MeterLine({1: (meters.find("eastron_sdm630"), house)}), seed)
    settings = Settings()
    settings.load({"meter": {"period": 1}}, "test")
    coordinator = Coordinator(settings, [], Reading())
    steps = random.Random(seed)
    counts = {"good": 0, "lost": 0, "wrong": 0, "early": 0}
    before: list[list[float]] = []

    def tick(now):
        if now >= HOUR_MS:
            raise Done
        if now >= 20000 * (len(before) + 1):
            before.append([round(1000 * amps) for amps in house.amps])
            house.measure([1000 * steps.randrange(-10, 24) for _ in range(3)], 20)
        house.measure([round(1000 * amps) for amps in house.amps], 1)
        coordinator.update(now)
        if coordinator.meter == LOST:
            counts["lost"] += 1
            counts["early"] += elapsed(now, coordinator.grid.taken) <= coordinator.grid.late_ms
            # The safe current, or what the highest house of the last minutes leaves.
            assert max(coordinator.budget_ma) <= 6000

    clock = Jumping(tick)
    link = RtuLink(port, clock, 9600, None, 1, 500)
    source = ModbusSource(link, meters.find("eastron_sdm630"), 1)
    meter = Meter("house meter", source, Sieve([25000] * 3, 230, PERIOD_MS), coordinator.grid)

    async def reading():
        task = MeterTask((meter,), settings, clock, lambda *_: None)
        while True:
            begun, number = clock.now(), coordinator.grid.number
            await task.read(meter)
            if coordinator.grid.number > number:
                counts["good"] += 1
                shown = [round(1000 * amps) for amps in house.amps]
                counts["wrong"] += coordinator.grid.current_ma not in (shown, before[-1:] and before[-1])
            await clock.sleep(max(1, PERIOD_MS - elapsed(clock.now(), begun)))

    with pytest.raises(Done):
        asyncio.run(reading())
    # The line is bad, but not dead; the port was opened anew now and then.
    assert counts["good"] > 10
    assert counts["lost"] > 0
    assert (counts["wrong"], counts["early"]) == (0, 0)
    assert port.opened > 10


def test_what_a_check_sum_lets_through_by_chance_is_seldom_believed():
    """Corrupted words as if their check sum had been right: a chance of 1 to 65536, on top of what is shown here."""
    model = meters.find("eastron_sdm630")
    line = MeterLine({1: (model, house := SimulatedMeter(230))})
    house.measure([20000, 12000, -5000], 20)
    request = bytes.fromhex("010400000012")
    frame = bytearray(request + b"\0\0")
    seal(frame, 6)
    answer = line.answer(bytes(frame))
    assert answer
    words = answer[0][3:39]
    spoil = Spoiler(5)
    low = 0
    for now in range(20000):
        decoder, draft, reading = Decoder(model), Draft(), Reading()
        data = spoil(words)
        if data == words:
            continue
        decoder.fast[0].take(data, 0)
        try:
            decoder.fill(draft)
            Sieve([25000] * 3, 230).sift(draft, reading, now)
        except Doubt:
            continue
        low += any(reading.current_ma[phase] < wanted - 1000 for phase, wanted in enumerate((20000, 12000, -5000)))
    # Of 20000, those that would have offered more than there is.
    assert low < 500
