"""What a setting may be, who may change it, and when a change takes effect.

Files give amperes, volts and seconds as people write them; inside they are whole milliamperes, volts and
milliseconds.
"""

# EACH: of each phase, or one number for all of them. Inside it is always three. SECRET: a text that nobody is shown.
(NUMBER, WHOLE, FLAG, TEXT, CHOICE, PER_PHASE, PRESET, PROFILE, EACH, SECRET) = range(10)

# Who may change it: whoever lives with the box, or only who answers for fuse, wires and what they carry.
OWNER, INSTALLER = 1, 2
# When a change is taken: at once, or when the box starts the next time.
RESTART, LIVE = 0, 1

A = 1000
S = 1000
MV = 1000
DC = 10
OHM = 1000
TENTHS = 10


class Setting:
    """One row. `span`: for numbers unit, low, high, if not 1 what one unit of the file is inside, and the least that is
    possible beside 0; the choices of a choice; the most characters of a text.
    """

    def __init__(self, name, who, when, kind, default, *span):
        # A chip looks up its settings by a number, which stands behind the name there.
        self.name, _, number = name.partition(" ")
        self.key = int(number) if number else name
        self.who = who
        self.when = when
        self.kind = kind
        self.default = default
        self.span = span

    def is_number(self) -> bool:
        return self.kind in (NUMBER, WHOLE, PER_PHASE, EACH)

    def choices(self):
        return self.span[0] if self.kind == CHOICE else ()

    def allowed(self) -> str:
        """What a value may be, in words for an error message or a table."""
        if self.kind == CHOICE:
            return "one of " + ", ".join(self.choices())
        if self.kind == PRESET:
            return "a table with registers"
        if self.kind == PROFILE:
            pairs = "pairs of hour (0 to 23, rising) and A (0 to 9999; one number, or three)"
            return pairs + ", such as [[0, 32], [7, 16], [20, [16, 32, 32]]]"
        if self.kind in (TEXT, SECRET):
            return "text of at most " + str(self.span[0]) + " characters"
        if self.kind == FLAG:
            return "true or false"
        unit, low, high = self.span[:3]
        what = "three numbers" if self.kind == PER_PHASE else "a whole number" if self.kind == WHOLE else "a number"
        if self.kind == EACH:
            what = "one number for all phases, or three,"
        if len(self.span) > 4:
            what, low = "0, or " + what, self.span[4]
        return what + " from " + str(low) + " to " + str(high) + (" " + unit if unit else "")

    def convert(self, value):
        """The inner value, or None when the file's value is not allowed."""
        if self.kind == PRESET:
            return None
        if self.kind == PROFILE:
            return _profile(value)
        if self.kind == FLAG:
            return value if isinstance(value, bool) else None
        if self.kind == CHOICE:
            return value if isinstance(value, str) and value in self.choices() else None
        if self.kind in (TEXT, SECRET):
            return value if isinstance(value, str) and len(value) <= self.span[0] and _is_text(value) else None
        if self.kind == EACH and not isinstance(value, (list, tuple)):
            value = (value, value, value)
        if self.kind in (PER_PHASE, EACH):
            if not isinstance(value, (list, tuple)) or len(value) != 3:
                return None
            inner = [self._number(item) for item in value]
            return None if None in inner else inner
        if self.kind == WHOLE and not isinstance(value, int):
            return None
        return self._number(value)

    def _number(self, value):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        # The comparison is false for "not a number" too.
        if not self.span[1] <= value <= self.span[2]:
            return None
        if len(self.span) > 4 and 0 < value < self.span[4]:
            return None
        scale = self.span[3] if len(self.span) > 3 else 1
        return value * scale if isinstance(value, int) else round(value * scale)


def _profile(value):
    """[(hour, mA of each phase), ...] of a day, None when it is not one."""
    if not isinstance(value, (list, tuple)) or len(value) > 24:
        return None
    found: list = []
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            return None
        hour, amps = pair
        if isinstance(hour, bool) or not isinstance(hour, int) or not (found[-1][0] if found else -1) < hour < 24:
            return None
        each = amps if isinstance(amps, (list, tuple)) else (amps, amps, amps)
        if len(each) != 3:
            return None
        for one in each:
            if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 <= one <= 9999:
                return None
        found.append((hour, tuple([round(one * A) for one in each])))
    return found


def _is_text(value):
    """Control codes, and halves of letters, are none."""
    for letter in value:
        if ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000:
            return False
    return True
