"""One socket as the coordinator knows it, whether it is on this box or on another."""

from fairamp.charging.pilot import LEAST_MA
from fairamp.sharing.commitment import FOLLOW_MS, Commitment
from fairamp.sharing.demand import Demand
from fairamp.sharing.member import Member
from fairamp.sharing.messages import Grant, Report
from fairamp.sharing.recovery import Recovery
from fairamp.units import Held, elapsed, no_older


class Socket:
    """`report`: what it tells. `grant`: what it gets. All else is what the coordinator remembers of it."""

    def __init__(
        self, id, phases, safe_ma=LEAST_MA, vip=False, can_switch=False, station=0, station_ma=0, least_ma=LEAST_MA
    ):
        # as it is wired
        self.id = id
        self.phases = phases  # grid phase of each terminal
        self.safe_ma = safe_ma  # most that is kept without the network; None = not yet found, see `safe`
        self.vip = vip
        self.can_switch = can_switch  # between one phase and three
        self.least_ma = least_ma  # it offers that, or nothing
        self.station = station  # sockets with the same number share a cable; 0 = none
        self.station_ma = station_ma  # what that cable may carry
        self.cable = 0  # the first of its conductors; 0 = none
        # the two messages
        self.online = True  # has it reported within the last seconds?
        self.report = Report()
        self.grant = Grant()
        # remembered
        self.commitment = Commitment()
        self.recovery = Recovery()
        self.demand = Demand(least_ma)
        self.member = Member(id, (), vip=vip)
        self.takes_part = False  # in the sharing now
        self.arrived = 0  # the place of its car among all that ever came; 0 = none yet
        self.phase_rest = Held()  # how long one phase, or three, would have been better
        self.lost_at = None  # when it lost the network; None = it is there, or nobody has noticed yet
        self.stopped = False  # without network: its car seems to draw nothing
        self._session = None  # the number of the car that is remembered; None = no car
        self._used: list = []  # the grid phases of ...
        self._terminals = 0  # ... these terminals
        self._seen = (False, False, False, 0)  # what it told when it was asked for news

    def has_news(self) -> bool:
        """Does it tell something else than when it was asked last?"""
        seen, report = self._seen, self.report
        if (
            seen[0] is report.connected
            and seen[1] is report.ready
            and seen[2] is self.online
            and seen[3] == report.allowed_ma
        ):
            return False
        self._seen = (report.connected, report.ready, self.online, report.allowed_ma)
        return True

    def has_arrived(self) -> bool:
        """Is there another car than before? What was learned of the one before is forgotten."""
        report = self.report
        if report.connected and report.session == self._session:
            return False
        self.demand.reset()
        self.recovery.dropped_at = None
        self.recovery.kept = None
        self.commitment.forget()
        self._session = report.session if report.connected else None
        return report.connected

    def grid_phases(self):
        """The grid phases that an offer loads."""
        terminals = self.report.terminals if self.report.three else 1
        if terminals != self._terminals:
            self._used = [phase for terminal, phase in enumerate(self.phases) if terminals & 1 << terminal]
            self._terminals = terminals  # not before: memory may run short
        return self._used

    def conductors(self, phases):
        """These phases of the grid, and those of the cable of its station."""
        return list(phases) + [self.cable + phase for phase in phases] if self.cable else phases

    def draw(self, terminal: int) -> int:
        """What flows there, or what may flow when nobody measures it."""
        report = self.report
        if not self.online:
            return 0 if self.stopped else min(report.draw_ma[terminal], max(self.safe_ma, self.commitment.committed_ma))
        if report.measured:
            return report.draw_ma[terminal]
        used = report.terminals & 1 << terminal and (report.three or terminal == 0)
        return self.commitment.expected_ma() if report.charging and used else 0

    def most_drawn(self) -> int:
        most = 0
        for terminal in range(len(self.phases)):
            most = max(most, self.draw(terminal))
        return most

    def offer(self, now: int, ma: int) -> None:
        """Another offer than before."""
        self.commitment.offer(now, ma, self.most_drawn())

    def kept_ma(self, now: int) -> int:
        """What a socket without network may draw: its safe current, and for a while what it had."""
        if self.lost_at is None:
            self.lost_at = now
            self.stopped = False
        self.lost_at = no_older(now, self.lost_at)
        if elapsed(now, self.lost_at) >= FOLLOW_MS:
            self.commitment.committed_ma = 0
        return max(self.safe_ma, self.commitment.committed_ma)
