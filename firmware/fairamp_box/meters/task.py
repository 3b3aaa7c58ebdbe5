"""Reads the meters of one line, one after the other, and says so when one falls silent."""

from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Doubt
from fairamp.modbus.client import BadReply
from fairamp.units import elapsed, no_older

TRIES = 3
LATE_MS = 5000
# A shorter period counts so soon.
LOOK_MS = 1000
# A meter that is gone for so long needs a person.
ERROR_MS = 120000
# What the log was last told about a meter.
(NOTHING, FINE, MISSED, LATE, ERROR) = range(5)


class Meter:
    """One source, and the reading that it fills. `act`: called when there is a new one."""

    def __init__(self, name, source, sieve, reading, act=None):
        self.name = name
        self.source = source
        self.sieve = sieve
        self.reading = reading
        self.act = act
        self.draft = Draft()
        self.failed = 0
        self.told = NOTHING
        self.lost_at = 0
        self.tell_time = None  # tell_time(now, month, moment) hands its time on, see Draft; None = nobody wants it
        self.most_late_ms = None  # its values count no longer than this; None = as its rhythm tells
        self.hints = 0  # how many of the source's hints were told

    def settle(self, period: int, frozen_ms: int) -> None:
        """Adopts the time between readings, and how long they may be the same."""
        self.sieve.settle(period, frozen_ms)
        if self.most_late_ms is not None:
            # However seldom somebody sends: that does not make old values good for longer.
            self.most_late_ms = max(LATE_MS, self.source.wait_for(period))

    def where(self) -> str:
        return self.name + " (" + self.source.where() + ")"


class MeterTask:
    """`paced`: reads once per period of the settings. A source with a rhythm of its own is waited for instead."""

    def __init__(self, meters, settings, clock, log, paced=True):
        self._meters = meters
        self._paced = paced
        self._clock = clock
        self._log = log
        self.rounds = 0  # so often all meters were asked
        self.settle(settings)

    def settle(self, settings) -> None:
        period = settings["meter.period"]
        self._period = period if self._paced else 0
        self._safe_ma = settings["site.safe_current"]
        for meter in self._meters:
            meter.settle(period, settings["meter.frozen"])
            meter.reading.late_ms = self._late_ms(meter)

    def _late_ms(self, meter):
        """How old its values may be."""
        late = max(LATE_MS, 3 * max(self._period, meter.source.rhythm_ms) + LATE_MS // 2)
        return min(late, meter.most_late_ms or late)

    def _safe(self):
        """What holds while a meter is lost, in words."""
        return "safe current of " + str(self._safe_ma // 1000) + " A"

    def names(self) -> str:
        """Of its meters."""
        return ", ".join([meter.name for meter in self._meters])

    async def run(self) -> None:
        while True:
            begun = self._clock.now()
            for meter in self._meters:
                await self.read(meter)
            self.rounds += 1
            await self._rest(begun)

    async def _rest(self, begun):
        """Until a period has passed, as it is now: it may have become shorter."""
        while True:
            left = self._period - elapsed(self._clock.now(), begun)
            await self._clock.sleep(min(LOOK_MS, max(0, left)))
            if left <= LOOK_MS:
                return

    async def read(self, meter) -> None:
        """One attempt; whatever comes of it is in the reading, and in the log when it matters."""
        reading = meter.reading
        try:
            await meter.source.read(meter.draft)
            now = self._clock.now()
            alive = meter.sieve.sift(meter.draft, reading, now)
        except (BadReply, Doubt) as problem:
            self._failed(meter, problem)
            return
        reading.late_ms = self._late_ms(meter)
        if alive:
            if meter.act:
                meter.act()
            if meter.tell_time and meter.draft.month is not None:
                meter.tell_time(now, meter.draft.month, meter.draft.moment)
            self._succeeded(meter)

    def _failed(self, meter, problem):
        reading, now = meter.reading, self._clock.now()
        if not meter.failed:
            # The last good one was the beginning of this.
            meter.lost_at = reading.taken if reading.number else now
        meter.lost_at = no_older(now, meter.lost_at)
        meter.failed += 1
        reading.problem = getattr(problem, "kind", "no good answer") + ": " + str(problem)
        lost = elapsed(now, meter.lost_at)
        if meter.told < MISSED and meter.failed >= TRIES:
            meter.told = MISSED
            self._log("meter", meter.where() + ": " + str(problem) + " (" + str(TRIES) + " tries)")
        if meter.told < LATE and (reading.stale or lost > reading.late_ms):
            meter.told = LATE
            self._log("meter", "warning: " + meter.name + " lost: " + self._safe() + "; " + reading.problem)
        if meter.told < ERROR and lost > ERROR_MS:
            meter.told = ERROR
            self._log("meter", "error: " + meter.where() + ": lost for 120 s: " + self._safe() + " goes on")

    def _succeeded(self, meter):
        now = self._clock.now()
        if meter.told >= LATE:
            self._log("meter", meter.where() + ": back after " + str(elapsed(now, meter.lost_at) // 1000) + " s")
        elif meter.told != FINE:
            self._log("meter", meter.where() + ": readings arrive")
        if meter.told != FINE:
            meter.reading.where = meter.source.where()
        meter.failed, meter.told = 0, FINE
        for hint in meter.source.hints[meter.hints :]:
            meter.hints += 1
            self._log("meter", meter.where() + ": " + hint)
