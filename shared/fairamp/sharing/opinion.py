"""What is thought of one clamp of the house meter, and what it showed for a while."""

from fairamp.units import PHASES, amps

# Meters are not exact: in percent of the change, and beyond it.
WITHIN = 35
SLACK_MA = 500
# From so many percent on it is a wrong ratio rather than nothing.
LITTLE = 5
UNSEEN, REVERSED, ELSEWHERE, RATIO = range(4)
# Misses of one kind in a row, not all of them by the way, until it is not believed; as many fits until it is again.
ENOUGH = (2, 2, 2, 3)
FITS = 2
TEXTS = (
    "the meter does not see it: clamp off, or no line through it",
    "the meter falls when the cars rise: turn the clamp there round",
    "it shows on another phase: exchange the clamps, or set charger.mapping",
    "check the ratio of its transformers",
)
# Where the safe current lets no car draw, none can show that it is right again.
MENDED = "; once it is put right and no car can show it: POST /api/meter/trust, or restart the box"


class Opinion:
    """What is thought of the clamp of one phase."""

    def __init__(self):
        self.proved = False  # a change has fitted
        self.strange = False  # and since then something was seen that needs a look
        self.misses = 0  # in a row
        self.kind = UNSEEN  # what they look like
        self.percent = 0  # of the cars' change that the meter showed
        self.fits = 0  # in a row since it is not believed
        self.problem = ""  # why it is not believed, in words; empty = it is

    def fit(self) -> None:
        """A change showed as it should."""
        self.misses = 0
        self.fits += 1
        if not self.problem or self.fits >= FITS:
            self.problem = ""
            self.proved = True
            self.strange = False

    def miss(self, kind: int, change: int, percent: int, asked: bool, phase: int) -> None:
        """A change of that many mA did not. Was it asked for? By the way it may have been the house."""
        self.strange = True
        self.fits = 0
        if kind != self.kind or (kind == RATIO and 4 * abs(percent - self.percent) > self.percent):
            self.misses = 0
        self.kind, self.percent = kind, percent
        self.misses = self.misses + 1 if asked else max(1, self.misses)
        if self.misses >= ENOUGH[kind]:
            text = "not believed: the cars changed by " + amps(change) + " on L" + str(phase + 1)
            hint = TEXTS[RATIO if kind == UNSEEN and percent >= LITTLE else kind]
            self.problem = text + ", the house meter by " + amps(change * percent // 100) + "; " + hint + MENDED


class Span:
    """The lowest and the highest that the meter showed on each phase."""

    def __init__(self):
        self.low = [0, 0, 0]  # of each phase, in mA
        self.high = [0, 0, 0]  # likewise
        self.count = 0  # readings in it

    def clear(self) -> None:
        self.count = 0

    def add(self, low, high) -> None:
        for phase in PHASES:
            if not self.count or low[phase] < self.low[phase]:
                self.low[phase] = low[phase]
            if not self.count or high[phase] > self.high[phase]:
                self.high[phase] = high[phase]
        self.count += 1

    def join(self, other) -> None:
        if other.count:
            self.add(other.low, other.high)


def least(size):
    """What a meter shows at least of a change of that size ..."""
    return size * (100 - WITHIN) // 100 - SLACK_MA


def most(size):
    """... and at most."""
    return size * (100 + WITHIN) // 100 + SLACK_MA


def fits(seen, change):
    return abs(seen - change) <= abs(change) * WITHIN // 100 + SLACK_MA
