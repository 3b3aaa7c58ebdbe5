"""What each socket should have, by the rules of the site and by what its car can use."""

from fairamp.charging.pilot import LEAST_MA
from fairamp.sharing.shares import EQUAL, Rules, share
from fairamp.sharing.turns import Turns

NOTHING = (0, 0, 0)


class Targets:
    """Writes `offer_ma` and `waits` of every member: the target, whatever is in force now."""

    def __init__(self, settings, sockets, ways):
        self.turns = Turns(settings["sharing.turn_period"])
        self._sockets = sockets
        self._ways = ways
        self._queue = [False] * len(ways.free_ma)  # somebody waits for current on this way
        self._loads = None  # of each phase, where they may not differ much
        self.settle(settings)

    def settle(self, settings) -> None:
        """Adopts the settings; the next sharing is by them."""
        self.rules = Rules(
            settings["sharing.mode"],
            settings["sharing.step"],
            settings["sharing.fifo_percent"],
            settings["sharing.imbalance"],
        )
        self.turns.period_ms = settings["sharing.turn_period"]
        self._probe_ma = settings["sharing.probe_current"]  # what a new car is offered to see what it needs
        # Is a new car offered more for a while, to see what it needs?
        self.probes = len(self._sockets) > 1 and self._probe_ma > LEAST_MA and self.rules.mode == EQUAL
        self._even_at_meter = settings["sharing.imbalance_at"] == "meter"  # False = only the cars have to be even
        if not self.rules.imbalance_ma:
            self._loads = None
        elif self._loads:
            self._loads.settle(self.rules.imbalance_ma)
        else:
            from fairamp.sharing.loads import Loads  # most sites have no such limit

            self._loads = Loads(self.rules.imbalance_ma)

    def find(self, now: int, house_ma) -> None:
        """One sharing of the budget of all ways."""
        ways, turns = self._ways, self.turns
        members = self._gather(now)
        background = house_ma if self._even_at_meter else NOTHING
        if self._loads:
            self._loads.limit(now, self._sockets, background, ways.budget_ma)
        share(self.rules, members, ways.budget_ma, background, ways.reserved_ma, first=turns.number)
        turns.step(now, members)
        ways.free_all()
        for socket in self._sockets:
            if turns.changed:
                socket.demand.wake()
            if socket.member.offer_ma:
                ways.take(socket.member.ways, socket.member.offer_ma)
        self._note_queue(members)
        self._top_up()

    def turn(self, now: int):
        """Who charges while others wait, and for how many minutes; () where nobody takes turns."""
        if self.rules.mode != EQUAL or not self.turns.waiting:
            return ()
        charging = tuple([socket.id for socket in self._sockets if socket.member.offer_ma])
        return (charging, self.turns.left_ms(now) // 60000 + 1) if charging else ()

    def _gather(self, now):
        """The members of this sharing, and what is reserved beside them."""
        ways, members = self._ways, []
        for way in range(len(ways.reserved_ma)):
            ways.reserved_ma[way] = 0
        for socket in self._sockets:
            member, report = socket.member, socket.report
            member.offer_ma = 0
            member.waits = False
            socket.takes_part = socket.online and report.connected and report.ready and report.allowed_ma >= LEAST_MA
            if socket.online:
                socket.lost_at = None
            else:
                # The next car there may use other phases than the one that was seen.
                ways.reserve(socket.ways(socket.phases), socket.kept_ma(now))
            if socket.takes_part:
                self._describe(socket, member)
                members.append(member)
                ways.reserve(member.ways, socket.commitment.excess_ma)
        return members

    def _describe(self, socket, member):
        """The socket in the words of sharing."""
        demand, allowed = socket.demand, socket.report.allowed_ma
        member.ways = socket.ways(socket.grid_phases())
        member.arrived = socket.arrived
        member.least_ma = min(demand.least_ma, max(LEAST_MA, allowed))
        member.most_ma = allowed
        member.demand_ma = demand.ma
        member.vip = socket.vip
        if demand.probing and self._may_probe(socket, member):
            member.least_ma = min(self._probe_ma, allowed)
            member.demand_ma = self._probe_ma
            member.vip = True  # for a minute
        elif demand.probing and socket.commitment.offered_ma:
            demand.probing = False
        if demand.idle and (demand.aside or max([self._queue[way] for way in member.ways])):
            # It does not ask, and others wait: it stays aside until its next chance.
            demand.aside = True
            member.demand_ma = 0
        elif demand.idle:
            member.demand_ma = member.least_ma
        if socket.recovery.capped:
            member.demand_ma = member.least_ma

    def _may_probe(self, socket, member):
        """One at a time, where there is so much."""
        for other in self._sockets:
            if other is not socket and other.demand.probing and other.commitment.offered_ma >= self._probe_ma:
                return False
        for way in member.ways:
            if self._ways.budget_ma[way] - self._ways.reserved_ma[way] < self._probe_ma:
                return False
        return True

    def _note_queue(self, members):
        """Where somebody waits: the ways that lack what it needs, or all of its ways when that is not why."""
        for way in range(len(self._queue)):
            self._queue[way] = False
        for member in members:
            if member.waits:
                short = [way for way in member.ways if self._ways.free_ma[way] < member.least_ma]
                for way in short or member.ways:
                    self._queue[way] = True

    def _top_up(self):
        """A limit of the socket that is no whole step is reached where the rest of a step is free."""
        ways = self._ways
        for socket in self._sockets:
            if socket.takes_part and socket.demand.idle:
                self._give_left_over(socket.member)
        for socket in self._sockets:
            member = socket.member
            rest = member.most_ma - member.offer_ma
            if not member.offer_ma or member.demand_ma is not None or not 0 < rest < self.rules.step_ma:
                continue
            if ways.left(member.ways) >= rest:
                member.offer_ma += rest
                ways.take(member.ways, rest)

    def _give_left_over(self, member):
        """A car that does not ask has what nobody else wants: perhaps it begins with that."""
        most = self._ways.left(member.ways) + member.offer_ma
        offer = self.rules.whole(min(most, member.most_ma))
        if offer >= member.least_ma and offer > member.offer_ma:
            self._ways.take(member.ways, offer - member.offer_ma)
            member.offer_ma = offer
