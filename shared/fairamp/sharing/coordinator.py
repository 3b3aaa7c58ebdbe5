"""From readings and reports to one grant each: acts once per new reading, and falls to the safe current without.

One decision goes from what is told (`_observe`) to what there is (`_find_budget`), what each should have
(`sharing/targets`), what is in force now (`sharing/release`) and what each is told (`_grant`).
"""

from fairamp.meters import NONE
from fairamp.meters.reading import Reading
from fairamp.reasons import (
    CLIMBING,
    ENOUGH,
    FALLBACK,
    FOLLOWING,
    LOOKING,
    METER_LOST,
    NO_NETWORK,
    NO_POWER,
    PROBING,
    SHARED,
    SUSPENDED,
    TURN_OF,
    UNEVEN,
)
from fairamp.sharing.conductors import Conductors
from fairamp.sharing.demand import NOTHING_MA
from fairamp.sharing.headroom import NONE_MA, Headroom
from fairamp.sharing.highest import Highest
from fairamp.sharing.house import House
from fairamp.sharing.release import Release
from fairamp.sharing.targets import NOTHING_ASKED, Targets
from fairamp.units import PHASES, Held, elapsed

# Without news, a decision is made so often.
DECIDE_MS = 1000
# A meter that is gone for so long needs a person.
ERROR_MS = 120000

# The state of the house meter; `words` has it in words.
(UNKNOWN, LIVE, LOST, FAILED, NO_METER) = range(5)


class Coordinator:
    """All sockets behind one main fuse. The first one is the box's own, and `own` is the reading of its meter."""

    def __init__(self, settings, sockets, own):
        self.grid = Reading()  # of the house meter, written by whoever reads it
        self.sockets = sockets
        # There is no house meter, as the settings say: what the limits leave is for the chargers alone.
        self.unread = settings["supply.mode"] != "dynamic"
        self.meter = UNKNOWN  # state of the house meter, one of those above
        self.hour = None  # of the day in UTC; None = not known
        self.downgraded = False  # by a contact
        self.suspended = False  # by a contact: nobody charges
        self.headroom = Headroom(settings)
        self.house = House(settings["meter.location"] == "including")
        self._highest = Highest()
        self._own = own
        self.witness = None  # of what the cars show about the house meter; None = nobody asks
        self.no_witness = False  # the witness is wanted, but did not fit into memory: still to be told
        self.unmetered = None  # cars without a meter of their own; None = all have one, or the house meter sees none
        self._seen_twice = False  # do both the house meter and meters of their own see the cars?
        if settings["meter.location"] == "including" and not self.unread:
            self._seen_twice = settings["meter.charger_model"] != NONE
            if not self._seen_twice:
                # Who has meters has the space.
                from fairamp.sharing.unmetered import Unmetered

                self.unmetered = Unmetered(sockets)
        self._call_witness(settings)
        self._conductors = Conductors(sockets)
        self.budget_ma = self._conductors.budget_ma  # of every conductor; the first three are the phases of the grid
        self._targets = Targets(settings, sockets, self._conductors)
        self.safe = None  # the safe currents of several sockets; None where there is only one
        if len(sockets) > 1:
            # Only a box with neighbours needs it, and it takes space.
            from fairamp.sharing.safe import SafeCurrents

            self.safe = SafeCurrents(settings, sockets)
        self._release = Release(settings["meter.climb"], sockets, self._conductors, self._targets.rules)
        self._safe = settings["site.safe_current"]  # for all sockets together, while the meter is lost
        self._fallback = settings["meter.fallback"]  # of the house, to be expected then
        self._last_ma = [0, 0, 0]  # the house when its meter was lost
        self._lost = Held()  # the meter is lost
        self._was_lost = False  # was the meter, at the last look?
        self._used = 0  # number of the reading that was acted on; 0 = none yet
        self._seen = 0  # number of the reading that the witness saw; 0 = none yet
        self._skipped = False  # it has still to see the last one
        self._hurries = False  # it sees each at once
        self._decided: "int | None" = None  # moment of the last decision; None = one is due
        self._arrivals = 0  # how many cars have come, at all sockets together

    def settle(self, settings) -> None:
        """Adopts the settings. The next look acts on them: offers fall at once, and rise as they always do."""
        network_ma = self.headroom.network_ma
        self.headroom = Headroom(settings)
        self.headroom.network_ma = network_ma
        self._safe = settings["site.safe_current"]
        self._fallback = settings["meter.fallback"]
        self._targets.settle(settings)
        self._release.settle(settings["meter.climb"], self._targets.rules)
        if self.safe:
            self.safe.settle(settings)
        self._decided = None
        self._call_witness(settings)

    def _call_witness(self, settings):
        """Only a meter that sees the cars can be checked against them, and only by cars that have a meter, too."""
        self.no_witness = False
        if not (self._seen_twice and settings["meter.witness"]):
            self.witness = None
        elif not self.witness:
            try:
                # Who does without it has the space.
                from fairamp.sharing.witness import Witness

                self.witness = Witness(self._own)
            except MemoryError:
                self.no_witness = True  # that must not end the charging

    def update(self, now: int) -> None:
        """To be called several times per second; writes the grants of all sockets."""
        grid = self.grid
        if not (grid.number or self.unread):
            return
        grid.stale = not self.unread and (grid.stale or elapsed(now, grid.taken) > grid.late_ms)
        if self.witness:
            self._ask(self.witness, grid)
        lost_ms = self._lost.ms(now, grid.stale)
        if grid.stale:
            self.meter = LOST if lost_ms < ERROR_MS else FAILED
        else:
            self.meter = NO_METER if self.unread else LIVE
        news = grid.number != self._used or grid.stale is not self._was_lost
        for socket in self.sockets:
            news = socket.has_news() or news
        if news or self._decided is None or elapsed(now, self._decided) >= DECIDE_MS:
            self._decided = now
            self._decide(now)
        self._was_lost = grid.stale

    def fall_to_safe(self, now: int) -> None:
        """It could not decide: nobody has more than what is safe without it, nor more than before.

        What was taken climbs back as after a lost meter. Nothing here takes memory.
        """
        left = self._safe if self.grid.stale or not self.safe else NONE_MA
        for socket in self.sockets:
            left -= 0 if socket.online else socket.safe_ma
        for socket in self.sockets:
            grant, commitment = socket.grant, socket.commitment
            ma = min(grant.ma, left, socket.report.allowed_ma, grant.safe_ma if self.safe else left)
            grant.ma = ma if ma >= socket.least_ma else 0
            left -= grant.ma
            if commitment.offered_ma > grant.ma:
                socket.recovery.climbing = True
                if not grant.ma:
                    socket.recovery.drop(now, commitment.raised_at)
                # What it draws, nobody asks now.
                commitment.offer(now, grant.ma, 0)
        self._decided = None

    def _ask(self, witness, grid):
        """What the cars contradict is no reading."""
        if grid.number != self._seen and not grid.stale:
            self._look_with(witness, grid)
        if witness.problem:
            grid.stale = True
            grid.problem = witness.problem

    def _look_with(self, witness, grid):
        """Not beside a decision, which takes long enough, but at the next call; unless readings come as fast."""
        fresh = grid.number != self._used
        if fresh and not self._hurries:
            self._hurries, self._skipped = self._skipped, True
            return
        self._hurries, self._skipped = fresh, False
        witness.look(grid, self.sockets)
        self._seen = grid.number

    def _decide(self, now):
        lost, targets = self.grid.stale, self._targets
        # Who is silent shows nothing, whatever the cars do.
        silent = elapsed(now, self.grid.taken) > self.grid.late_ms
        asks = self.witness.asks if self.witness and not silent else NOTHING_ASKED
        for socket in self.sockets:
            if asks and not targets.asks:
                socket.recovery.had = socket.commitment.offered_ma
            elif not asks and not lost:
                socket.recovery.had = 0
            self._observe(now, socket)
        targets.asks = asks
        self._find_budget(now)
        targets.find(now, self.house.ma, lost)
        doubt = self.house.doubt_ma
        if self.unmetered and not lost:
            self.unmetered.sum_up()
            doubt = self.unmetered.doubt_ma
        self._release.step(now, doubt, targets.turns.changed, lost)
        self._grant(now)

    def _observe(self, now, socket):
        """What the socket tells of its car."""
        report, demand = socket.report, socket.demand
        if socket.has_arrived():
            self._arrivals += 1
            socket.arrived = self._arrivals
            socket.member.waited = 0
            demand.probing = self._targets.probes
        socket.commitment.expire(now)
        drawn = flows = socket.most_drawn()
        if report.connected:
            if self.unmetered and drawn and not report.measured:
                # Of a car that asks nobody knows that it draws nothing.
                drawn = max(NOTHING_MA, min(drawn, self.unmetered.of(socket)))
            offered, step = socket.commitment.offered_ma, self._targets.rules.step_ma
            demand.step(now, offered, report.asking, drawn, step)
        socket.commitment.step(now, flows, report.charging)

    def _find_budget(self, now):
        """What there is for cars, on each phase of the grid."""
        self.headroom.update(self.hour, self.downgraded, self.suspended, self.grid.contract_ma)
        if self.grid.stale:
            # A reading that is not believed is done with, too.
            self._used = self.grid.number
            self._without_meter()
            return
        if self._was_lost:
            for socket in self.sockets:
                socket.recovery.kept = None
        if self.grid.number != self._used:
            self._look_at_house(now)
            # Not before: where memory runs short in the middle, it is looked at once more.
            self._used = self.grid.number
        self.headroom.budget(self.house.ma, self.budget_ma)
        for phase in range(self.grid.phases, 3):
            self.budget_ma[phase] = 0  # nobody measures it

    def _look_at_house(self, now):
        """What the house itself draws, and whether a phase is overloaded now."""
        house = self.house
        if self.unmetered:
            self.unmetered.look(now, self.grid.current_ma)
        house.look(self.grid, self.sockets, self.headroom.limit_ma, not self._was_lost)
        for phase in PHASES:
            if house.over[phase]:
                self._release.hold(now, phase)
        highest = house.ma
        if self.unmetered:
            self.unmetered.sum_up()
            highest = [house.ma[phase] + self.unmetered.doubt_ma[phase] for phase in PHASES]
        self._highest.see(now, highest)

    def _without_meter(self):
        """What the house leaves that is to be expected; unless the settings say what that is, at most the safe current.

        Not more than before: a loss raises nothing.
        """
        headroom, house = self.headroom, self.house
        for phase in PHASES:
            expected, most = self._fallback[phase], NONE_MA
            if expected >= NONE_MA:
                # At least 0: nobody knows how long the sun goes on.
                expected, most = max(0, self._highest.ma(phase)), self._safe
            if not self._was_lost:
                self._last_ma[phase] = house.ma[phase]
            house.believe(phase, max(expected, self._last_ma[phase]))
            self.budget_ma[phase] = 0
            if phase < self.grid.phases:
                left = min(most, headroom.limit_ma[phase] - house.ma[phase], headroom.feeder_ma[phase])
                self.budget_ma[phase] = max(0, left)
        for socket in self.sockets:
            socket.recovery.climbing = True
            if not self._was_lost:
                had = socket.commitment.offered_ma
                if not had or (self.witness and self.witness.problem):
                    # A pause that it was asked for does not last: nobody could ask it again.
                    had = max(had, socket.recovery.had)
                socket.recovery.kept = had if socket.takes_part else None

    def _grant(self, now):
        """What each socket is told, and why."""
        lost = self.grid.stale
        turn, probed = self._targets.turn(now), self._targets.probed()
        for socket in self.sockets:
            grant = socket.grant
            grant.vacant = not socket.takes_part
            grant.over = not lost and self.house.has_part(socket)
            if socket.takes_part:
                grant.ma = socket.commitment.offered_ma
            else:
                grant.ma = self._targets.rules.whole(self._conductors.left(socket.conductors(socket.phases)))
            if socket.can_switch and len(socket.phases) == 3 and not lost:
                self._release.choose_phases(now, socket)
            grant.reason, grant.values = self._reason(socket), ()
            if grant.reason == NO_POWER and probed:
                # Whose turn it is will be seen when that is over.
                grant.reason, grant.values = PROBING, (probed.id,)
            elif grant.reason == NO_POWER and turn:
                grant.reason, grant.values = TURN_OF, turn
            elif grant.reason in (SHARED, NO_POWER, METER_LOST):
                grant.reason = self._bound(socket, grant.reason)
        if self.safe:
            self.safe.tell(self.budget_ma, self._targets.alone_ma())

    def _bound(self, socket, reason):
        """What bounds it on the phase where the least is left, if it is not the house."""
        conductors, phases = self._conductors, socket.grid_phases() if socket.takes_part else socket.phases
        tight = phases[0]
        for phase in phases:
            if conductors.free_ma[phase] < conductors.free_ma[tight]:
                tight = phase
        budget, feeder = self.budget_ma[tight], self.headroom.feeder_ma[tight]
        left = self.headroom.limit_ma[tight] - self.house.ma[tight]
        if reason == METER_LOST:
            return FALLBACK if self._fallback[tight] < NONE_MA else reason
        if budget < min(left, feeder) and tight < self.grid.phases:
            return UNEVEN
        settled = socket.commitment.offered_ma >= socket.member.offer_ma  # else what is free is on its way to it
        if settled and self._targets.rules.imbalance_ma and conductors.free_ma[tight] >= self._targets.rules.step_ma:
            return UNEVEN
        return self.headroom.of_feeder(tight) if feeder < left else reason

    def _reason(self, socket):
        member, offered = socket.member, socket.commitment.offered_ma
        if not socket.online:
            return NO_NETWORK
        if self.suspended:
            return SUSPENDED
        if self.grid.stale:
            return METER_LOST
        if self._targets.asks and socket.takes_part:
            return LOOKING
        if member.waits and not offered:
            return NO_POWER
        if socket.demand.probing and offered:
            return PROBING
        if offered < member.offer_ma:
            if socket.recovery.climbing:
                return CLIMBING
            return FOLLOWING if self._others_hold(socket) else SHARED
        if member.demand_ma is not None and offered == member.offer_ma:
            # Where nobody measures it, only the least is offered after an overload, whatever the car would draw.
            own = socket.demand.idle or member.demand_ma == socket.demand.ma
            return ENOUGH if own else CLIMBING
        return SHARED

    def _others_hold(self, socket):
        """Does anybody else have current that could be waited for?"""
        for other in self.sockets:
            if other is not socket and other.commitment.committed_ma:
                return True
        return False
