"""The list itself: records of charging.record with a check sum each, in a roll."""

import json
from binascii import crc32
from struct import pack, unpack

from fairamp.charging.record import SIZE, number, readable
from fairamp_box.io.roll import BLOCK, Roll

NAME = "sessions"
SUM = 4
# Cars that come and go while nothing can be written.
MOST_WAITING = 20
USUAL = 50
MOST = 200
# So many are passed over at once.
PIECE = 16


class Book:
    """One of the keeper."""

    def __init__(self, folder: str, keep: int):
        per_file = BLOCK // (SIZE + SUM)
        # One more, because the oldest goes as a whole.
        self._roll = Roll(folder, NAME, SIZE + SUM, -(-keep // per_file) + 1)
        self._waiting: list = []
        self._last = None  # number of the newest one
        for record in self.newest_first():
            self._last = number(record)
            break

    def take(self, record: bytes) -> None:
        """Of a session that is over. After a loss of power at the wrong moment it comes once more."""
        if len(self._waiting) < MOST_WAITING and number(record) != self._last:
            self._waiting.append(record)
            self._last = number(record)

    def due(self, now: int) -> bool:
        return bool(self._waiting)

    def changed(self) -> bool:
        return False

    def save(self) -> None:
        record = self._waiting[0]
        self._roll.append(record + pack("<I", crc32(record)))
        self._waiting.pop(0)

    def newest_first(self):
        """All records that are whole."""
        for record in reversed(self._waiting):
            yield record
        for data in self._roll.newest_first():
            record = data[:SIZE]
            if unpack("<I", data[SIZE:])[0] == crc32(record) and readable(record):
                yield record

    def give(self, before=None, limit=USUAL):
        """The newest sessions as JSON, piece by piece; `before`: those with a smaller number only."""
        from fairamp.session_list import told

        yield '{"sessions": ['
        count, comma = 0, ""
        passed = 0
        for record in self.newest_first():
            if before is not None and number(record) >= before:
                passed += 1
                if passed % PIECE == 0:
                    yield " "  # others have their turn
                continue
            if count >= min(limit, MOST):
                break
            yield comma + json.dumps(told(record))
            count, comma = count + 1, ",\n"
        # Who gets less sees that something was cut off.
        yield '], "end": true}'
