"""One socket as the coordinator knows it, whether it is on this box or on another."""

from fairamp.pilot import LEAST_MA
from fairamp.sharing.demand import Demand
from fairamp.sharing.member import Member
from fairamp.units import Held, elapsed

# Meters and cars are not exact.
TOLERANCE_MA = 1000
EXACT_MA = 100
# A car has 5 s to follow, and comes down a little later.
EXCESS_MS = 8000
# After a charge of so long, pauses are counted anew; at most so many are.
LONG_MS = 600000
MOST_DROPS = 4


class Socket:
    """The charge point tells the first half, the coordinator decides the second."""

    def __init__(self, id, phases, safe_ma=LEAST_MA, vip=False, can_switch=False, station=0, station_ma=0):
        self.id = id
        self.phases = phases  # grid phase of each terminal
        self.safe_ma = safe_ma  # kept without the network
        self.vip = vip
        self.can_switch = can_switch
        self.station = station  # sockets with the same number share a cable; 0 = none
        self.station_ma = station_ma  # what that cable may carry
        self.cable = 0  # the first of its ways
        # told by the charge point
        self.online = True
        self.connected = False
        self.ready = False  # it may charge, as far as car and charge point themselves go
        self.asking = False  # the car wants energy now
        self.charging = False  # the contactor is closed
        self.allowed_ma = 0  # the lowest of its own limits
        self.terminals = 7  # bit mask of those that the car uses
        self.three = True  # the relay, or where it is about to go
        self.draw_ma = [0, 0, 0]  # per terminal
        self.measured = False
        self.read_at = 0  # when the draw was read
        self.session = 0  # number of the session
        # decided by the coordinator
        self.offer_ma = 0
        self.takes_part = False  # in the sharing now
        self.room_ma = 0  # what a newcomer would be offered here
        self.why = ""
        self.one_phase = False  # a wish; `three` tells when it has come true
        self.switched = False  # to one phase, by that wish
        # remembered by the coordinator
        self.member = Member(id, (), vip=vip)
        self.demand = Demand()
        self.excess_ma = 0  # by so much its car draws more than it is offered
        self._above = Held()
        self._above_ms = 0
        self.committed_ma = 0  # what may flow: the offer, or more while a cut is not yet followed
        self.arrived = 0
        self.seen_session = None
        self._seen = (False, False, False, 0)
        self.cut_at = None
        self._fell = False  # since the cut, its draw was above the offer
        self.raised_at = None
        self.dropped_at = None  # when it lost all of its offer for lack of current
        self.drops = 0  # how often, without a long charge in between
        self.lost_at = None  # when it lost the network
        self.stopped = False  # without network: its car seems to draw nothing
        self.climbing = False
        self.capped = False  # after an overload, while nobody measures what it draws

    def has_news(self) -> bool:
        """Does it tell something else than when it was asked last?"""
        seen = self._seen
        if (
            seen[0] is self.connected
            and seen[1] is self.ready
            and seen[2] is self.online
            and seen[3] == self.allowed_ma
        ):
            return False
        self._seen = (self.connected, self.ready, self.online, self.allowed_ma)
        return True

    def grid_phases(self):
        """The grid phases that an offer loads."""
        if not self.three:
            return self.phases[:1]
        return [phase for terminal, phase in enumerate(self.phases) if self.terminals & 1 << terminal]

    def ways(self, phases):
        """These phases of the grid, and those of the cable of its station."""
        return list(phases) + [self.cable + phase for phase in phases] if self.cable else phases

    def draw(self, terminal: int) -> int:
        """What flows there, or what may flow when nobody measures it."""
        if not self.online:
            return 0 if self.stopped else min(self.draw_ma[terminal], max(self.safe_ma, self.committed_ma))
        if self.measured:
            return self.draw_ma[terminal]
        used = self.terminals & 1 << terminal and (self.three or terminal == 0)
        return self.offer_ma if self.charging and used else 0

    def most_drawn(self) -> int:
        return max([self.draw(terminal) for terminal in range(len(self.phases))])

    def follow_cut(self, now: int, past_ms: int, wait_ms: int) -> None:
        """What was taken away is free once the draw has fallen, or after a while."""
        drawn = self.most_drawn()
        # A car that draws less than it has now may still be on its way up to what it had.
        self._fell = self._fell or drawn > self.offer_ma or not self.offer_ma or not self.charging
        if self.cut_at is not None and (past_ms >= wait_ms or (self._fell and drawn <= self.offer_ma)):
            self.cut_at = None
        if self.cut_at is None:
            # A car that draws more than it was offered is not hidden by what it ought to draw.
            self.committed_ma = max(self.offer_ma, drawn if drawn > self.offer_ma + TOLERANCE_MA else 0)
        elif self._fell and drawn <= self.offer_ma + TOLERANCE_MA:
            self.committed_ma = drawn
        self._above_ms = self._above.ms(now, self.offer_ma > 0 and drawn > self.offer_ma + EXACT_MA)

    def remember_excess(self) -> None:
        """At an overload: what a car draws beyond its offer, for longer than one that obeys, has to be left for it."""
        if self._above_ms >= EXCESS_MS:
            self.excess_ma = max(self.excess_ma, self.most_drawn() - self.offer_ma)

    def kept_ma(self, now: int, wait_ms: int) -> int:
        """What a socket without network may draw: its safe current, and for a while what it had."""
        if self.lost_at is None:
            self.lost_at = now
            self.stopped = False
        if elapsed(now, self.lost_at) >= wait_ms:
            self.committed_ma = 0
        return max(self.safe_ma, self.committed_ma)

    def drop(self, now: int) -> None:
        """It loses all of its offer for lack of current."""
        if self.raised_at is not None and elapsed(now, self.raised_at) >= LONG_MS:
            self.drops = 0
        self.drops = min(self.drops + 1, MOST_DROPS)
        self.dropped_at = now

    def rest_ms(self, first_ms: int) -> int:
        """Until it may begin again: longer each time, so that no contactor follows a load that comes and goes."""
        return first_ms << max(0, self.drops - 1)

    def set_offer(self, now: int, ma: int) -> None:
        if ma < self.offer_ma:
            self.cut_at = now
            self._fell = self.most_drawn() > ma
            self.committed_ma = max(self.committed_ma, self.offer_ma)
        elif ma > self.offer_ma:
            self.raised_at = now
            self.committed_ma = max(self.committed_ma, ma)
        if ma != self.offer_ma:
            self._above_ms = self._above.ms(now, False)
        self.offer_ma = ma
