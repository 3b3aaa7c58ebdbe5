"""What each socket should have, by the rules of the site and by what its car can use."""

from fairamp.charging.pilot import LEAST_MA
from fairamp.sharing.shares import EQUAL, Rules, share
from fairamp.sharing.turns import Turns

NOTHING = (0, 0, 0)
# What all cars are to do so that the house meter shows them: see `witness`.
(NOTHING_ASKED, LESS, PAUSE) = range(3)


class Targets:
    """Writes `offer_ma` and `waits` of every member: the target, whatever is in force now."""

    def __init__(self, settings, sockets, conductors):
        self.turns = Turns(settings["sharing.turn_period"])
        self._sockets = sockets
        self._conductors = conductors
        self._queue = [False] * len(conductors.free_ma)  # somebody waits for current on this conductor
        self._loads = None  # of each phase, where they may not differ much
        self.asks = NOTHING_ASKED  # one of the three above
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

            self._loads = Loads(self.rules.imbalance_ma, self._sockets)

    def find(self, now: int, house_ma, meter_lost: bool) -> None:
        """One sharing of the budget of all conductors."""
        conductors, turns = self._conductors, self.turns
        members = self._gather(now)
        background = house_ma if self._even_at_meter else NOTHING
        if self._loads:
            self._loads.limit(now, self._sockets, background, conductors.budget_ma, meter_lost)
        share(self.rules, members, conductors.budget_ma, background, conductors.reserved_ma, first=turns.number)
        turns.step(now, members)
        conductors.free_all()
        for socket in self._sockets:
            if turns.changed:
                socket.demand.wake()
            if socket.member.offer_ma:
                conductors.take(socket.member.conductors, socket.member.offer_ma)
        self._note_queue(members)
        self._top_up()

    def probed(self):
        """The socket whose car is being probed while others wait; None = nobody's."""
        if self.turns.waiting:
            for socket in self._sockets:
                if socket.demand.probing and socket.member.offer_ma:
                    return socket
        return None

    def alone_ma(self):
        """What each phase bears when no car on another one makes it even; None = as much as there is."""
        return self._loads.alone_ma if self._loads else None

    def turn(self, now: int):
        """Who charges while others wait, and for how many minutes; () where nobody takes turns."""
        if self.rules.mode != EQUAL or not self.turns.waiting:
            return ()
        charging = tuple([socket.id for socket in self._sockets if socket.member.offer_ma])
        return (charging, self.turns.left_ms(now) // 60000 + 1) if charging else ()

    def _gather(self, now):
        """The members of this sharing, and what is reserved beside them."""
        conductors, members = self._conductors, []
        for conductor in range(len(conductors.reserved_ma)):
            conductors.reserved_ma[conductor] = 0
        for socket in self._sockets:
            member, report = socket.member, socket.report
            member.offer_ma = 0
            member.waits = False
            socket.takes_part = (
                socket.online and report.connected and report.ready and report.allowed_ma >= socket.least_ma
            )
            if socket.online:
                socket.lost_at = None
            else:
                # The next car there may use other phases than the one that was seen.
                conductors.reserve(socket.conductors(socket.phases), socket.kept_ma(now))
            if socket.takes_part:
                self._describe(socket, member)
                members.append(member)
                conductors.reserve(member.conductors, socket.commitment.excess_ma)
        return members

    def _describe(self, socket, member):
        """The socket in the words of sharing."""
        demand, allowed = socket.demand, socket.report.allowed_ma
        member.conductors = socket.conductors(socket.grid_phases())
        member.arrived = socket.arrived
        member.least_ma = min(demand.least_ma, max(socket.least_ma, allowed))
        member.most_ma = allowed
        member.demand_ma = demand.ma
        member.vip = socket.vip
        kept = socket.recovery.kept
        if kept is not None:
            member.most_ma = min(allowed, kept)
        if demand.probing and kept is None and self._may_probe(socket, member):
            member.demand_ma = max(self._probe_ma, socket.least_ma)
            member.least_ma = min(member.demand_ma, allowed)
            member.vip = True  # for a minute
        elif demand.probing and socket.commitment.offered_ma:
            demand.probing = False
        if demand.idle and (demand.aside or max([self._queue[conductor] for conductor in member.conductors])):
            # It does not ask, and others wait: it stays aside until its next chance.
            demand.aside = True
            member.demand_ma = 0
        elif demand.idle:
            member.demand_ma = member.least_ma
        if self.asks == PAUSE:
            member.demand_ma = 0
        elif (self.asks or socket.recovery.capped) and member.demand_ma != 0:
            member.demand_ma = member.least_ma

    def _may_probe(self, socket, member):
        """One at a time, where there is so much."""
        for other in self._sockets:
            if other is not socket and other.demand.probing and other.commitment.offered_ma >= self._probe_ma:
                return False
        for conductor in member.conductors:
            if self._conductors.budget_ma[conductor] - self._conductors.reserved_ma[conductor] < self._probe_ma:
                return False
        return True

    def _note_queue(self, members):
        """Where somebody waits: the conductors that lack what it needs, or all of its own when that is not why."""
        for conductor in range(len(self._queue)):
            self._queue[conductor] = False
        for member in members:
            if member.waits:
                short = [
                    conductor
                    for conductor in member.conductors
                    if self._conductors.free_ma[conductor] < member.least_ma
                ]
                for conductor in short or member.conductors:
                    self._queue[conductor] = True

    def _top_up(self):
        """A limit of the socket that is no whole step is reached where the rest of a step is free."""
        conductors = self._conductors
        for socket in self._sockets:
            if socket.takes_part and socket.demand.idle:
                self._give_left_over(socket.member)
        for socket in self._sockets:
            member = socket.member
            rest = member.most_ma - member.offer_ma
            if not member.offer_ma or member.demand_ma is not None or not 0 < rest < self.rules.step_ma:
                continue
            if conductors.left(member.conductors) >= rest:
                member.offer_ma += rest
                conductors.take(member.conductors, rest)

    def _give_left_over(self, member):
        """A car that does not ask has what nobody else wants: perhaps it begins with that."""
        most = self._conductors.left(member.conductors) + member.offer_ma
        offer = self.rules.whole(min(most, member.most_ma))
        if offer >= member.least_ma and offer > member.offer_ma:
            self._conductors.take(member.conductors, offer - member.offer_ma)
            member.offer_ma = offer
