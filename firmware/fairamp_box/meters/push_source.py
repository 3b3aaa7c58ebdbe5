"""The house as somebody else tells it: values that arrive by themselves."""

import asyncio

from fairamp.meters import PUSH
from fairamp.meters.draft import Draft
from fairamp.meters.json_meters import fill
from fairamp.meters.sieve import Doubt, Silent
from fairamp.units import elapsed

# So many periods, and never more than this.
TIMES = 3
MOST_MS = 120000


class PushSource:
    """`period`: ms from values to values, as it should be."""

    def __init__(self, clock, period: int):
        self._clock = clock
        self.wait_for(period)
        self._news = asyncio.Event()
        self._data = None
        self._came = None
        self._trial = Draft()
        self.phases = 1  # so many have to be told
        self.judge = None  # judge(draft) raises a Doubt about what cannot be; None = all can
        self.rhythm_ms = 0  # from values to values
        self.hints: list = []

    def wait_for(self, period: int) -> int:
        """How long the next values may take, and how old they may be when somebody reads them."""
        self._timeout_ms = min(MOST_MS, TIMES * max(1000, period))
        return self._timeout_ms

    def where(self) -> str:
        return "values pushed to /api/meter"

    def push(self, data):
        """Takes values for the next read; what is wrong with them, None = nothing."""
        try:
            fill(PUSH, data, self._trial)
            if self.judge:
                self.judge(self._trial)
            if self._trial.phases < self.phases:
                return "L1 only, and the charger uses L" + str(self.phases) + ": send lists of three numbers"
        except Doubt as doubt:
            return str(doubt)
        now = self._clock.now()
        if self._came is not None:
            self.rhythm_ms = min(elapsed(now, self._came), self._timeout_ms)
        self._came = now
        self._data = data
        self._news.set()
        return None

    async def read(self, draft) -> None:
        """Waits for values that were not read before; Silent when none come."""
        if self._data is None or elapsed(self._clock.now(), self._came) > self._timeout_ms:
            self._data = None
            self._news.clear()
            try:
                await self._clock.within(self._timeout_ms, self._news.wait())
            except asyncio.TimeoutError:
                text = "nobody has sent values for " + str(self._timeout_ms // 1000) + " s"
                raise Silent(text + "; who shall do it with POST /api/meter, once per [meter] period?") from None
        data, self._data = self._data, None
        fill(PUSH, data, draft)
