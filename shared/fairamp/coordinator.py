"""From readings to the offer of the socket: acts once per new reading, and falls to the safe current without."""

from fairamp.headroom import budget
from fairamp.limits import LEAST_MA
from fairamp.reading import Reading
from fairamp.units import elapsed

# After an overload the offer stays down this long, so that the contactor does not follow a kettle.
HOLD_MS = 30000
# A reading is late after three periods, and never sooner than this.
LATE_MS = 5000

UNKNOWN = "no meter reading yet"
LIVE = "live"
LOST = "meter lost"


class Coordinator:
    """One socket behind one main fuse."""

    def __init__(self, settings):
        self.grid = Reading()
        self.own = Reading()
        self.budget_ma = [0, 0, 0]
        self.offer_ma = 0
        self.meter = UNKNOWN
        self._fuse = settings["site.fuse"]
        self._safe = settings["site.safe_current"]
        self._including = settings["meter.location"] == "including"
        self._step = settings["sharing.step"]
        self.phases = [int(letter) - 1 for letter in settings["charger.mapping"].split("L")[1:]]
        self._late = max(LATE_MS, 3 * settings["meter.period"])
        self._own_ma = [0, 0, 0]
        self._used = 0  # number of the reading that was acted on
        self._own_used = 0
        self._overload = None

    def update(self, now: int) -> int:
        """The offer in mA that the readings allow now."""
        if not self.grid.number or not self.own.number:
            return self.offer_ma
        grid_late, own_late = self._is_late(now, self.grid), self._is_late(now, self.own)
        if grid_late or own_late:
            self.meter = LOST
            self.offer_ma = self._whole_steps(self._safe)
            return self.offer_ma
        self.meter = LIVE
        if self.grid.number != self._used:
            self._used = self.grid.number
            self._decide(now)
        return self.offer_ma

    def _is_late(self, now, reading):
        if elapsed(now, reading.taken) > self._late:
            reading.stale = True
        return reading.stale

    def _decide(self, now):
        for terminal, phase in enumerate(self.phases):
            self._own_ma[phase] = abs(self.own.current_ma[terminal])
        budget(self._fuse, self.grid.current_ma, self._own_ma, self._including, self.budget_ma)
        wanted = self._whole_steps(min(self.budget_ma[phase] for phase in self.phases))
        if self.own.number == self._own_used:
            # What the car draws may have changed since: no reason to offer more.
            wanted = min(wanted, self.offer_ma)
        self._own_used = self.own.number
        if wanted < self.offer_ma:
            self._overload = now
        elif wanted > self.offer_ma and self._overload is not None:
            if elapsed(now, self._overload) < HOLD_MS:
                return
            self._overload = None
        self.offer_ma = wanted

    def _whole_steps(self, ma):
        whole = ma // self._step * self._step
        return whole if whole >= LEAST_MA else 0
