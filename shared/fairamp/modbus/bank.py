"""The registers of one unit: answers reads and takes writes, of as many words at once as a request has."""

from fairamp.modbus.frames import ILLEGAL_ADDRESS, ILLEGAL_VALUE, put16
from fairamp.modbus.table import BY_WORD, Rows


class Bank:
    """`rows`: Rows, or some of them. They look at the subject. Gaps between them read as the filler."""

    def __init__(self, rows, subject, filler: int = 0):
        table = rows if isinstance(rows, Rows) else Rows(rows)
        self.subject = subject
        self.rows = table.rows
        self._table = table
        self._filler = filler
        self._scratch = bytearray(2 * max(4, max(table.words)))
        self._pieces = {}
        for index in range(len(table.words)):
            if table.flags[index] & BY_WORD:
                self._pieces[index] = bytearray(2 * table.words[index])

    def readable(self, address: int) -> bool:
        """May a read begin here?"""
        index = self._table.find(address)
        return index >= 0 and self._table.gets[index] is not None

    def read(self, address: int, count: int, out, at: int) -> int:
        """Writes `count` words at out[at:]; 0, or the exception code."""
        table = self._table
        addresses, words, gets = table.addresses, table.words, table.gets
        index = table.find(address)
        if index < 0 or gets[index] is None:
            return ILLEGAL_ADDRESS
        end, last = address + count, len(addresses)
        while address < end:
            if index == last or addresses[index] > address:
                put16(out, at, self._filler)
                address += 1
                at += 2
                continue
            first, size = addresses[index], words[index]
            if first == address and address + size <= end and gets[index] is not None:
                table.put(index, gets[index](self.subject), out, at)
                done = size
            else:
                done = self._read_part(index, address - first, min(size - address + first, end - address), out, at)
            address += done
            at += 2 * done
            index += 1
        return 0

    def _read_part(self, index, skip, count, out, at):
        """Some words of a value; how many."""
        get = self._table.gets[index]
        if get is None:
            for word in range(count):
                put16(out, at + 2 * word, self._filler)
            return count
        self._table.put(index, get(self.subject), self._scratch, 0)
        for byte in range(2 * count):
            out[at + byte] = self._scratch[2 * skip + byte]
        return count

    def check(self, address: int, count: int, data, at: int) -> int:
        """Would a write of these words be taken? 0, or the exception code; nothing is written."""
        return self._walk(address, count, data, at, False)

    def write(self, address: int, count: int, data, at: int) -> int:
        """Takes `count` words from data[at:], all or none; 0, or the exception code."""
        return self._walk(address, count, data, at, False) or self._walk(address, count, data, at, True)

    def _walk(self, address, count, data, at, apply):
        table, end = self._table, address + count
        while address < end:
            index = table.find(address)
            if index not in table.sets:
                return ILLEGAL_ADDRESS
            first, size = table.addresses[index], table.words[index]
            if index in self._pieces:
                done = min(first + size, end) - address
                code = self._piece(index, address - first, done, data, at) if apply else 0
            elif first != address or size > end - address:
                # A value of several words is written as a whole, or not at all.
                return ILLEGAL_ADDRESS
            else:
                done = size
                value = table.take(index, data, at)
                code = 0 if table.permits(index, value) else ILLEGAL_VALUE
                if apply:
                    code = table.sets[index](self.subject, value)
            if code:
                return code
            address += done
            at += 2 * done
        return 0

    def _piece(self, index, skip, count, data, at):
        """A client may write the words one by one; the last one counts."""
        words = self._pieces[index]
        words[2 * skip : 2 * (skip + count)] = data[at : at + 2 * count]
        if skip + count < self._table.words[index]:
            return 0
        return self._table.sets[index](self.subject, self._table.take(index, words, 0))
