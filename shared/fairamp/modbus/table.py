"""Registers as rows of a table.

A row's `get(subject)` returns the raw value of the register: whole number, float or text, as its kind says.
`set(subject, value)` takes one and returns None, or an exception code to refuse. The other columns describe it, for the
check of a write, for the documents and for clients.
"""

import struct
from array import array

from fairamp.modbus.frames import put16

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
# The kinds by number, as packed rows have them.
ORDER = ("u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "ascii", "utf16")
U16 = 0
LOW_FIRST, BY_WORD = 1, 2
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
        return permits(self.allowed, value)


def permits(allowed, value) -> bool:
    """Is the value one of these, or between two of them? None allows all."""
    if allowed is None:
        return True
    for item in allowed:
        if value == item if isinstance(item, int) else item[0] <= value <= item[1]:
            return True
    return False


def encode(row: Row, value, out, at: int) -> None:
    """Writes the value's words at out[at:]; a number too large for the register shows the largest one."""
    put(row.kind, row.words, row.low_first, value, out, at)


def decode(row: Row, data, at: int):
    """The raw value that the row's words at data[at:] hold."""
    return take(row.kind, row.words, row.low_first, data, at)


def put(kind: str, words: int, low_first: bool, value, out, at: int) -> None:
    """Writes a value of this kind at out[at:]; a number too large for its words becomes the largest one."""
    if kind in TEXTS:
        _put_text(kind, words, value, out, at)
    elif kind == "f32" or kind == "f64":
        struct.pack_into(">f" if kind == "f32" else ">d", out, at, value)
        if low_first:
            _swap(out, at, words)
    else:
        _, low, high = KINDS[kind]
        value = low if value < low else high if value > high else value
        for index in range(words):
            shift = index if low_first else words - 1 - index
            put16(out, at + 2 * index, (value >> (16 * shift)) & 0xFFFF)


def take(kind: str, words: int, low_first: bool, data, at: int):
    """The value of this kind whose words begin at data[at]."""
    return _get_text(kind, words, data, at) if kind in TEXTS else number(kind, data, at, low_first)


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


def _put_text(kind, words, text, out, at):
    step = 1 if kind == "ascii" else 2
    for index in range(2 * words):
        out[at + index] = 0
    for index in range(min(len(text), 2 * words // step)):
        out[at + step * index + step - 1] = ord(text[index]) & 0x7F


def _get_text(kind, words, data, at):
    step = 1 if kind == "ascii" else 2
    text = ""
    for index in range(0, 2 * words, step):
        code = data[at + index + step - 1]
        if code:
            text += chr(code & 0x7F)
    return text


class Rows:
    """Rows in the order of their addresses, packed: a row of a chip takes a tenth of what it takes as an object.

    `rows`: the rows themselves, where they have names; nobody asks a chip for them.
    """

    def __init__(self, *parts):
        rows: list = []
        for part in parts:
            rows += part if isinstance(part, (list, tuple)) else (part,)
        rows.sort(key=lambda row: row.address)
        self.rows = tuple(rows) if rows and rows[0].name else ()
        self.addresses = array("H", [row.address for row in rows])
        self.kinds = bytes([ORDER.index(row.kind) for row in rows])
        self.words = bytes([row.words for row in rows])
        self.flags = bytes([LOW_FIRST * row.low_first | BY_WORD * row.by_word for row in rows])
        self.gets = tuple([row.get for row in rows])
        self.sets = {index: row.set for index, row in enumerate(rows) if row.set}
        self.allowed = {index: row.allowed for index, row in enumerate(rows) if row.allowed is not None}

    def find(self, address: int) -> int:
        """The number of the row that has this address; -1 when none has."""
        addresses = self.addresses
        low, high = 0, len(addresses)
        while low < high:
            middle = (low + high) >> 1
            if addresses[middle] <= address:
                low = middle + 1
            else:
                high = middle
        index = low - 1
        return index if index >= 0 and address < addresses[index] + self.words[index] else -1

    def put(self, index: int, value, out, at: int) -> None:
        """Writes the value's words at out[at:]."""
        kind, words = self.kinds[index], self.words[index]
        if kind == U16:
            # What most registers are, at the least cost.
            value = 0 if value < 0 else 0xFFFF if value > 0xFFFF else value
            out[at] = value >> 8
            out[at + 1] = value & 0xFF
        else:
            put(ORDER[kind], words, bool(self.flags[index] & LOW_FIRST), value, out, at)

    def take(self, index: int, data, at: int):
        """The raw value that its words at data[at:] hold."""
        return take(ORDER[self.kinds[index]], self.words[index], bool(self.flags[index] & LOW_FIRST), data, at)

    def permits(self, index: int, value) -> bool:
        """Is this raw value among the allowed ones?"""
        return permits(self.allowed.get(index), value)
