"""Modbus TCP, the side that answers: a box without network never loads it."""

from fairamp.modbus.frames import MAX_PDU, TCP_HEADER, get16, put16


class TcpSession:
    """One connection: whatever arrives goes in, what is to be sent comes out."""

    def __init__(self, server):
        self._server = server
        self._waiting = bytearray(TCP_HEADER + MAX_PDU)
        self._used = 0
        self._reply = bytearray(TCP_HEADER + MAX_PDU)
        self.broken = False

    def feed(self, data, length: int, send) -> None:
        """Takes data[:length]; calls send(buffer, size) for every answer. `broken`: close the connection."""
        at = 0
        while at < length and not self.broken:
            if not self._used and length - at >= TCP_HEADER:
                # The usual case: a whole frame at once needs no copy.
                size = self._size(data, at)
                if size and length - at >= size:
                    self._frame(data, at, at + size, send)
                    at += size
                    continue
            at = self._collect(data, at, length, send)

    def _size(self, data, at):
        """Bytes of the frame whose header begins here; 0 for what is not Modbus: then there is no way to go on."""
        size = get16(data, at + 4)
        if data[at + 2] or data[at + 3] or not 2 <= size <= MAX_PDU + 1:
            self.broken = True
            return 0
        return 6 + size

    def _collect(self, data, at, length, send):
        """Takes what fits to the frame that has begun; where to go on."""
        waiting = self._waiting
        if self.broken:
            return length
        size = self._size(waiting, 0) if self._used >= TCP_HEADER else TCP_HEADER
        take = min(size - self._used, length - at)
        waiting[self._used : self._used + take] = data[at : at + take]
        self._used += take
        if self._used == TCP_HEADER:
            self._size(waiting, 0)
        elif self._used > TCP_HEADER and self._used == size:
            self._used = 0
            self._frame(waiting, 0, size, send)
        return at + take

    def _frame(self, data, start, end, send):
        unit = data[start + 6]
        bank = self._server.bank(unit)
        if bank is None:
            return
        reply = self._reply
        reply[0] = data[start]
        reply[1] = data[start + 1]
        reply[6] = unit
        done = self._server.answer(unit, bank, data, start + TCP_HEADER, end, reply, TCP_HEADER)
        put16(reply, 4, done - 6)
        send(reply, done)
