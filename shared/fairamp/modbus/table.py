"""Registers as rows of a table, and the bank that encodes them.

A row's `get(subject)` returns the raw register value; `set(subject, value)` takes it and returns None, or an
exception code to refuse. Everything else in a row describes it, for the check of a write and for the reader.
"""

import struct

from fairamp.modbus.frames import ILLEGAL_ADDRESS, ILLEGAL_VALUE, put16

# kind: words, lowest, highest
KINDS = {
    "u16": (1, 0, 0xFFFF),
    "i16": (1, -0x8000, 0x7FFF),
    "u32": (2, 0, 0xFFFFFFFF),
    "i32": (2, -0x80000000, 0x7FFFFFFF),
    "u64": (4, 0, 0xFFFFFFFFFFFFFFFF),
    "f32": (2, 0, 0),
}


class Row:
    """One register, or several words that belong together."""

    def __init__(self, address, name, kind, get, set=None, unit="", scale="1", allowed=None, low_first=False, help=""):
        self.address = address
        self.name = name
        self.kind = kind
        self.get = get
        self.set = set
        self.unit = unit
        self.scale = scale
        self.allowed = allowed
        self.low_first = low_first
        self.help = help
        self.words, self.low, self.high = KINDS[kind]

    def permits(self, value) -> bool:
        """Is this raw value among the allowed ones: a tuple of single values and (lowest, highest) pairs?"""
        if self.allowed is None:
            return True
        for item in self.allowed:
            if value == item if isinstance(item, int) else item[0] <= value <= item[1]:
                return True
        return False


def encode(row: Row, value, out, at: int) -> None:
    """Writes the value's words at out[at:]; a number too large for the register shows the largest one."""
    if row.kind == "f32":
        struct.pack_into(">f", out, at, value)
        if row.low_first:
            out[at], out[at + 1], out[at + 2], out[at + 3] = out[at + 2], out[at + 3], out[at], out[at + 1]
        return
    if value < row.low:
        value = row.low
    elif value > row.high:
        value = row.high
    words = row.words
    if words == 1:
        put16(out, at, value)
        return
    for index in range(words):
        shift = index if row.low_first else words - 1 - index
        put16(out, at + 2 * index, (value >> (16 * shift)) & 0xFFFF)


class Bank:
    """The registers of one unit, answering from the subject they look at."""

    def __init__(self, rows, subject, filler: int = 0):
        self.subject = subject
        self.filler = filler
        self.rows = rows
        self._at = {}
        for row in rows:
            for word in range(row.words):
                self._at[row.address + word] = row
        self._scratch = bytearray(8)

    def read(self, address: int, count: int, out, at: int) -> int:
        """Writes `count` words at out[at:]; 0, or the exception code."""
        if address not in self._at:
            return ILLEGAL_ADDRESS
        end = address + count
        while address < end:
            row = self._at.get(address)
            if row is None:
                put16(out, at, self.filler)
                address += 1
                at += 2
                continue
            skip = address - row.address
            take = min(row.words - skip, end - address)
            encode(row, row.get(self.subject), self._scratch, 0)
            for index in range(2 * take):
                out[at + index] = self._scratch[2 * skip + index]
            address += take
            at += 2 * take
        return 0

    def write(self, address: int, count: int, data, at: int) -> int:
        """Takes `count` words from data[at:], all or none; 0, or the exception code."""
        code = self._walk(address, count, data, at, False)
        return code or self._walk(address, count, data, at, True)

    def _walk(self, address, count, data, at, apply):
        end = address + count
        while address < end:
            row = self._at.get(address)
            if row is None or row.set is None:
                return ILLEGAL_ADDRESS
            if row.address != address or row.words > end - address:
                return ILLEGAL_ADDRESS
            value = decode(row, data, at)
            if not row.permits(value):
                return ILLEGAL_VALUE
            if apply:
                code = row.set(self.subject, value)
                if code:
                    return code
            address += row.words
            at += 2 * row.words
        return 0


def decode(row: Row, data, at: int):
    """The raw value that the row's words at data[at:] hold."""
    if row.kind == "f32":
        words = bytes(data[at : at + 4])
        return struct.unpack(">f", words[2:] + words[:2] if row.low_first else words)[0]
    value = 0
    for index in range(row.words):
        word = row.words - 1 - index if row.low_first else index
        value = (value << 16) | (data[at + 2 * word] << 8) | data[at + 2 * word + 1]
    if row.low < 0 and value > row.high:
        value -= 1 << (16 * row.words)
    return value
