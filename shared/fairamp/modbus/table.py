"""Registers as rows of a table, and the bank that encodes them.

A row's `get(subject)` returns the raw value of the register: whole number, float or text, as its kind says.
`set(subject, value)` takes one and returns None, or an exception code to refuse. The other columns describe it, for the
check of a write, for the documents and for clients.
"""

import struct

from fairamp.modbus.frames import ILLEGAL_ADDRESS, ILLEGAL_VALUE, put16

# kind: words, lowest, highest raw number. Texts have as many words as their row says.
KINDS = {
    "u16": (1, 0, 0xFFFF),
    "i16": (1, -0x8000, 0x7FFF),
    "u32": (2, 0, 0xFFFFFFFF),
    "i32": (2, -0x80000000, 0x7FFFFFFF),
    "u64": (4, 0, 0xFFFFFFFFFFFFFFFF),
    "i64": (4, -0x8000000000000000, 0x7FFFFFFFFFFFFFFF),
    "f32": (2, 0, 0),
    "f64": (4, 0, 0),
    "ascii": (0, 0, 0),
    "utf16": (0, 0, 0),
}
TEXTS = ("ascii", "utf16")
NAN = float("nan")


class Row:
    """One register, or several words that belong together.

    `allowed`: single values and (lowest, highest) pairs that a write may have; None = any.
    `meanings`: what single values mean. `low_first`: order of the words. `works`: False while the box has nothing to
    put there and answers its filler. `by_word`: a client may write the words one by one; the last one counts.
    """

    # An own attribute takes space on a small chip: only what differs from these has one.
    set = None
    unit = ""
    scale: float = 1
    allowed: "tuple | None" = None
    meanings: "dict | None" = None
    low_first = False
    works = True
    by_word = False
    help = ""

    def __init__(
        self,
        address,
        name,
        kind,
        get,
        set=None,
        words=0,
        unit="",
        scale=1,
        allowed=None,
        meanings=None,
        low_first=False,
        works=True,
        by_word=False,
        help="",
    ):
        self.address = address
        self.name = name
        self.kind = kind
        self.get = get
        if set is not None:
            self.set = set
        if unit:
            self.unit = unit
        if scale != 1:
            self.scale = scale
        if allowed is not None:
            self.allowed = allowed
        if meanings is not None:
            self.meanings = meanings
        if low_first:
            self.low_first = True
        if not works:
            self.works = False
        if by_word:
            self.by_word = True
        if help:
            self.help = help
        fixed, self.low, self.high = KINDS[kind]
        self.words = fixed or words

    def permits(self, value) -> bool:
        """Is this raw value among the allowed ones?"""
        if self.allowed is None:
            return True
        for item in self.allowed:
            if value == item if isinstance(item, int) else item[0] <= value <= item[1]:
                return True
        return False


def encode(row: Row, value, out, at: int) -> None:
    """Writes the value's words at out[at:]; a number too large for the register shows the largest one."""
    kind = row.kind
    if row.words == 1:
        put16(out, at, row.low if value < row.low else row.high if value > row.high else value)
    elif kind in TEXTS:
        _put_text(row, value, out, at)
    elif kind == "f32" or kind == "f64":
        struct.pack_into(">f" if kind == "f32" else ">d", out, at, value)
        if row.low_first:
            _swap(out, at, row.words)
    else:
        value = row.low if value < row.low else row.high if value > row.high else value
        for index in range(row.words):
            shift = index if row.low_first else row.words - 1 - index
            put16(out, at + 2 * index, (value >> (16 * shift)) & 0xFFFF)


def decode(row: Row, data, at: int):
    """The raw value that the row's words at data[at:] hold."""
    return _get_text(row, data, at) if row.kind in TEXTS else number(row.kind, data, at, row.low_first)


def number(kind: str, data, at: int, low_first: bool):
    """The number of this kind whose words begin at data[at]."""
    count, low, high = KINDS[kind]
    if kind in ("f32", "f64"):
        words = bytearray(data[at : at + 2 * count])
        if low_first:
            _swap(words, 0, count)
        return struct.unpack(">f" if kind == "f32" else ">d", words)[0]
    value = 0
    for index in range(count):
        word = count - 1 - index if low_first else index
        value = (value << 16) | (data[at + 2 * word] << 8) | data[at + 2 * word + 1]
    if low < 0 and value > high:
        value -= 1 << (16 * count)
    return value


def _swap(words, at, count):
    """Turns the order of the words around."""
    for index in range(count // 2):
        first, last = at + 2 * index, at + 2 * (count - 1 - index)
        words[first], words[last] = words[last], words[first]
        words[first + 1], words[last + 1] = words[last + 1], words[first + 1]


def _put_text(row, text, out, at):
    step = 1 if row.kind == "ascii" else 2
    for index in range(2 * row.words):
        out[at + index] = 0
    for index in range(min(len(text), 2 * row.words // step)):
        out[at + step * index + step - 1] = ord(text[index]) & 0x7F


def _get_text(row, data, at):
    step = 1 if row.kind == "ascii" else 2
    text = ""
    for index in range(0, 2 * row.words, step):
        code = data[at + index + step - 1]
        if code:
            text += chr(code & 0x7F)
    return text


class Bank:
    """The registers of one unit, answering from the subject they look at."""

    def __init__(self, rows, subject, filler: int = 0):
        self.subject = subject
        self.rows = rows
        self._filler = filler
        self._at = {}
        widest = 4
        for row in rows:
            widest = max(widest, row.words)
            for word in range(row.words):
                self._at[row.address + word] = row
        self._scratch = bytearray(2 * widest)
        self._pieces = {row.address: bytearray(2 * row.words) for row in rows if row.by_word}

    def readable(self, address: int) -> bool:
        """May a read begin here?"""
        row = self._at.get(address)
        return row is not None and row.get is not None

    def read(self, address: int, count: int, out, at: int) -> int:
        """Writes `count` words at out[at:]; 0, or the exception code. Gaps show the filler."""
        rows = self._at
        row = rows.get(address)
        if row is None or row.get is None:
            return ILLEGAL_ADDRESS
        end = address + count
        while address < end:
            if row is None or row.get is None:
                put16(out, at, self._filler)
                address += 1
                at += 2
            elif address == row.address and address + row.words <= end:
                encode(row, row.get(self.subject), out, at)
                address += row.words
                at += 2 * row.words
            else:
                skip = address - row.address
                take = min(row.words - skip, end - address)
                encode(row, row.get(self.subject), self._scratch, 0)
                for index in range(2 * take):
                    out[at + index] = self._scratch[2 * skip + index]
                address += take
                at += 2 * take
            row = rows.get(address)
        return 0

    def check(self, address: int, count: int, data, at: int) -> int:
        """Would a write of these words be taken? 0, or the exception code; nothing is written."""
        return self._walk(address, count, data, at, False)

    def write(self, address: int, count: int, data, at: int) -> int:
        """Takes `count` words from data[at:], all or none; 0, or the exception code."""
        return self._walk(address, count, data, at, False) or self._walk(address, count, data, at, True)

    def _walk(self, address, count, data, at, apply):
        end = address + count
        while address < end:
            row = self._at.get(address)
            if row is None or row.set is None:
                return ILLEGAL_ADDRESS
            if row.by_word:
                take = min(row.address + row.words, end) - address
                code = self._piece(row, address, take, data, at) if apply else 0
            elif row.address != address or row.words > end - address:
                # A value of several words is written as a whole, or not at all.
                return ILLEGAL_ADDRESS
            else:
                take = row.words
                value = decode(row, data, at)
                code = 0 if row.permits(value) else ILLEGAL_VALUE
                if apply:
                    code = row.set(self.subject, value)
            if code:
                return code
            address += take
            at += 2 * take
        return 0

    def _piece(self, row, address, take, data, at):
        words = self._pieces[row.address]
        start = 2 * (address - row.address)
        words[start : start + 2 * take] = data[at : at + 2 * take]
        if address + take < row.address + row.words:
            return 0
        return row.set(self.subject, decode(row, words, 0))
