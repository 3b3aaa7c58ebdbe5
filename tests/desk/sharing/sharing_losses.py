"""A watched site that also loses, at random, its clock, its energy manager, memory, and the meters of its chargers."""

import random
import sys

from fairamp.sharing.coordinator import DECIDE_MS
from fairamp.units import PHASES
from fairamp_box.control import BALANCE_MS
from tests.desk.sharing.sharing_watch import Watched

TIMEOUT_MS = 20000
# How long something lasts, or is missing.
SPELLS_S = (0.3, 2, 8, 40, 300)
REST_S = 900
NIGHT, DAY = (2026, 1, 1, 2, 0, 0), (2026, 1, 1, 12, 0, 0)
TURN_MS = 600_000
PROFILE = [[0, 16], [6, 40]]
WHO = "manager"
# Where memory is missing.
SHARING = "/fairamp/sharing/"


class Deprived(Watched):
    def __init__(self, site, seed, **how):
        super().__init__(site, **how)
        self.chance = random.Random(seed)
        self.decide, self.box.balance = self.box.balance, self._decide
        self.box.utc = DAY
        self.missing = dict.fromkeys(("clock", "manager", "memory", "draw"), False)
        self.turns_at = dict.fromkeys(self.missing, 0)
        self.happened = dict.fromkeys(self.missing, 0)  # how often it was lost
        self.timeless_at = 0  # since when there is memory, but no clock
        self.failed = 0  # looks that found no memory
        self.fails = False  # this one did
        managers = self.box.managers
        self.set_points = [managers.point(WHO, TIMEOUT_MS)]
        self.set_points += [managers.point(f"{WHO} of L{phase + 1}", TIMEOUT_MS, phase) for phase in PHASES]

    def _balance(self):
        ms = self.world.ms
        for what, at in self.turns_at.items():
            if ms >= at:
                missing = self.missing[what] = not self.missing[what] and ms > 0
                self.happened[what] += missing
                spell = self.chance.choice(SPELLS_S) if missing else self.chance.randrange(1, REST_S)
                self.turns_at[what] = ms + int(1000 * spell)
                if what == "draw":
                    self._lose_draws(missing)
        self.box.utc = None if self.missing["clock"] else (NIGHT, DAY)[ms // TURN_MS % 2]
        if not self.missing["clock"] or self.missing["memory"]:
            self.timeless_at = ms
        if not self.missing["manager"]:
            self._manage()
        before = [(point.expired, point.limit(self.now)) for point in self.set_points]
        super()._balance()
        self._check_allowed(before)

    def _lose_draws(self, missing):
        """The meter of one charger falls silent, and all are heard again."""
        for _, _, outlet in self.all:
            outlet.meter.faults.discard("lost")
        if missing:
            self.chance.choice(self.all)[2].meter.faults.add("lost")

    def _manage(self):
        for point in self.set_points:
            if self.chance.random() < 0.002 or not point.watched:
                point.write(1000 * self.chance.choice((0, 5, 8, 16, 63)), WHO)
            point.hear(self.now, WHO, True)

    def _check_allowed(self, before):
        """What a clock or a manager that is lost leaves is no more than it was."""
        for (expired, was), point in zip(before, self.set_points, strict=True):
            struck = point.expired and not expired
            assert not struck or point.limit(self.now) <= was, self.say("raised by a silent manager", was)
        if self.world.ms - self.timeless_at > DECIDE_MS + BALANCE_MS:
            lowest = 1000 * min(amps for _, amps in PROFILE)
            assert max(self.box.coordinator.headroom.feeder_ma) <= lowest, self.say("raised by a lost clock")

    def _decide(self, now):
        """As the control of a box does: what finds no memory falls to what is safe."""
        self.fails = False
        if not self.missing["memory"] or self.chance.random() < 0.3:
            self.decide(now)
            return
        grants = [socket.grant.ma for socket in self.sockets]
        sys.settrace(self._fails_at(self.chance.randrange(1, 40 * len(self.sockets))))
        try:
            self.decide(now)
        except MemoryError:
            self.failed += 1
            self.fails = True
            self.box.fall_to_safe(now)
            for socket, was in zip(self.sockets, grants, strict=True):
                # One that was decided on before may be told, as far as it is safe.
                most = max(was, socket.safe_ma)
                assert socket.grant.ma <= most, self.say("raised by want of memory", socket.id)
        finally:
            sys.settrace(None)

    def _check_budget(self):
        """What finds no memory is looked at again in the next tick."""
        if not self.fails:
            super()._check_budget()

    def _fails_at(self, calls):
        """The call of a function of the sharing that finds no memory."""

        def trace(frame, event, _):
            nonlocal calls
            if event == "call" and SHARING in frame.f_code.co_filename:
                calls -= 1
                if not calls:
                    raise MemoryError

        return trace
