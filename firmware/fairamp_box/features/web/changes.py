"""Who changed which setting, and when: the newest ones, over a restart too where there is a flash to keep them."""

import json

from fairamp import view
from fairamp.units import iso
from fairamp_box.io.json_body import parse
from fairamp_box.io.roll import Roll

SIZE = 192
MOST_FILES = 4
MOST_TEXT = 40
MOST_SHOWN = 20


class Changes:
    """One of the keeper. `folder`: None = nothing is kept."""

    def __init__(self, box, folder):
        self._box = box
        self._roll = Roll(folder, "changes", SIZE, MOST_FILES) if folder else None
        self._waiting: list = []  # records that are not written yet, the oldest first

    def note(self, who, name, old, new) -> None:
        utc = view.utc(self._box)
        when = [iso(utc)] if utc else [view.boot(self._box)[0], view.uptime_s(self._box)]
        record = json.dumps([when, who[:MOST_TEXT], name, _short(old), _short(new)]).encode()
        if len(record) > SIZE:
            # Of letters that JSON writes with many bytes.
            record = json.dumps([when, "", name, "", ""]).encode()
        self._waiting.append(record + b" " * (SIZE - len(record)))
        del self._waiting[:-MOST_SHOWN]

    def due(self, now) -> bool:
        return self._roll is not None and bool(self._waiting)

    def changed(self) -> bool:
        return self.due(0)

    def save(self) -> None:
        self._roll.append(self._waiting[0])  # type: ignore[union-attr]
        self._waiting.pop(0)

    def newest_first(self):
        """Each as {"utc" or "boot" and "uptime_s", "who", "name", "old", "new"}."""
        left = MOST_SHOWN
        for records in (reversed(list(self._waiting)), self._roll.newest_first() if self._roll else ()):
            for record in records:
                found = _read(record)
                if found and left:
                    left -= 1
                    yield found


def _read(record):
    try:
        when, who, name, old, new = parse(b'{"x": ' + record.strip() + b"}")["x"]
    except (ValueError, KeyError, TypeError):
        return None  # of a block that is worn out
    found = {"utc": when[0]} if len(when) == 1 else {"boot": when[0], "uptime_s": when[1]}
    found.update({"who": who, "name": name, "old": old, "new": new})
    return found


def _short(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 3] + "..."
