"""What clocks on the wall show, by a POSIX TZ text such as CET-1CEST,M3.5.0,M10.5.0/3.

Its offsets count westward: CET-1 is one hour ahead of UTC.
"""

from fairamp.clock.calendar import DAY_S, date, day_number, seconds

EXAMPLE = "; write such as CET-1CEST,M3.5.0,M10.5.0/3, GMT0BST,M3.5.0/1,M10.5.0 or <+03>-3"
_HOUR_S = 3600
# When summer time begins or ends, where nobody says it.
_USUAL_S = 2 * _HOUR_S
_MOST_OFFSET = 24
# A change may be told by the hours before or after that day, up to a week.
_MOST_TIME = 167
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
# How the day is told.
_MONTH, _JULIAN, _COUNTED = range(3)


class Zone:
    """ValueError says what is wrong with the text."""

    def __init__(self, text: str):
        reader = _Reader(text)
        reader.name()
        self.text = text
        self.winter_s = -reader.hours(_MOST_OFFSET)  # ahead of UTC
        self._summer_s = self.winter_s
        self._begins: "tuple | None" = None  # summer time, see _Reader.rule; None = there is none
        self._ends: "tuple | None" = None
        self._offset_s, self._since, self._until = 0, 0, 0  # what holds in that time
        if reader.left():
            reader.name()
            self._summer_s += _HOUR_S
            if reader.left() and reader.next() != ",":
                self._summer_s = -reader.hours(_MOST_OFFSET)
            self._begins, self._ends = reader.rule("begins"), reader.rule("ends")
        if reader.left():
            raise reader.wrong("nothing may follow, but there is")

    def local(self, utc):
        """The date of that date in UTC."""
        now = seconds(utc)
        return date(now + self.offset_s(now))

    def offset_s(self, now: int) -> int:
        """So far the clocks are ahead of UTC."""
        if not self._since <= now < self._until:
            self._look_up(now)
        return self._offset_s

    def _look_up(self, now):
        """Until when it stays so, too: asked once per second, it is worked out a few times in a year."""
        year = date(now + self.winter_s)[0]
        turn = DAY_S * day_number(year + 1, 1, 1) - self.winter_s
        self._since, self._until, self._offset_s = now, turn, self.winter_s
        if self._begins is None or self._ends is None:
            return
        begins = _moment(self._begins, year) - self.winter_s
        ends = _moment(self._ends, year) - self._summer_s
        summer = begins <= now < ends if begins < ends else not ends <= now < begins
        if summer:
            self._offset_s = self._summer_s
        for change in (begins, ends):
            if now < change < self._until:
                self._until = change


def problem(text: str) -> str:
    """What is wrong with it, "" = nothing."""
    try:
        Zone(text)
    except ValueError as wrong:
        return str(wrong) + EXAMPLE
    return ""


def _moment(rule, year):
    """In seconds of the clock that is to be changed."""
    kind, month, week, day, time_s = rule
    first = day_number(year, 1, 1)
    if kind == _COUNTED:
        return DAY_S * (first + day) + time_s
    if kind == _JULIAN:
        # The 29th of February is never counted.
        leap = day_number(year, 3, 1) - first == 60
        return DAY_S * (first + day - 1 + (leap and day > 59)) + time_s
    first = day_number(year, month, 1)
    # The first day of 1970 was a Thursday.
    found = first + (day - first - 4) % 7 + 7 * (week - 1)
    # The fifth may be the fourth.
    after = day_number(year + month // 12, month % 12 + 1, 1)
    return DAY_S * (found if found < after else found - 7) + time_s


class _Reader:
    """Goes through the text, once."""

    def __init__(self, text):
        self._text = text
        self._at = 0

    def left(self):
        return self._at < len(self._text)

    def next(self):
        """The next letter; "" at the end."""
        return self._text[self._at : self._at + 1]

    def wrong(self, what):
        rest = self._text[self._at : self._at + 20]
        return ValueError(what + (" " + repr(rest) if rest else " nothing more"))

    def _take(self, letter):
        """Is it the next one? Then it is passed."""
        found = self.next() == letter
        if found:
            self._at += 1
        return found

    def _while(self, known):
        begin = self._at
        while self.left() and self.next() in known:
            self._at += 1
        return self._text[begin : self._at]

    def name(self):
        """Three letters or more; in <> digits and signs, too. Only people need it."""
        begin = self._at
        if self._take("<"):
            name = self._while(_LETTERS + _DIGITS + "+-")
            whole = self._take(">")
        else:
            name, whole = self._while(_LETTERS), True
        if not whole or len(name) < 3:
            self._at = begin
            raise self.wrong("a name of three letters or more must stand here, or one in <>, and there is")

    def number(self, least, most, what):
        begin = self._at
        digits = self._while(_DIGITS)
        if not 0 < len(digits) <= 3 or not least <= int(digits) <= most:
            self._at = begin
            raise self.wrong(what + " from " + str(least) + " to " + str(most) + " must stand here, and there is")
        return int(digits)

    def hours(self, most):
        """[+-]hh[:mm[:ss]], in seconds."""
        sign = 1
        if self._take("-"):
            sign = -1
        else:
            self._take("+")
        found = self.number(0, most, "hours") * _HOUR_S
        if self._take(":"):
            found += self.number(0, 59, "minutes") * 60
            if self._take(":"):
                found += self.number(0, 59, "seconds")
        return sign * found

    def rule(self, what):
        """(how the day is told, month, week, day, seconds behind its midnight)."""
        if not self._take(","):
            raise self.wrong("a comma and the day on which summer time " + what + " must stand here, and there is")
        month = week = 0
        if self._take("M"):
            kind = _MONTH
            month = self.number(1, 12, "a month")
            self._dot()
            week = self.number(1, 5, "a week (5 = the last)")
            self._dot()
            day = self.number(0, 6, "a day of the week (0 = Sunday)")
        elif self._take("J"):
            kind, day = _JULIAN, self.number(1, 365, "a day of the year")
        else:
            kind, day = _COUNTED, self.number(0, 365, "M, J or a day of the year")
        return kind, month, week, day, self.hours(_MOST_TIME) if self._take("/") else _USUAL_S

    def _dot(self):
        if not self._take("."):
            raise self.wrong("a dot must stand here, and there is")
