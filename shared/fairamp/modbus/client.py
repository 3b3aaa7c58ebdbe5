"""The asking side of Modbus: one request out, one reply in, checked in every respect."""

from fairamp.modbus.frames import (
    EXCEPTIONS,
    MAX_RTU,
    put16,
    reply_length,
    seal,
    sealed,
)


class BadReply(Exception):
    """The other side answered, but not what was asked; the text says what."""


class RtuExchange:
    """One read on a serial line, in buffers that are made once."""

    def __init__(self):
        self.request = bytearray(8)
        self.reply = bytearray(MAX_RTU)
        self._used = 0

    def ask(self, unit: int, function: int, address: int, count: int):
        """Prepares a read; returns the bytes to send."""
        request = self.request
        request[0] = unit
        request[1] = function
        put16(request, 2, address)
        put16(request, 4, count)
        seal(request, 6)
        self._used = 0
        return request

    def feed(self, data, length: int) -> bool:
        """Takes data[:length]; True once the reply is whole. Bytes before it are noise and are skipped."""
        for index in range(length):
            if self._used == MAX_RTU:
                self._skip(1)
            self.reply[self._used] = data[index]
            self._used += 1
        return self._find()

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

    def words(self) -> int:
        """Where the registers begin in `reply`; raises BadReply when the reply is not the one asked for."""
        reply = self.reply
        if reply[1] & 0x80:
            raise BadReply("it answers: " + EXCEPTIONS.get(reply[2], "exception " + str(reply[2])))
        wanted = 2 * ((self.request[4] << 8) | self.request[5])
        if reply[2] != wanted:
            raise BadReply("it sent " + str(reply[2]) + " bytes instead of " + str(wanted))
        return 3
