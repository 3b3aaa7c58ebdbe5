"""Lines of the log with the time of day, where the box knows it; many are written at once, so that flash lasts."""

import json

from fairamp import view
from fairamp.units import elapsed, iso
from fairamp_box.io.roll import BLOCK, Roll

NAME = "log"
# What has come is written after so long, or sooner when it is so much. A block of flash bears 100,000 of that: 10 years
# of a line every ten minutes are 530,000, on some hundred blocks.
PATIENCE_MS = 600000
SOON_BYTES = 1500
MOST_BYTES = 3000
# What cannot wait: it may be the last that this box says.
URGENT = (" -> F", " -> E", "failed", "safe mode", "restart", "setting", "stood still", "limit", "start ")
URGENT_MS = 5000
# Of one source so many lines in a row; then one in so long. No flood wears the flash, or drives all others out.
MOST_OF_ONE = 20
MOST_SOURCES = 12
REFILL_MS = 300000
LONGEST = 400
USUAL = 100
MOST = 2000
# So many lines are left out at once.
PIECE = 16


class Diary:
    """One of the keeper."""

    def __init__(self, box, clock, folder: str, keep: int):
        self._box = box
        self._clock = clock
        self._roll = Roll(folder, NAME, 1, max(2, keep * 1024 // BLOCK))
        self._waiting: list = []  # lines
        self._bytes = 0  # of these
        self._since = 0  # when the first of them came
        self._wait_ms = PATIENCE_MS
        self._sources: dict = {}  # where -> [lines that may come, since when]

    def take(self, where: str, text: str) -> None:
        """A line of the log."""
        now = self._clock.now()
        left = self._left(now, where)
        if not left or self._bytes > MOST_BYTES:
            return
        if left == 1:
            text += " (and what follows at once is not kept)"
        line = (stamp(self._box) + " " + where + ": " + text.replace("\n", " | "))[:LONGEST] + "\n"
        try:
            size = len(line.encode())
        except (ValueError, UnicodeError):
            return  # halves of letters
        if not self._waiting:
            self._since, self._wait_ms = now, PATIENCE_MS
        self._waiting.append(line)
        self._bytes += size
        for word in URGENT:
            if word in text:
                self._wait_ms = min(self._wait_ms, elapsed(now, self._since) + URGENT_MS)

    def _left(self, now, where):
        """So many lines of that source may still come, this one included."""
        if where not in self._sources and len(self._sources) >= MOST_SOURCES:
            where = ""
        source = self._sources.setdefault(where, [MOST_OF_ONE, now])
        periods = elapsed(now, source[1]) // REFILL_MS
        if periods:
            source[0], source[1] = min(MOST_OF_ONE, source[0] + periods), now
        left = source[0]
        source[0] = max(0, left - 1)
        return left

    def due(self, now: int) -> bool:
        return bool(self._waiting) and (self._bytes >= SOON_BYTES or elapsed(now, self._since) >= self._wait_ms)

    def changed(self) -> bool:
        return bool(self._waiting)

    def save(self) -> None:
        self._roll.append("".join(self._waiting).encode())
        self._waiting = []
        self._bytes = 0

    def newest_first(self):
        for line in reversed(self._waiting):
            yield line[:-1]
        for data in self._roll.files_newest_first():
            end = len(data)
            while end > 0:
                begin = data.rfind(b"\n", 0, end - 1) + 1
                try:
                    yield data[begin : end - 1].decode()
                except (ValueError, UnicodeError):
                    pass  # damaged
                end = begin

    def give(self, limit=USUAL, skip=0):
        """The newest lines as JSON, piece by piece; `skip`: not the first of them."""
        yield '{"lines": ['
        comma = ""
        for number, line in enumerate(self.newest_first()):
            if number >= skip + min(limit, MOST):
                break
            if number >= skip:
                yield comma + json.dumps(line)
                comma = ",\n"
            elif number % PIECE == 0:
                yield " "  # others have their turn
        yield '], "end": true}'


def stamp(box) -> str:
    """The time, as far as it is known: else which start of the box, and so many seconds since."""
    utc = view.utc(box)
    if utc:
        return iso(utc)
    return "start " + str(view.boot(box)[0]) + " + " + str(view.uptime_s(box)) + " s"
