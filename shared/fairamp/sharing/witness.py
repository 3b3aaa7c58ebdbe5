"""Do house meter and cars bear each other out? What the cars change has to show at a meter that includes them.

A clamp that fell off, hangs the wrong way round or on another phase, and a wrong ratio look like a healthy meter. They
show when the draw of the cars changes: from one steady moment to the next, both have to move alike.

A house meter that is the charger's own, answering at the address of the house, shows every car, and no house at all.
"""

from fairamp.units import PHASES, elapsed

# A change of all cars together that is worth a look: 5 A, of which a reading may have taken up to STEADY_MA before.
CHANGE_MA = 4000
# Less than this between two readings is steady.
STEADY_MA = 1000
# Meters are not exact, and the house does not stand still: in percent of the change, and beyond it.
WITHIN = 35
SLACK_MA = 500
FAINT = 20
# A slow meter has so long to follow, and so many readings, before it counts as a miss.
SETTLE_MS = 8000
SETTLE_READINGS = 3
# After so long, too much has happened in the house to compare: a car that changes more slowly tells nothing.
LONGEST_MS = 60000
# Misses in a row; each change that fits takes one back. What leaves no doubt suffices once: the safe current that then
# holds is the next look by itself. A ratio may be the house, until it is the same again and again.
MOST = 3
# No two meters tell the same voltages for long, nor have they ever counted the same.
SAME_READINGS = 10
SAME_MV = 100
SAME_WH = 100
UNSEEN, REVERSED, ELSEWHERE, RATIO = range(4)
ENOUGH = (1, 1, 1, 3)
TEXTS = (
    "the meter does not see it: clamp off, or no line through it",
    "the meter falls when the cars rise: turn the clamp there round",
    "it shows on another phase: exchange the clamps, or set charger.mapping",
    "check the ratio of its transformers",
)
SAME = (
    "not believed: it tells what the charger's own meter tells, so both are one: "
    "set meter.unit to the address of the house meter, and give each its own"
)


class Witness:
    """`problem`: why the house meter is not believed, in words; empty = it is. `own`: the charger's own meter."""

    def __init__(self, own):
        self.problem = ""
        self._own = own
        self._same = 0  # readings that told what the own meter does, less those that did not; to SAME_READINGS
        self._misses = 0  # in a row, MOST at the most
        self._kind = UNSEEN  # what they look like
        self._percent = 0  # of the cars' change that the meter showed, of a wrong ratio
        self._told = ""  # what the log was told last
        self._cars = [0, 0, 0]  # their draw at the reading before
        self._taken = 0  # when that was
        self.rest()

    def rest(self) -> None:
        """What was seen before tells nothing about what comes, and nothing is held against it but whose meter it is."""
        if self.problem != SAME:
            self.problem = ""
        self._misses = 0
        self._forget()

    def _forget(self):
        self._from: "list | None" = None  # draw of the cars and currents of the meter at a steady moment; None = none
        self._since = 0  # when that was
        self._readings = 0  # steady ones in a row since the draw has changed
        self._steady = 0  # when the first of them came

    def look(self, grid, sockets) -> None:
        """A new reading of the house."""
        if self._is_own(grid):
            self._forget()
            return
        cars = [0, 0, 0]
        for socket in sockets:
            if not (socket.online and socket.report.measured):
                self._forget()
                return
            for terminal, phase in enumerate(socket.phases):
                cars[phase] += socket.report.draw_ma[terminal]
        steady = _apart(cars, self._cars) <= STEADY_MA
        self._cars = cars
        if elapsed(grid.taken, self._taken) > grid.late_ms:
            # What happened while there was no meter, nobody knows.
            self._forget()
        self._taken = grid.taken
        if not steady:
            self._readings = 0
        elif self._from is None:
            self._begin(grid)
        else:
            self._compare(grid)

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

    def _begin(self, grid):
        self._from = self._cars + list(grid.current_ma)
        self._since = grid.taken
        self._readings = 0

    def _compare(self, grid):
        start, cars, shown = self._from, self._cars, grid.current_ma
        moved = _apart(cars, start)
        if moved < CHANGE_MA:
            # Who began anew with each small step would never see a car that climbs in such steps.
            if moved * (LONGEST_MS // CHANGE_MA) <= elapsed(grid.taken, self._since):
                self._begin(grid)
            return
        if not self._readings:
            self._steady = grid.taken
        self._readings += 1
        found = None
        for phase in range(grid.phases):
            change = cars[phase] - start[phase]  # type: ignore[index]
            if abs(change) >= CHANGE_MA:
                kind = self._judge(phase, change, start, grid)
                # The one that tells most of what is wrong.
                if kind is not None and (found is None or found[0] < 0 or 0 <= kind[0] < found[0]):
                    found = kind
        if found is None:
            self._hit()
        elif self._readings < SETTLE_READINGS or elapsed(grid.taken, self._steady) < SETTLE_MS:
            return
        elif found[0] >= 0:
            self._miss(found, cars, shown)
        self._begin(grid)

    def _judge(self, phase, change, start, grid):
        """(kind, phase, change of the cars, of the meter); None when it fits, kind -1 when it tells nothing."""
        seen = grid.current_ma[phase] - start[3 + phase]
        kind = -1
        if _fits(seen, change):
            return None
        if abs(seen) <= abs(change) * FAINT // 100:
            kind = UNSEEN
            for other in range(grid.phases):
                alone = abs(self._cars[other] - start[other]) <= STEADY_MA
                if alone and _fits(grid.current_ma[other] - start[3 + other], change):
                    kind = ELSEWHERE
        elif _fits(seen, -change):
            kind = REVERSED
        elif seen * change > 0:
            kind = RATIO
        if not grid.directed:
            # Who cannot tell export from import shows any change. But nothing at all, before and after, is none.
            most = abs(change) * FAINT // 100
            nothing = abs(grid.current_ma[phase]) <= most and abs(start[3 + phase]) <= most
            kind = UNSEEN if kind == UNSEEN and nothing else -1
        return kind, phase, change, seen

    def _hit(self):
        if self._misses:
            self._misses -= 1
        if not self._misses:
            self.problem = ""

    def _miss(self, found, cars, shown):
        kind, phase, change, seen = found
        percent = 100 * seen // change
        same = kind == self._kind and (kind != RATIO or 4 * abs(percent - self._percent) <= self._percent)
        if not same and not self.problem:
            self._misses = 0
        self._kind, self._percent = kind, percent
        self._misses = min(MOST, self._misses + 1)
        if self.problem or self._misses >= ENOUGH[kind]:
            text = "not believed: the cars changed by " + _amps(change) + " on L" + str(phase + 1)
            self.problem = text + ", the house meter by " + _amps(seen) + "; " + TEXTS[kind]

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


def _fits(seen, change):
    return abs(seen - change) <= abs(change) * WITHIN // 100 + SLACK_MA


def _apart(one, other):
    return max([abs(one[phase] - other[phase]) for phase in PHASES])


def _amps(ma):
    tenths = (abs(ma) + 50) // 100
    return ("-" if ma < 0 else "") + str(tenths // 10) + "." + str(tenths % 10) + " A"
