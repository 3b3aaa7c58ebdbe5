"""Cars without a meter of their own, at a house meter that sees them: what it shows of them, where that is certain.

Such a car counts with its whole offer. If it draws less, that hides a part of the house: a cut may believe that, and a
raise may not. So what a car surely draws is what the house meter has answered when its offer changed. What the meter
shows less afterwards, on all phases where it answered, may be the car, and no longer counts as drawn by it.
"""

from fairamp.units import PHASES, elapsed

# A car begins slowly, and the meter tells late. Once it has begun, it goes on without a rest of so long.
ANSWER_MS = 20000
REST_MS = 6000
# At least so much is an answer: half of what was changed, between these two.
LEAST_ANSWER_MA = 1000
MOST_ANSWER_MA = 3000
# Meters and houses are restless.
NOISE_MA = 500


class Seen:
    """One of these cars. `sure_ma`: so much it surely draws, on the phases `on`."""

    def __init__(self):
        self.sure_ma = 0
        self.on: tuple = ()
        self._offer_ma = 0  # at the last reading; 0 = it did not charge
        self._before_ma = 0  # the offer before the last change
        self._changed = None  # when that was, or the answer grew last; None = the time for it is over
        self._wait_ms = 0  # from that moment on
        self._from = [0, 0, 0]  # what the meter showed before; afterwards, at the last change of the house

    def look(self, now: int, socket, grid_ma, before_ma) -> None:
        """`before_ma`: what the meter showed at the reading before."""
        offer_ma = socket.commitment.offered_ma if socket.report.charging and socket.online else 0
        if offer_ma != self._offer_ma:
            self._before_ma, self._offer_ma, self._changed = self._offer_ma, offer_ma, now
            self._wait_ms = ANSWER_MS
            self._keep(before_ma)
        if not offer_ma:
            self.sure_ma = 0
        elif self._changed is not None and elapsed(now, self._changed) < self._wait_ms:
            self._hear(now, socket.grid_phases(), grid_ma)
        else:
            if self._changed is not None:
                self._changed = None
                self.sure_ma = min(self.sure_ma, offer_ma)
                self._keep(grid_ma)
            self._doubt(grid_ma)

    def _hear(self, now, phases, grid_ma):
        """Does the meter answer to the offer that has changed?"""
        asked = self._offer_ma - self._before_ma
        sign = 1 if asked > 0 else -1
        moved = max([sign * (grid_ma[phase] - self._from[phase]) for phase in phases])
        least = max(LEAST_ANSWER_MA, min(MOST_ANSWER_MA, abs(asked) // 2))
        if moved < least:
            return
        self.on = tuple([phase for phase in phases if 2 * sign * (grid_ma[phase] - self._from[phase]) >= moved])
        # Who follows a raise had all that it was offered, and who follows a cut has all that is left.
        sure = min(self._offer_ma, self._before_ma + moved)
        if asked < 0 or sure > self.sure_ma:
            if abs(sure - self.sure_ma) > NOISE_MA:
                self._changed, self._wait_ms = now, REST_MS
            self.sure_ma = sure

    def _doubt(self, grid_ma):
        """Less at the meter, where the car may have a part in it."""
        if not self.on:
            return
        fell = min([self._from[phase] - grid_ma[phase] for phase in self.on])
        if fell > NOISE_MA:
            self.sure_ma = max(0, self.sure_ma - fell)
            self._keep(grid_ma)
        for phase in PHASES:
            self._from[phase] = max(self._from[phase], grid_ma[phase])

    def _keep(self, grid_ma):
        for phase in PHASES:
            self._from[phase] = grid_ma[phase]


class Unmetered:
    """`doubt_ma`: by so much the house may be more than it is when all of them draw what they are offered."""

    def __init__(self, sockets):
        self.doubt_ma = [0, 0, 0]
        self._sockets = sockets
        self._seen = [Seen() for _ in sockets]
        self._before = [0, 0, 0]  # what the meter showed at the last reading

    def look(self, now: int, grid_ma) -> None:
        """A new reading of the house."""
        for number, seen in enumerate(self._seen):
            seen.look(now, self._sockets[number], grid_ma, self._before)
        for phase in PHASES:
            self._before[phase] = grid_ma[phase]

    def sum_up(self) -> None:
        """Finds what is in doubt now."""
        self.doubt_ma[0] = self.doubt_ma[1] = self.doubt_ma[2] = 0
        for number, socket in enumerate(self._sockets):
            if socket.report.measured or not socket.online:
                continue
            seen = self._seen[number]
            for phase in socket.grid_phases():
                counted = socket.draw(socket.phases.index(phase))
                sure = seen.sure_ma if phase in seen.on else 0
                self.doubt_ma[phase] += max(0, counted - sure)

    def of(self, socket) -> int:
        """What this car surely draws."""
        return self._seen[self._sockets.index(socket)].sure_ma
