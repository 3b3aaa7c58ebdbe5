"""The simulated meters on the network, read by the box's own source."""

import asyncio

import pytest

from fairamp import meters
from fairamp.meters.draft import Draft
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Doubt, Sieve
from fairamp_box.io.clock import Clock
from fairamp_box.io.http_client import HttpError
from fairamp_box.meters.http_source import HttpSource
from fairamp_desk.twin.http_meters import HttpMeter
from fairamp_desk.twin.meters import SLOW_S, SimulatedMeter

SPEED = 10
TIMEOUT_MS = 20000
IMPATIENT_MS = round(500 * SLOW_S)
HOUSE_MA = (6210, -12480, 530)
HOUR_MS = 3600000


class House:
    """A meter on the network, and the box that reads it."""

    def __init__(self, model_id, asked_as=None):
        self.meter = SimulatedMeter(230)
        self.http = HttpMeter(model_id, lambda: self.meter, SPEED)
        self.clock = Clock(SPEED)
        self.reading = Reading()
        self._asked_as = asked_as or model_id

    async def read(self, timeout_ms=TIMEOUT_MS):
        draft = Draft()
        self.source._timeout_ms = timeout_ms
        await self.source.read(draft)
        assert Sieve([25000] * 3, 230).sift(draft, self.reading, self.clock.now())
        return self.reading

    def run(self, story):
        async def all_of_it():
            server = await self.http.start()
            port = server.sockets[0].getsockname()[1]
            self.source = HttpSource("127.0.0.1", port, self._asked_as, self.clock, TIMEOUT_MS)
            async with server:
                await story(self)

        asyncio.run(all_of_it())


every_model = pytest.mark.parametrize("model_id", meters.HTTP)


@every_model
def test_the_house_comes_back(model_id):
    async def story(house):
        house.meter.measure(HOUSE_MA, HOUR_MS)
        reading = await house.read()
        # A watt and a tenth of a volt are the coarsest digits.
        assert reading.current_ma == pytest.approx(HOUSE_MA, abs=15)
        assert reading.power_w == pytest.approx([house.meter.watts(phase) for phase in range(3)], abs=1)
        assert reading.voltage_mv == pytest.approx([1000 * volts for volts in house.meter.volts], abs=100)
        assert reading.total_w == pytest.approx(house.meter.total(), abs=3)
        assert (reading.phases, reading.directed, reading.number) == (3, True, 1)
        assert reading.total_w < 0 and reading.energy_wh == 0
        assert reading.export_wh == pytest.approx(1000 * house.meter.kwh_out, abs=2) and reading.export_wh > 1000
        # And once more, now taking from the grid.
        house.meter.measure([-ma for ma in HOUSE_MA], HOUR_MS)
        reading = await house.read()
        assert reading.current_ma == pytest.approx([-ma for ma in HOUSE_MA], abs=15)

    House(model_id).run(story)


@every_model
def test_all_currents_up_to_twice_the_fuse(model_id):
    async def story(house):
        for ma in (*range(-50000, 50001, 7300), 0, 40, -40, 499, 500, 501):
            currents = [ma, -ma // 2, ma // 3]
            house.meter.measure(currents, 1000)
            reading = await house.read()
            assert reading.current_ma == pytest.approx(currents, abs=15)

    House(model_id).run(story)


@every_model
def test_energies_of_import(model_id):
    async def story(house):
        house.meter.measure([10000] * 3, 10 * HOUR_MS)
        reading = await house.read()
        assert reading.energy_wh == pytest.approx(69000, rel=0.002) and reading.export_wh == 0

    House(model_id).run(story)


@every_model
@pytest.mark.parametrize("fault", ["lost", "slow", "refuses", "noisy"])
def test_a_fault_is_told_and_the_meter_comes_back(model_id, fault):
    async def story(house):
        await house.read()
        house.meter.faults.add(fault)
        with pytest.raises((HttpError, Doubt)) as caught:
            await house.read(IMPATIENT_MS)
        if fault in ("lost", "slow"):
            assert f"no answer within {IMPATIENT_MS} ms" in str(caught.value)
        assert house.reading.number == 1
        house.meter.faults.clear()
        house.meter.measure(HOUSE_MA, 1000)
        await house.read()
        assert house.reading.number == 2

    House(model_id).run(story)


@every_model
@pytest.mark.parametrize("asked_as", meters.HTTP)
def test_another_meter_than_the_settings_say(model_id, asked_as):
    async def story(house):
        if model_id == asked_as:
            await house.read()
            return
        with pytest.raises(HttpError, match="status 404"):
            await house.read()

    House(model_id, asked_as).run(story)


def test_the_second_page_is_asked_for_seldom():
    async def story(house):
        for _ in range(20):
            await house.read()
        pages = house.http.asked
        assert pages.count("/rpc/EMData.GetStatus?id=0") == 2
        assert pages.count("/rpc/EM.GetStatus?id=0") == 20

    House("shelly_pro3em_http").run(story)
