"""The asking side of Modbus: one request out, one reply in, checked in every respect."""

from fairamp.modbus.frames import (
    EXCEPTIONS,
    MAX_RTU,
    WRITE_MANY,
    WRITE_ONE,
    get16,
    put16,
    reply_length,
    seal,
    sealed,
)

NO_ANSWER = "no answer in "


class BadReply(Exception):
    """The other side answered, but not what was asked; the text says what."""


class Refused(BadReply):
    """It answered with an exception; `code` is its number."""

    def __init__(self, code):
        super().__init__("it answers: " + EXCEPTIONS.get(code, "exception " + str(code)))
        self.code = code


class Exchange:
    """One request and its reply, in buffers that are made once.

    `head`, `tail`: bytes before the function code and behind the data. `most`: words that one request may write.
    The bytes to send are those returned, until the next request is made.
    """

    def __init__(self, head: int, tail: int, size: int, most: int):
        self._head = head
        self._most = most
        self.request = bytearray(head + 5 + tail + (1 + 2 * most if most else 0))
        self._view = memoryview(self.request)
        self._short = self._view[: head + 5 + tail]
        self.reply = bytearray(size)
        self._used = 0
        self.heard = 0  # bytes that came since the request

    def ask(self, unit: int, function: int, address: int, count: int):
        """Prepares a read; the bytes to send."""
        put16(self.request, self._head + 3, count)
        self._begin(unit, function, address, self._head + 5)
        return self._short

    def write_one(self, unit: int, address: int, value: int):
        """Prepares the write of one word; the bytes to send."""
        return self.ask(unit, WRITE_ONE, address, value)

    def write_many(self, unit: int, address: int, data):
        """Prepares the write of all words in `data`, high bytes first; the bytes to send."""
        at, size = self._head, len(data)
        if not size or size % 2 or size > 2 * self._most:
            raise ValueError(str(size) + " bytes are not 1 to " + str(self._most) + " words")
        put16(self.request, at + 3, size // 2)
        self.request[at + 5] = size
        self.request[at + 6 : at + 6 + size] = data
        return self._view[: self._begin(unit, WRITE_MANY, address, at + 6 + size)]

    def _begin(self, unit, function, address, end):
        """Completes a request whose data ends there; where the bytes to send end."""
        request, at = self.request, self._head
        request[at - 1] = unit
        request[at] = function
        put16(request, at + 1, address)
        self._used = self.heard = 0
        return self._close(end)

    def _close(self, end):
        raise NotImplementedError

    def check(self) -> None:
        """Raises BadReply when the whole reply is not the one to what was asked."""
        request, reply, at = self.request, self.reply, self._head
        function = request[at]
        if reply[at] == function | 0x80:
            raise Refused(reply[at + 1])
        if reply[at] != function:
            raise BadReply("it answers function " + str(reply[at]) + " instead of " + str(function))
        if function in (WRITE_ONE, WRITE_MANY):
            for index in range(1, 5):
                if reply[at + index] != request[at + index]:
                    raise BadReply("it confirms something else than was written")
            return
        wanted = 2 * get16(request, at + 3)
        if reply[at + 1] != wanted:
            raise BadReply("it sent " + str(reply[at + 1]) + " bytes instead of " + str(wanted))

    def words(self) -> int:
        """Where the registers begin in `reply`; raises BadReply when the reply is not the one asked for."""
        self.check()
        return self._head + 2


class RtuExchange(Exchange):
    """On a serial line, where noise and the replies of others may come first."""

    def __init__(self, most: int = 0):
        super().__init__(1, 2, MAX_RTU, most)

    def _close(self, end):
        return seal(self.request, end)

    def feed(self, data, length: int) -> bool:
        """Takes data[:length]; True once the reply is whole. Bytes before it are noise and are skipped."""
        self.heard += length
        for index in range(length):
            if self._used == MAX_RTU:
                self._skip(1)
            self.reply[self._used] = data[index]
            self._used += 1
        return self._find()

    def missing(self) -> int:
        """How many bytes a good reply lacks, as far as its beginning tells; at least 1."""
        size = reply_length(self.reply, 0, self._used)
        if not size:
            size = 8 if self.request[1] in (WRITE_ONE, WRITE_MANY) else 5 + 2 * get16(self.request, 4)
        return max(1, size - self._used)

    def _find(self):
        """Looks for a sealed reply of the unit that was asked, wherever it begins."""
        reply = self.reply
        for start in range(self._used - 4):
            if reply[start] != self.request[0] or reply[start + 1] & 0x7F != self.request[1]:
                continue
            size = reply_length(reply, start, self._used)
            if size > 0 and self._used - start >= size and sealed(reply, start, start + size):
                self._skip(start)
                return True
        return False

    def _skip(self, count):
        rest = self._used - count
        self.reply[:rest] = self.reply[count : self._used]
        self._used = rest
