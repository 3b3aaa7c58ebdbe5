"""Meters that answer in JSON over HTTP."""

from fairamp.meters.draft import Draft
from fairamp.meters.json_meters import fill, fill_slow
from fairamp.meters.json_models import find
from fairamp.meters.sieve import Doubt, Half
from fairamp.units import elapsed
from fairamp_box.io.http_client import HttpError, get
from fairamp_box.io.json_body import parse

# What a second page holds is asked for so seldom.
SLOW_EVERY = 10
# A Gen2 Shelly without the component that was asked for says the one or the other.
LACKING = (404, 500)


class HttpSource:
    """One meter on the network."""

    rhythm_ms = 0

    def __init__(self, host: str, port: int, model_id: str, clock, timeout_ms: int):
        self._host = host
        self._port = port
        self._model = find(model_id)
        self._clock = clock
        self._timeout_ms = timeout_ms
        self._slow = Draft()  # the last values of the second page
        self._round = 0
        self._asked = None
        self._phases = 1  # the most that the meter ever told
        self.hints: list = []  # what is set unluckily on the meter, in words

    def where(self) -> str:
        return self._model.name + " at " + self._host + ":" + str(self._port)

    async def read(self, draft) -> None:
        """One answer; HttpError or a Doubt when it gave nothing. Waits when the meter was asked a moment ago."""
        model = self._model
        await self._pause()
        if model.slow_path and self._round % SLOW_EVERY == 0:
            await self._read_slow()
        self._round += 1
        try:
            data = await self._fetch(model.path)
        except HttpError as error:
            if error.status in LACKING:
                raise HttpError(str(error) + "; " + model.lack, error.status) from None
            raise
        fill(model.id, data, draft)
        if model.slow_path:
            draft.energy_wh, draft.export_wh = self._slow.energy_wh, self._slow.export_wh
        if draft.phases < self._phases:
            raise Half("L2 and L3 are missing, and were there before")
        self._phases = draft.phases

    async def _pause(self):
        """Some meters stumble when they are asked more often than they measure."""
        if self._asked is not None:
            await self._clock.sleep(max(0, self._model.least_ms - elapsed(self._clock.now(), self._asked)))
        self._asked = self._clock.now()

    async def _read_slow(self):
        try:
            fill_slow(self._model.id, await self._fetch(self._model.slow_path), self._slow)
        except (HttpError, Doubt):
            pass  # energies are not worth going without currents; the last ones stay

    async def _fetch(self, path):
        body = await get(self._host, self._port, path, self._clock, self._timeout_ms)
        try:
            return parse(body)
        except ValueError as error:
            raise HttpError("its answer is " + str(error) + "; is it a " + self._model.name + "?") from None
