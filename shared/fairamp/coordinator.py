"""From readings to the offer of the socket: acts once per new reading, and falls to the safe current without."""

from fairamp.headroom import budget
from fairamp.limits import LEAST_MA
from fairamp.reading import Reading
from fairamp.units import Held, elapsed

# After an overload the offer stays down this long, so that the contactor does not follow a kettle.
HOLD_MS = 30000
# A meter that is gone for so long needs a person.
ERROR_MS = 120000
# M5 has it so: a fallback load of this is none.
NO_FALLBACK = 9999000

UNKNOWN = "no meter reading yet"
LIVE = "live"
LOST = "meter lost"
FAILED = "meter lost for more than 2 minutes"


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
        self._without_meter_ma = self._whole_steps(self._left_without_meter(settings["meter.fallback"]))
        self._climb = settings["meter.climb"]
        self._lost = Held()
        self._ceiling = None  # what offers may have climbed to since a lost meter came back
        self._climbed_at = 0
        self._own_ma = [0, 0, 0]
        self._used = 0  # number of the reading that was acted on
        self._own_used = 0
        self._overload = None

    def update(self, now: int) -> int:
        """The offer in mA that the readings allow now."""
        if not self.grid.number or not self.own.number:
            return self.offer_ma
        grid_late, own_late = self._is_late(now, self.grid), self._is_late(now, self.own)
        lost_ms = self._lost.ms(now, grid_late or own_late)
        if grid_late or own_late:
            self.meter = LOST if lost_ms < ERROR_MS else FAILED
            self.offer_ma = self._without_meter_ma
            self._ceiling, self._climbed_at = self.offer_ma, now
            return self.offer_ma
        self.meter = LIVE
        if self.grid.number != self._used:
            self._used = self.grid.number
            self._decide(now)
        return self.offer_ma

    def _left_without_meter(self, fallback):
        """The safe current, or what the load that is to be expected leaves."""
        left = [self._fuse[phase] - fallback[phase] for phase in self.phases if fallback[phase] < NO_FALLBACK]
        return min(left) if len(left) == len(self.phases) else self._safe

    def _climbed(self, now, wanted):
        """After a lost meter the offer comes back slowly."""
        if self._ceiling is None:
            return wanted
        self._ceiling += self._climb * elapsed(now, self._climbed_at) // 1000
        self._climbed_at = now
        if wanted <= self._ceiling:
            self._ceiling = None
            return wanted
        return max(self.offer_ma, self._whole_steps(self._ceiling)) if wanted > self.offer_ma else wanted

    def _is_late(self, now, reading):
        if elapsed(now, reading.taken) > reading.late_ms:
            reading.stale = True
        return reading.stale

    def _decide(self, now):
        for terminal, phase in enumerate(self.phases):
            self._own_ma[phase] = abs(self.own.current_ma[terminal])
        budget(self._fuse, self.grid.current_ma, self._own_ma, self._including, self.budget_ma)
        wanted = self._whole_steps(min(self.budget_ma[phase] for phase in self.phases))
        if max(self.phases) >= self.grid.phases:
            wanted = 0  # nobody measures that phase
        if self.own.number == self._own_used:
            # What the car draws may have changed since: no reason to offer more.
            wanted = min(wanted, self.offer_ma)
        self._own_used = self.own.number
        wanted = self._climbed(now, wanted)
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
