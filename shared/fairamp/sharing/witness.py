"""Do house meter and cars bear each other out? What the cars change has to show at a meter that includes them.

A clamp that fell off, hangs the wrong way round or on another phase, and a wrong ratio look like a healthy meter. They
show when the draw of the cars changes: from one steady stretch to the next, both have to move alike.

Cars often change because the house did, so what is seen by the way only raises a suspicion. Then all cars are asked to
change (`asks`), which the house knows nothing of, and that decides. What is not believed any more is asked again and
again, by pauses: below the safe current there is no other way to see a car change.

A house meter that is the charger's own, answering at the address of the house, shows every car, and no house at all.
"""

from fairamp.sharing.opinion import (
    ELSEWHERE,
    RATIO,
    REVERSED,
    SLACK_MA,
    UNSEEN,
    WITHIN,
    Opinion,
    Span,
    fits,
    least,
    most,
)
from fairamp.sharing.targets import LESS, NOTHING_ASKED, PAUSE
from fairamp.units import PHASES, elapsed

# A change of all cars together that is worth a look: 5 A, less what meters are inexact.
CHANGE_MA = 4000
# As long as the cars stay within this, they are steady.
STEADY_MA = 1000
# A slow meter has so long to follow, and so many readings; then the next two tell for so long where it stands.
SETTLE_MS = 8000
FEW = 3
STRETCH_MS = 3000
STRETCH_FEW = 2
NEVER = 1 << 29
# After so long, too much has happened in the house to compare.
LONGEST_MS = 60000
# Less than this is nothing: in percent of the change, and beyond it.
FAINT = 10
FAINT_MA = 300
# Whoever holds the house at nothing is as exact as that.
HELD_MA = 1000
# So many times what the cars draw is no load that came by chance.
MUCH = 5
# An ask lasts for so long and so many readings, if nothing comes out of it; the next follows later each time.
ASK_MS = 30000
ASK_READINGS = 10
STILL_MS = 10000  # before an ask
UNPROVED_MS = 60000  # where nothing is strange, but nothing has fitted either
PAUSE_AFTER_MS = 180000  # for a suspicion: a contactor opens for it
REST_MS = 60000
DOUBT_REST_MS = 300000
MOST_REST_MS = 3600000
# No two meters tell the same voltages for long, nor have they ever counted the same.
SAME_READINGS = 10
SAME_MV = 100
SAME_WH = 100
SAME = (
    "not believed: it tells what the charger's own meter tells, so both are one: "
    "set meter.unit to the address of the house meter, and give each its own"
)


class Witness:
    """`problem`: why the house meter is not believed, in words; empty = it is. `own`: the charger's own meter."""

    def __init__(self, own):
        self.problem = ""
        self.asks = NOTHING_ASKED  # what all cars are to do for a look
        self._own = own
        self._same = 0  # readings that told what the own meter does, less those that did not; to SAME_READINGS
        self._told = ""  # what the log was told last
        self._cars = [0, 0, 0]  # what they draw together on each phase
        self._spare = [0, 0, 0]  # of that, what they could go down without a pause
        self._shown = [0, 0, 0]  # by the meter, at the reading before
        self._sum = 0  # of all that it told then
        self._taken = 0  # when that was
        self._before = Span()  # what it showed before the cars moved; empty = there was no steady stretch
        self._track = Span()  # and since
        self._last = Span()  # the stretch of the steady cars before this one; empty = none yet
        self._now = Span()  # the stretch of the steady cars now
        self._start = [0, 0, 0]  # what the cars drew before they moved
        self._peak = [0, 0, 0]  # the most that they drew since
        self._left = 0  # when they moved
        self._began = 0  # when the stretch of now began
        self._tries = 0  # readings since it asked
        self.rest()

    def rest(self) -> None:
        """What was seen before tells nothing about what comes, and nothing is held against it but whose meter it is."""
        if self.problem != SAME:
            self.problem = ""
        self._opinions = [Opinion(), Opinion(), Opinion()]
        self._rest_ms = 0  # until it may ask again
        self._asked = 0  # the moment of the last ask
        self._credit = 0  # looks to come that were asked for
        self._forget()

    def trust(self) -> bool:
        """Somebody says that it is put right: a new start. False where no change of the cars speaks against it."""
        if not self.problem or self.problem == SAME:
            return False
        self.rest()
        return True

    def _forget(self):
        self.asks = NOTHING_ASKED
        self._before.clear()
        self._steady_at = self._taken  # since then the cars are steady
        self._anchor = [NEVER, 0, 0]  # what they drew then
        self._new_run()

    def _new_run(self):
        self._settles = True  # the meter may still be on its way
        self._alive = False  # did anything change that it tells?
        self._last.clear()
        self._now.clear()
        self._readings = 0  # since the cars are steady

    def look(self, grid, sockets) -> None:
        """A new reading of the house."""
        if self._is_own(grid):
            self._forget()
            return
        if not self._count(sockets):
            self._forget()
            return
        if elapsed(grid.taken, self._taken) > grid.late_ms:
            # What happened while there was no meter, nobody knows.
            self._forget()
        self._taken = grid.taken
        total = sum(grid.current_ma) + sum(grid.voltage_mv) + sum(grid.power_w)
        self._alive = self._alive or total != self._sum
        self._sum = total
        if _apart(self._cars, self._anchor) > STEADY_MA:
            self._move(grid)
        else:
            self._stay(grid)
        self._shown[:] = grid.current_ma
        self._ask(grid.taken)

    def _count(self, sockets):
        """What all cars draw; False when nobody knows."""
        cars, spare = self._cars, self._spare
        for phase in PHASES:
            cars[phase] = spare[phase] = 0
        for socket in sockets:
            if not (socket.online and socket.report.measured):
                return False
            for terminal, phase in enumerate(socket.phases):
                draw = socket.report.draw_ma[terminal]
                cars[phase] += draw
                spare[phase] += max(0, draw - socket.member.least_ma)
        return True

    def _is_own(self, grid):
        """Is it the charger's own meter once more? Some readings have to say so, and as many that it is not."""
        own = self._own
        if own.number and not own.stale:
            self._same = max(0, min(SAME_READINGS, self._same + (1 if _alike(grid, own) else -1)))
        if self._same == SAME_READINGS:
            self.problem = SAME
        elif not self._same and self.problem == SAME:
            self.problem = ""
        return self.problem == SAME

    def _move(self, grid):
        """The cars change."""
        if self._last.count:
            if not self._credit:
                # The house may have moved them, at the reading before this one.
                self._now.add(self._shown, self._shown)
            self._before.clear()
            self._before.join(self._last)
            self._before.join(self._now)
            self._track.clear()
            self._start[:] = self._peak[:] = self._anchor
            self._left = grid.taken
        self._track.add(grid.current_ma, grid.current_ma)
        for phase in PHASES:
            self._peak[phase] = max(self._peak[phase], self._cars[phase])
        first = self._anchor[0] == NEVER
        self._anchor[:] = self._cars
        self._steady_at = self._began = grid.taken
        self._new_run()
        # Where no car has drawn, no meter can be on its way.
        self._settles = not first or max(self._cars) > SLACK_MA
        if not self._settles:
            self._now.add(grid.current_ma, grid.current_ma)

    def _stay(self, grid):
        """The cars are steady."""
        self._readings += 1
        since = elapsed(grid.taken, self._steady_at)
        if self._settles:
            self._track.add(grid.current_ma, grid.current_ma)
            if self._readings >= FEW and since >= SETTLE_MS:
                self._settles = False
                self._alive = False
                self._began = grid.taken
            return
        self._watch(grid)
        # What came last waits for the next: the cars may move already, and their own meters tell it later.
        if self._now.count or self._last.count:
            self._now.add(self._shown, self._shown)
        else:
            self._now.add(grid.current_ma, grid.current_ma)
        if self._now.count < STRETCH_FEW or elapsed(grid.taken, self._began) < STRETCH_MS:
            return
        if self._before.count and elapsed(self._steady_at, self._left) <= LONGEST_MS:
            self._compare(grid)
        self._before.clear()
        self._last.clear()
        self._last.join(self._now)
        self._now.clear()
        self._began = grid.taken

    def _watch(self, grid):
        """Does the meter fall to nothing, or turn over, while the cars are steady? That needs a look."""
        for phase in range(grid.phases):
            shown, before = grid.current_ma[phase], self._shown[phase]
            gone, turned = abs(shown) <= FAINT_MA, fits(shown, -before)
            if abs(before) >= CHANGE_MA <= self._cars[phase] and (gone or turned):
                self._opinions[phase].strange = True
                self._rest_ms = 0

    def _compare(self, grid):
        looked = False
        for phase in range(grid.phases):
            change = self._cars[phase] - self._start[phase]
            if abs(change) >= CHANGE_MA:
                looked = True
                self._judge(phase, change, grid)
            elif self._peak[phase] - self._start[phase] >= CHANGE_MA:
                self._judge_peak(phase, self._peak[phase] - self._start[phase])
        if looked:
            self.asks = NOTHING_ASKED
            self._credit = max(0, self._credit - 1)
        problem = ""
        for opinion in self._opinions:
            problem = problem or opinion.problem
        if problem and not self.problem:
            self._rest_ms = DOUBT_REST_MS
            self._asked = grid.taken
        self.problem = problem

    def _judge(self, phase, change, grid):
        low, high = self._moved(phase, change, self._now)
        size = abs(change)
        if least(size) <= low and high <= most(size):
            self._opinions[phase].fit()
        elif (high < least(size) or low > most(size)) and (self._alive or not grid.voltage_mv[phase]):
            kind = self._kind(phase, change, low, high, grid)
            if kind is None:
                self._opinions[phase].strange = True
            else:
                self._miss(phase, kind, change, (low + high) // 2, self._credit > 0)

    def _kind(self, phase, change, low, high, grid):
        """What a change that did not fit looks like; None when it tells nothing."""
        size = abs(change)
        nothing = size * FAINT // 100 + FAINT_MA
        # A battery that makes up for the car does it a moment later: the meter moved on the way, and came back.
        lowest, highest = self._moved(phase, change, self._track)
        unseen = -nothing <= min(lowest, low) and max(highest, high) <= nothing
        if not grid.directed:
            # Who cannot tell export from import shows any change. But nothing at all, before and after, is none.
            none = max(self._now.high[phase], self._before.high[phase]) <= nothing
            return UNSEEN if unseen and none else None
        if abs(low + high) <= size:
            for other in range(grid.phases):
                first, last = self._moved(other, change, self._now)
                alone = abs(self._cars[other] - self._start[other]) <= STEADY_MA
                if alone and least(size) <= first and last <= most(size):
                    return ELSEWHERE
        if unseen:
            return UNSEEN
        if -most(size) <= low and high <= -least(size):
            return REVERSED if highest <= nothing else None
        steady = low > nothing and high - low <= max(size, low) * WITHIN // 100 + SLACK_MA
        held = _is_held(self._before) or _is_held(self._now)
        return RATIO if steady and not held and highest <= high + nothing else None

    def _judge_peak(self, phase, size):
        """The cars began and ended at once: a meter that shows far too much makes that so, and nothing can be asked."""
        low, high = self._moved(phase, size, self._now)
        seen = self._track.high[phase] - self._before.high[phase]
        if seen >= MUCH * size and max(abs(low), abs(high)) <= seen * WITHIN // 100:
            self._miss(phase, RATIO, size, seen, True)

    def _miss(self, phase, kind, change, seen, asked):
        opinion = self._opinions[phase]
        opinion.miss(kind, change, 100 * seen // abs(change), asked, phase)
        if opinion.misses == 1:
            self._rest_ms = 0

    def _moved(self, phase, change, span):
        """The least and the most that the meter moved from before to that span, in the direction of the cars."""
        low = span.low[phase] - self._before.high[phase]
        high = span.high[phase] - self._before.low[phase]
        return (low, high) if change > 0 else (-high, -low)

    def _ask(self, now):
        """Are the cars to change, so that something can be seen?"""
        since = elapsed(now, self._asked)
        if self.asks:
            self._tries += 1
            if self._tries >= ASK_READINGS and since >= ASK_MS:
                self.asks = NOTHING_ASKED
                self._credit = 0
            return
        still = elapsed(now, self._steady_at)
        if not self._last.count or still < STILL_MS or (self._rest_ms and since < self._rest_ms):
            return
        for phase, opinion in enumerate(self._opinions):
            if self._cars[phase] < CHANGE_MA or not (opinion.strange or (not opinion.proved and still >= UNPROVED_MS)):
                continue
            if self._spare[phase] >= CHANGE_MA:
                self.asks = LESS
            elif opinion.problem or (opinion.misses and still >= PAUSE_AFTER_MS):
                self.asks = PAUSE
        if self.asks:
            self._asked = now
            self._tries = 0  # readings since then
            self._credit = 2  # down, and up again
            self._rest_ms = min(2 * self._rest_ms, MOST_REST_MS) if self._rest_ms else REST_MS

    def tell(self, now: int, journal) -> None:
        """What changed, for the log."""
        if bool(self.problem) != bool(self._told):
            text = "warning: safe current: " + self.problem if self.problem else "shows what the cars do: believed"
            self._told = self.problem
            journal.tell(now, "house meter", text)


def _alike(grid, own):
    """Do both tell the same, of all that they tell?"""
    told = False
    for phase in range(min(grid.phases, own.phases)):
        if abs(abs(grid.current_ma[phase]) - abs(own.current_ma[phase])) > SLACK_MA:
            return False
        if abs(grid.voltage_mv[phase] - own.voltage_mv[phase]) > SAME_MV:
            return False
        told = told or own.voltage_mv[phase] > 0
    return told and own.energy_wh > 0 and abs(grid.energy_wh - own.energy_wh) <= SAME_WH


def _is_held(span):
    """Does something, such as a battery, keep the whole house at nothing? It may have reached its limit since."""
    return sum(span.low) <= HELD_MA and sum(span.high) >= -HELD_MA


def _apart(one, other):
    return max([abs(one[phase] - other[phase]) for phase in PHASES])
