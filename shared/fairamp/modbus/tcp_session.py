"""Modbus TCP, the side that answers: a box without network never loads it."""

from fairamp.modbus.frames import BUSY, MAX_PDU, TCP_HEADER, get16, put16
from fairamp.modbus.server import WRITES


class TcpSession:
    """One connection: whatever arrives goes in, what is to be sent comes out.

    guest       who asks, for Server.answer; None = nobody tells him from others
    may_write() asked before each write: False = others have all places of those who set something
    wrote()     called after each one that was taken
    """

    def __init__(self, server, guest=None, may_write=None, wrote=None):
        self._server = server
        self.guest = guest
        self._may_write = may_write
        self._wrote = wrote
        self._waiting = bytearray(TCP_HEADER + MAX_PDU)
        self._used = 0
        self._reply = bytearray(TCP_HEADER + MAX_PDU)
        self.broken = False

    def half(self) -> bool:
        """Has a request begun that is not whole yet?"""
        return self._used > 0

    def take(self, data, at: int, length: int, send) -> int:
        """Takes data[at:length] up to the end of one request, so that others get their turn; where to go on.

        Calls send(buffer, size) for its answer. `broken`: close the connection.
        """
        if not self._used and length - at >= TCP_HEADER:
            # The usual case: a whole frame at once needs no copy.
            size = self._size(data, at)
            if size and length - at >= size:
                self._frame(data, at, at + size, send)
                return at + size
        return self._collect(data, at, length, send)

    def _size(self, data, at):
        """Bytes of the frame whose header begins here; 0 for what is not Modbus: then there is no way to go on."""
        size = get16(data, at + 4)
        if data[at + 2] or data[at + 3] or not 2 <= size <= MAX_PDU + 1:
            self.broken = True
            return 0
        return 6 + size

    def _collect(self, data, at, length, send):
        """Takes what belongs to the frame that has begun; where to go on."""
        waiting = self._waiting
        while at < length and not self.broken:
            size = self._size(waiting, 0) if self._used >= TCP_HEADER else TCP_HEADER
            take = min(size - self._used, length - at)
            waiting[self._used : self._used + take] = data[at : at + take]
            self._used += take
            at += take
            if self._used == TCP_HEADER:
                self._size(waiting, 0)
            elif self._used > TCP_HEADER and self._used == size:
                self._used = 0
                self._frame(waiting, 0, size, send)
                break
        return at

    def _frame(self, data, start, end, send):
        unit = data[start + 6]
        bank = self._server.bank(unit)
        if bank is None:
            return
        reply = self._reply
        reply[0] = data[start]
        reply[1] = data[start + 1]
        reply[6] = unit
        start += TCP_HEADER
        writes = data[start] in WRITES
        if writes and self._may_write and not self._may_write():
            reply[TCP_HEADER] = data[start] | 0x80
            reply[TCP_HEADER + 1] = BUSY
            done = TCP_HEADER + 2
        else:
            done = self._server.answer(unit, bank, data, start, end, reply, TCP_HEADER, self.guest and self.guest.voice)
            if writes and self._wrote and not reply[TCP_HEADER] & 0x80:
                self._wrote()
        put16(reply, 4, done - 6)
        send(reply, done)
