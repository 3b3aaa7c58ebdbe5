"""What time it is, by a clock that only counts and by those who tell. Nobody is believed blindly, and whoever falls
silent is not missed: it goes on counting."""

from fairamp.clock.calendar import date, is_date, seconds, text
from fairamp.units import age, later

# How good it is. Rough is what a chip says of itself, which nobody here has looked at.
NONE, ROUGH, SET, SYNCED = "none", "rough", "set", "synced"

# Who may tell it, the best first: what it is called; how good its time is; so often it has to say the same while
# nothing is known, and when that is not what the clock says; the part of a small difference that is taken at once.
# A meter tells whole seconds, a moment later, and a check sum can be wrong.
SOURCES = (
    ("sntp", SYNCED, 1, 3, 1),
    ("meter", SYNCED, 2, 3, 8),
    ("rtc", SET, 1, 3, 1),
    ("person", SET, 1, 1, 1),
)
SNTP, METER, RTC, PERSON = range(4)

# Where P1 and TIC come from, in winter, for who has not named a zone.
CENTRAL_EUROPE_S = 3600
# What is less is taken without a word.
SMALL_MS = 2000
# After so long a silence the time is as good as one that somebody has set, and anybody may set it.
DAY_S = 86400
# Before, and from then on, nobody asks: 2025 and 2100.
FIRST_S = 1735689600
END_S = 4102444800


class Timekeeper:
    """To be asked once in a while, several times in the 12 days in which `now` begins anew."""

    def __init__(self, now: int, journal):
        self._journal = journal
        self.zone = None  # of the clocks on the wall; None = nobody has named one
        self.source: "int | None" = None  # who was believed last
        self.shown: "int | None" = None  # whose time was asked for last
        self.age_s = 0  # since then
        self._second = 0  # that is now; while nothing is known, since the start
        self._began = now  # when that second began
        self._claims: "list[tuple[int, int]]" = [(0, 0)] * len(SOURCES)  # what is doubted: (ms off, how often said)

    def utc(self, now: int):
        """The date, None while it is not known."""
        self._count(now)
        self.shown = self.source
        return None if self.source is None else date(self._second)

    def quality(self) -> str:
        """Of the time that was asked for last."""
        if self.shown is None:
            return NONE
        return SET if self.age_s >= DAY_S else SOURCES[self.shown][1]

    def name(self) -> str:
        """Who told it."""
        return "" if self.shown is None else SOURCES[self.shown][0]

    def tell(self, now: int, source: int, utc_s: int, ms: int = 0) -> bool:
        """Somebody tells it, and the log has what is new; is it believed?"""
        believed, news = self._hear(now, source, utc_s, ms)
        if news:
            self._journal.tell(now, "clock", news)
        return believed

    def tell_local(self, now: int, month: int, moment: int) -> bool:
        """What the clock of the house meter shows, see Draft."""
        day, clock = divmod(moment, 1000000)
        found = (month // 200 + 2000, month // 2 % 100, day, clock // 10000, clock // 100 % 100, clock % 100)
        winter_s = self.zone.winter_s if self.zone else CENTRAL_EUROPE_S
        return is_date(found) and self.tell(now, METER, seconds(found) - winter_s - month % 2 * 3600)

    def _hear(self, now: int, source: int, utc_s: int, ms: int = 0):
        """(is it so?, what the log should have of it or "")."""
        name, _, often, often_against, part = SOURCES[source]
        self._count(now)
        off = 1000 * (utc_s - self._second) + ms - age(now, self._began)
        if not FIRST_S <= utc_s < END_S:
            return False, self._doubt(source, off, name + " tells a time that cannot be")
        known = self.source is not None
        worse = known and source > self.source and self.age_s < DAY_S  # type: ignore[operator]
        if known and abs(off) <= SMALL_MS:
            self._claims[source] = (0, 0)
            if not worse:
                self._take(now, source, off // part)
            return True, ""
        what = name + " tells " + text(date(utc_s)) + ", " + _span(off) + " off"
        if worse:
            return False, self._doubt(source, off, what + ": " + SOURCES[self.source][0] + " is believed")  # type: ignore[index]
        told = self._doubt(source, off, what + ": not believed before it says so again")
        if self._claims[source][1] < (often_against if known else often):
            return False, told if known else ""
        self._take(now, source, off)
        # What others claimed was against another time.
        self._claims = [(0, 0)] * len(SOURCES)
        return True, "set to " + text(date(self._second)) + " by " + name + (
            ", was " + _span(off) + " off" if known else ""
        )

    def _doubt(self, source, off, what):
        """Notes it; what is to be told, which is something the first time only."""
        before, times = self._claims[source]
        self._claims[source] = (off, times + 1 if times and abs(off - before) <= SMALL_MS else 1)
        return "" if times else what

    def _take(self, now, source, off):
        self.source = source
        self.age_s = 0
        ms = age(now, self._began) + off
        self._second += ms // 1000
        self._began = later(now, -(ms % 1000))

    def _count(self, now):
        past = age(now, self._began) // 1000
        self._second += past
        self.age_s += past
        self._began = later(self._began, 1000 * past)


def _span(ms):
    """How much that is, for people."""
    found = abs(ms) // 1000
    for unit, of_it in ((86400, " days"), (3600, " h"), (60, " min")):
        if found >= 2 * unit:
            return str(found // unit) + of_it
    return str(found) + " s"
