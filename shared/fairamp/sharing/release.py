"""From targets to offers: cuts at once, raises of what is really free and as fast as recovery allows.

What was taken from others counts as theirs until their draw has fallen, or some seconds have passed.
"""

from fairamp.sharing.commitment import RAISE_MS
from fairamp.sharing.recovery import HOLD_MS
from fairamp.units import PHASES, elapsed

ONE_PHASE_MS = 30000
THREE_PHASES_MS = 300000
# Three phases are worth a change only with so much more than a car needs.
WORTH_MA = 1000


class Release:
    """Brings the offers of all sockets towards their targets."""

    def __init__(self, climb_ma: int, sockets, conductors, rules):
        self._sockets = sockets
        self._conductors = conductors
        self.settle(climb_ma, rules)
        self._held_since: list = [None, None, None]  # per phase, the moment of the last overload; None = not held

    def settle(self, climb_ma: int, rules) -> None:
        self._rules = rules
        # By so much an offer climbs at each raise; `climb_ma` is per second.
        self._climb_ma = max(rules.step_ma, rules.whole(climb_ma * RAISE_MS // 1000))

    def hold(self, now: int, phase: int) -> None:
        """After an overload, offers on this phase stay down for a while and then climb."""
        self._held_since[phase] = now
        for socket in self._sockets:
            if phase in socket.phases:
                recovery = socket.recovery
                recovery.climbing = True
                recovery.capped = recovery.capped or not socket.report.measured
                socket.commitment.note_excess()

    def step(self, now: int, doubt_ma, turned: bool, meter_lost: bool) -> None:
        """`doubt_ma`: so much more the house may draw. `turned`: a turn has just begun."""
        conductors = self._conductors
        conductors.free_all()
        for phase in PHASES:
            conductors.free_ma[phase] -= doubt_ma[phase]
        for socket in self._sockets:
            target, commitment = socket.member.offer_ma, socket.commitment
            if target < commitment.offered_ma:
                if not target and not turned and socket.takes_part:
                    socket.recovery.drop(now, commitment.raised_at)
                socket.offer(now, target)
            if socket.online:
                conductors.take(socket.conductors(socket.grid_phases()), commitment.committed_ma)
        for socket in self._sockets:
            offered = socket.commitment.offered_ma
            if socket.member.offer_ma > offered:
                self._raise(now, socket, meter_lost)
            elif offered and not meter_lost:
                recovery = socket.recovery
                held = self._is_held(now, socket)
                # Who was capped has still to climb.
                recovery.climbing = recovery.climbing and (held or recovery.capped)
                recovery.capped = recovery.capped and held

    def _raise(self, now, socket, meter_lost):
        """Up to the target, as far as it is free and time allows."""
        commitment, recovery = socket.commitment, socket.recovery
        if not commitment.may_rise(now):
            return
        if self._is_held(now, socket) or recovery.rests(now):
            return
        recovery.capped = False
        target, offered = socket.member.offer_ma, commitment.offered_ma
        if recovery.climbing and offered and not meter_lost:
            target = min(target, offered + self._climb_ma)
        conductors = socket.conductors(socket.grid_phases())
        free = self._conductors.left(conductors)
        if free < 0:
            return
        before = commitment.committed_ma
        if target > before + free:
            target = self._rules.whole(before + free)
        if target <= offered or target < socket.member.least_ma:
            return
        socket.offer(now, target)
        recovery.dropped_at = None
        self._conductors.take(conductors, commitment.committed_ma - before)
        if target == socket.member.offer_ma:
            recovery.climbing = False

    def _is_held(self, now, socket):
        held = self._held_since
        for phase in socket.grid_phases():
            if held[phase] is not None:
                if elapsed(now, held[phase]) < HOLD_MS:
                    return True
                held[phase] = None
        return False

    def choose_phases(self, now: int, socket) -> None:
        """Wishes for one phase where three do not fit, and back when they have fitted for long."""
        grant, report, needed = socket.grant, socket.report, socket.demand.least_ma
        used = socket.grid_phases()
        left = []
        for phase in socket.phases:
            own = socket.commitment.committed_ma if phase in used else 0
            left.append(self._conductors.left(socket.conductors((phase,))) + own)
        if not grant.one_phase:
            lacks = report.connected and report.ready and socket.member.waits and left[0] >= needed > min(left)
            if socket.phase_rest.ms(now, lacks) >= ONE_PHASE_MS:
                grant.one_phase = True
        elif socket.phase_rest.ms(now, min(left) >= needed + WORTH_MA) >= THREE_PHASES_MS or not report.connected:
            grant.one_phase = False
