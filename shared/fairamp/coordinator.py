"""From readings and sockets to one offer each: acts once per new reading, and falls to the safe current without.

Cuts are immediate. A raise needs current that is really free: what was taken from others counts as theirs until
their draw has fallen, or 6 s have passed.
"""

from fairamp.headroom import NONE_MA, Headroom
from fairamp.pilot import LEAST_MA
from fairamp.reading import Reading
from fairamp.sharing.house import House
from fairamp.sharing.loads import Loads
from fairamp.sharing.shares import EQUAL, Rules, share
from fairamp.sharing.stations import cables
from fairamp.sharing.turns import Turns
from fairamp.units import PHASES, Held, elapsed

FOLLOW_MS = 6000
RAISE_MS = 5000
# After an overload offers stay down this long, so that no contactor follows a kettle, and then climb.
HOLD_MS = 30000
CLIMB_MA = 1000
DECIDE_MS = 1000
# A meter that is gone for so long needs a person.
ERROR_MS = 120000
ONE_PHASE_MS = 30000
THREE_PHASES_MS = 300000
NOTHING = (0, 0, 0)

UNKNOWN = "no meter reading yet"
LIVE = "live"
LOST = "meter lost"
FAILED = "meter lost for more than 2 minutes"


class Coordinator:
    """All sockets behind one main fuse. The first one is the box's own."""

    def __init__(self, settings, sockets):
        self.grid = Reading()
        self.sockets = sockets
        self.budget_ma = [0, 0, 0] + cables(sockets)  # of every way, see sharing/shares
        self.meter = UNKNOWN
        self.hour = None
        self.downgraded = False  # by a contact
        self.suspended = False  # by a contact: nobody charges
        self.overloads = 0  # readings that showed one
        self._fuse = settings["site.fuse"]
        self.house = House(settings["meter.location"] == "including")
        self.turns = Turns(settings["sharing.turn_period"])
        self._loads = Loads(settings["sharing.imbalance"])
        self.settle(settings)
        self._lost = Held()
        self._was_lost = False
        self._used = 0  # number of the reading that was acted on
        self._arrivals = 0
        self._held_until: list = [None, None, None]  # per phase, since the last overload
        self._reserved = [0] * len(self.budget_ma)
        self._free = [0] * len(self.budget_ma)
        self._queue = [False] * len(self.budget_ma)  # somebody waits for current on this way
        self._expected = [0, 0, 0]  # of the house, while the meter is lost
        self._room = [Held() for _ in sockets]

    def settle(self, settings) -> None:
        """Adopts the settings. The next look acts on them: offers fall at once, and rise as they always do."""
        self.headroom = Headroom(settings)
        self._safe = settings["site.safe_current"]
        self._fallback = settings["meter.fallback"]
        self._climb = settings["meter.climb"]
        self._probe_ma = settings["sharing.probe_current"]
        self._even_at_meter = settings["sharing.imbalance_at"] == "meter"
        self._rules = Rules(
            settings["sharing.mode"],
            settings["sharing.step"],
            settings["sharing.fifo_percent"],
            settings["sharing.imbalance"],
        )
        self.turns.period_ms = settings["sharing.turn_period"]
        self._loads.settle(settings["sharing.imbalance"])
        self._decided: "int | None" = None

    def update(self, now: int) -> None:
        """To be called several times per second; writes the offers of all sockets."""
        if not self.grid.number:
            return
        late = elapsed(now, self.grid.taken) > self.grid.late_ms
        self.grid.stale = self.grid.stale or late
        lost_ms = self._lost.ms(now, self.grid.stale)
        new = self.grid.number != self._used
        if self.grid.stale:
            self.meter = LOST if lost_ms < ERROR_MS else FAILED
        else:
            self.meter = LIVE
        news = self.grid.stale is not self._was_lost
        for socket in self.sockets:
            news = socket.has_news() or news
        if new or news or self._decided is None or elapsed(now, self._decided) >= DECIDE_MS:
            self._decide(now, new)
        self._was_lost = self.grid.stale

    # ---- one decision

    def _decide(self, now, new):
        past = 0 if self._decided is None else elapsed(now, self._decided)
        self._decided = now
        for socket in self.sockets:
            self._observe(now, socket)
        self.headroom.update(self.hour, self.downgraded, self.suspended)
        if self.grid.stale:
            self._without_meter()
        elif new:
            self._used = self.grid.number
            self._look_at_house(now)
        if not self.grid.stale:
            self.headroom.budget(self.house.ma, self.budget_ma)
            for phase in range(self.grid.phases, 3):
                self.budget_ma[phase] = 0  # nobody measures it
        self._share(now)
        self._look_what_is_left()
        self._note_queue()
        self._top_up()
        self._apply(now, past)

    def _observe(self, now, socket):
        """What the socket tells of its car."""
        demand = socket.demand
        if not socket.connected or socket.session != socket.seen_session:
            demand.reset()
            socket.dropped_at = None
            socket.excess_ma = 0
            socket.seen_session = socket.session
            if socket.connected:
                self._arrivals += 1
                socket.arrived = self._arrivals
                socket.member.waited = 0
            else:
                socket.seen_session = None
            demand.probing = len(self.sockets) > 1 and self._probe_ma > LEAST_MA and self._rules.mode == EQUAL
        if socket.connected:
            demand.step(now, socket.offer_ma, socket.asking, socket.most_drawn(), self._rules.step_ma)
        past = 0 if socket.cut_at is None else elapsed(now, socket.cut_at)
        socket.follow_cut(now, past, FOLLOW_MS)

    def _look_at_house(self, now):
        """What the house itself draws, and whether a phase is overloaded now."""
        house = self.house
        house.look(self.grid, self.sockets, self.headroom.limit_ma, not self._was_lost)
        for phase in PHASES:
            if house.over[phase]:
                self.overloads += 1
                self._hold(now, phase)

    def _hold(self, now, phase):
        """After an overload, offers on this phase stay down for a while and then climb."""
        self._held_until[phase] = now
        for socket in self.sockets:
            if phase in socket.phases:
                socket.climbing = True
                socket.capped = socket.capped or not socket.measured
                socket.remember_excess()

    def _without_meter(self):
        """The safe current for all together, or what the load that is to be expected leaves."""
        for phase in PHASES:
            expected = self._fallback[phase]
            left = self._safe if expected >= NONE_MA else max(0, self._fuse[phase] - expected)
            self.budget_ma[phase] = min(left, self.headroom.feeder_ma[phase])
            self._expected[phase] = self._fuse[phase] - left
        self.house.believe(self._expected)
        for socket in self.sockets:
            socket.climbing = True

    def _share(self, now):
        members = []
        for way in range(len(self._reserved)):
            self._reserved[way] = 0
        for socket in self.sockets:
            member = socket.member
            member.offer_ma = 0
            member.waits = False
            socket.takes_part = False
            if not socket.online:
                kept = socket.kept_ma(now, FOLLOW_MS)
                # The next car there may use other phases than the one that was seen.
                for way in socket.ways(socket.phases):
                    self._reserved[way] += kept
            elif socket.connected and socket.ready and socket.allowed_ma >= LEAST_MA:
                self._describe(socket, member)
                members.append(member)
                socket.takes_part = True
                for way in member.ways if socket.excess_ma else ():
                    self._reserved[way] += socket.excess_ma
        background = self.house.ma if self._even_at_meter else NOTHING
        self._loads.limit(now, self.sockets, background, self.budget_ma)
        turns = self.turns
        share(self._rules, members, self.budget_ma, background, self._reserved, first=turns.number)
        turns.step(now, members)
        if self.turns.changed:
            for socket in self.sockets:
                socket.demand.wake()

    def _note_queue(self):
        """Where somebody waits: the ways that lack what it needs, or all of its ways when that is not why."""
        for way in range(len(self._queue)):
            self._queue[way] = False
        for socket in self.sockets:
            member = socket.member
            if member.waits:
                short = [way for way in member.ways if self._free[way] < member.least_ma]
                for way in short or member.ways:
                    self._queue[way] = True

    def _look_what_is_left(self):
        """The budget without what is reserved and what sharing has given."""
        free = self._free
        for way in range(len(free)):
            free[way] = self.budget_ma[way] - self._reserved[way]
        for socket in self.sockets:
            for way in socket.member.ways if socket.member.offer_ma else ():
                free[way] -= socket.member.offer_ma

    def _describe(self, socket, member):
        """The socket in the words of sharing."""
        demand = socket.demand
        member.ways = socket.ways(socket.grid_phases())
        member.arrived = socket.arrived
        member.least_ma = min(demand.least_ma, max(LEAST_MA, socket.allowed_ma))
        member.most_ma = socket.allowed_ma
        member.demand_ma = demand.ma
        member.vip = socket.vip
        if demand.probing and self._may_probe(socket, member):
            member.least_ma = min(self._probe_ma, socket.allowed_ma)
            member.demand_ma = self._probe_ma
            member.vip = True  # for a minute
        elif demand.probing and socket.offer_ma:
            demand.probing = False
        queue = demand.idle and max([self._queue[way] for way in member.ways])
        if demand.idle and (queue or demand.aside):
            # It does not ask, and others wait: it stays aside until its next chance.
            demand.aside = True
            member.demand_ma = 0
        elif demand.idle:
            member.demand_ma = member.least_ma
        if socket.capped:
            member.demand_ma = member.least_ma

    def _may_probe(self, socket, member):
        """One at a time, where there is so much."""
        for other in self.sockets:
            if other is not socket and other.demand.probing and other.offer_ma >= self._probe_ma:
                return False
        for way in member.ways:
            if self.budget_ma[way] - self._reserved[way] < self._probe_ma:
                return False
        return True

    def _top_up(self):
        """A limit of the socket that is no whole step is reached where the rest of a step is free."""
        free = self._free
        for socket in self.sockets:
            if socket.takes_part and socket.demand.idle:
                self._give_left_over(socket.member)
        for socket in self.sockets:
            member = socket.member
            rest = member.most_ma - member.offer_ma
            if not member.offer_ma or member.demand_ma is not None or not 0 < rest < self._rules.step_ma:
                continue
            if min([free[way] for way in member.ways]) >= rest:
                member.offer_ma += rest
                for way in member.ways:
                    free[way] -= rest

    def _give_left_over(self, member):
        """A car that does not ask has what nobody else wants: perhaps it begins with that."""
        most = min([self._free[way] for way in member.ways]) + member.offer_ma
        offer = self._whole(min(most, member.most_ma))
        if offer < member.least_ma or offer <= member.offer_ma:
            return
        for way in member.ways:
            self._free[way] -= offer - member.offer_ma
        member.offer_ma = offer

    # ---- from targets to offers

    def _apply(self, now, past):
        for way in range(len(self._free)):
            self._free[way] = self.budget_ma[way] - self._reserved[way]
        for phase in PHASES:
            self._free[phase] -= self.house.doubt_ma[phase]
        for socket in self.sockets:
            target = socket.member.offer_ma
            if target < socket.offer_ma:
                if not target and not self.turns.changed and socket.takes_part:
                    socket.drop(now)
                socket.set_offer(now, target)
            if socket.online:
                for way in socket.ways(socket.grid_phases()):
                    self._free[way] -= socket.committed_ma
        for socket in self.sockets:
            if socket.member.offer_ma > socket.offer_ma:
                self._raise(now, socket)
            elif socket.offer_ma and not self.grid.stale:
                socket.climbing = socket.climbing and self._is_held(now, socket)
                socket.capped = socket.capped and self._is_held(now, socket)
        for index, socket in enumerate(self.sockets):
            if not socket.takes_part:
                socket.room_ma = self._whole(min([self._free[way] for way in socket.ways(socket.phases)]))
            self._choose_phases(now, socket, self._room[index])
            socket.why = self._reason(now, socket)

    def _raise(self, now, socket):
        """Up to the target, as far as it is free and time allows."""
        target = socket.member.offer_ma
        if socket.raised_at is not None and elapsed(now, socket.raised_at) < RAISE_MS and socket.offer_ma:
            return
        if self._is_held(now, socket) and not self.grid.stale:
            return
        if (
            socket.dropped_at is not None
            and elapsed(now, socket.dropped_at) < socket.rest_ms(HOLD_MS)
            and not self.grid.stale
        ):
            return
        socket.capped = False
        if socket.climbing and socket.offer_ma and not self.grid.stale:
            target = min(target, socket.offer_ma + max(self._rules.step_ma, self._climb_by()))
        ways = socket.ways(socket.grid_phases())
        room = min([self._free[way] for way in ways])
        if room < 0:
            return
        if target > socket.committed_ma + room:
            target = self._whole(socket.committed_ma + room)
        if target <= socket.offer_ma or target < socket.member.least_ma:
            return
        before = socket.committed_ma
        socket.set_offer(now, target)
        socket.dropped_at = None
        for way in ways:
            self._free[way] -= socket.committed_ma - before
        if target == socket.member.offer_ma:
            socket.climbing = False

    def _whole(self, ma):
        step = self._rules.step_ma
        return max(0, ma) // step * step

    def _climb_by(self):
        """How much in the 5 s between two raises, in whole steps."""
        return self._whole(self._climb * RAISE_MS // 1000)

    def _is_held(self, now, socket):
        for phase in socket.grid_phases():
            since = self._held_until[phase]
            if since is not None:
                if elapsed(now, since) < HOLD_MS:
                    return True
                self._held_until[phase] = None
        return False

    def _choose_phases(self, now, socket, room):
        """One phase where three do not fit, and back when they have fitted for long."""
        if not socket.can_switch or len(socket.phases) != 3 or self.grid.stale:
            return
        needed = socket.demand.least_ma
        left = []
        for phase in socket.phases:
            free = min([self._free[way] for way in socket.ways((phase,))])
            left.append(free + socket.committed_ma * (phase in socket.grid_phases()))
        if not socket.one_phase:
            lacks = socket.connected and socket.ready and socket.member.waits and left[0] >= needed > min(left)
            if room.ms(now, lacks) >= ONE_PHASE_MS:
                socket.one_phase = True
        elif room.ms(now, min(left) >= needed + CLIMB_MA) >= THREE_PHASES_MS or not socket.connected:
            socket.one_phase = False

    # ---- in words

    def _reason(self, now, socket):
        if not socket.online:
            return "no network: keeps its safe current"
        if self.suspended:
            return "suspended by a contact"
        if self.grid.stale:
            return "meter lost, safe current"
        if socket.member.waits and not socket.offer_ma:
            others = self.turns.charging_ids(self.sockets)
            if others and self._rules.mode == EQUAL:
                left = self.turns.left_ms(now) // 60000 + 1
                return "waiting: turn of " + others + " for " + str(left) + " min"
            return "waiting for power"
        if socket.demand.probing and socket.offer_ma:
            return "probing what the car needs"
        if socket.offer_ma < socket.member.offer_ma:
            return "rising again, slowly" if socket.climbing else "waiting until others have reduced"
        if socket.member.demand_ma is not None and socket.offer_ma == socket.member.offer_ma:
            return "the car draws no more"
        return "load balance"
