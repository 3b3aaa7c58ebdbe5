"""Answers Modbus requests from banks of registers: bytes in, bytes out, no sockets and no clock."""

from fairamp.modbus.frames import (
    DEVICE_FAILURE,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    MAX_PDU,
    MAX_READ,
    MAX_RTU,
    MAX_WRITE,
    READ_HOLDING,
    READ_INPUT,
    TCP_HEADER,
    WRITE_MANY,
    WRITE_ONE,
    get16,
    put16,
    request_length,
    seal,
    sealed,
)

ANY_UNIT = -1


class Server:
    """The banks of one box by unit number; ANY_UNIT answers for every number that has none of its own."""

    def __init__(self, banks):
        self.banks = banks
        self.failures = 0

    def bank(self, unit: int):
        return self.banks.get(unit) or self.banks.get(ANY_UNIT)

    def answer(self, bank, pdu, start: int, end: int, reply, at: int) -> int:
        """Answers the request pdu[start:end] into reply[at:]; the end of the reply."""
        function = pdu[start]
        try:
            code = self._carry_out(bank, function, pdu, start, end, reply, at)
        except Exception:
            # A row that fails must not take the line down; the master learns of it, and so does whoever counts.
            self.failures += 1
            code = DEVICE_FAILURE
        if code:
            reply[at] = function | 0x80
            reply[at + 1] = code
            return at + 2
        if function in (READ_HOLDING, READ_INPUT):
            return at + 2 + reply[at + 1]
        return at + 5

    def _carry_out(self, bank, function, pdu, start, end, reply, at):
        size = end - start
        reply[at] = function
        if function in (READ_HOLDING, READ_INPUT):
            if size != 5:
                return ILLEGAL_VALUE
            count = get16(pdu, start + 3)
            if not 1 <= count <= MAX_READ:
                return ILLEGAL_VALUE
            reply[at + 1] = 2 * count
            return _inside(pdu, start, count) or bank.read(get16(pdu, start + 1), count, reply, at + 2)
        if function == WRITE_ONE:
            if size != 5:
                return ILLEGAL_VALUE
            reply[at + 1 : at + 5] = pdu[start + 1 : start + 5]
            return bank.write(get16(pdu, start + 1), 1, pdu, start + 3)
        if function == WRITE_MANY:
            count = get16(pdu, start + 3) if size > 6 else 0
            if not 1 <= count <= MAX_WRITE or pdu[start + 5] != 2 * count or size != 6 + 2 * count:
                return ILLEGAL_VALUE
            reply[at + 1 : at + 5] = pdu[start + 1 : start + 5]
            return _inside(pdu, start, count) or bank.write(get16(pdu, start + 1), count, pdu, start + 6)
        return ILLEGAL_FUNCTION


def _inside(pdu, start, count):
    return ILLEGAL_ADDRESS if get16(pdu, start + 1) + count > 0x10000 else 0


class TcpSession:
    """One connection: whatever arrives goes in, what is to be sent comes out."""

    def __init__(self, server: Server):
        self._server = server
        self._waiting = bytearray(TCP_HEADER + MAX_PDU)
        self._used = 0
        self._reply = bytearray(TCP_HEADER + MAX_PDU)
        self.broken = False

    def feed(self, data, send) -> None:
        """Takes received bytes; calls send(buffer, length) for every answer. `broken`: close the connection."""
        at = 0
        while at < len(data) and not self.broken:
            take = min(self._missing(), len(data) - at)
            self._waiting[self._used : self._used + take] = data[at : at + take]
            self._used += take
            at += take
            if self._used >= TCP_HEADER and self._missing() == 0:
                self._frame(send)

    def _missing(self):
        """Bytes until the next decision: the rest of the header, or the rest of the frame."""
        if self._used < TCP_HEADER:
            return TCP_HEADER - self._used
        size = get16(self._waiting, 4)
        if get16(self._waiting, 2) != 0 or not 2 <= size <= MAX_PDU + 1:
            self.broken = True
            return 0
        return 6 + size - self._used

    def _frame(self, send):
        if self.broken:
            return
        waiting, reply = self._waiting, self._reply
        end, self._used = self._used, 0
        unit = waiting[6]
        bank = self._server.bank(unit)
        if bank is None:
            return
        reply[:TCP_HEADER] = waiting[:TCP_HEADER]
        done = self._server.answer(bank, waiting, TCP_HEADER, end, reply, TCP_HEADER)
        put16(reply, 4, done - 6)
        send(reply, done)


class RtuSession:
    """One serial line: frames are found by length and check sum; silence throws the rest away."""

    def __init__(self, server: Server):
        self._server = server
        self._waiting = bytearray(2 * MAX_RTU)
        self._used = 0
        self._reply = bytearray(MAX_RTU)

    def silence(self) -> None:
        """The line was quiet for 3.5 characters: what is half here will never be whole."""
        self._used = 0

    def feed(self, data, length: int):
        """Takes data[:length]; returns the answer as a memoryview, or None."""
        answer = None
        for index in range(length):
            if self._used == len(self._waiting):
                self._drop(1)
            self._waiting[self._used] = data[index]
            self._used += 1
            answer = self._try() or answer
        return answer

    def _drop(self, count):
        rest = self._used - count
        self._waiting[:rest] = self._waiting[count : self._used]
        self._used = rest

    def _try(self):
        start = 0
        while start < self._used:
            size = request_length(self._waiting, start, self._used)
            if size <= 0 or self._used - start < size:
                start += 1
                continue
            if sealed(self._waiting, start, start + size):
                answer = self._frame(start, start + size)
                self._drop(start + size)
                return answer
            start += 1
        return None

    def _frame(self, start, end):
        unit = self._waiting[start]
        bank = self._server.bank(unit)
        if bank is None or unit == 0:
            return None
        self._reply[0] = unit
        done = self._server.answer(bank, self._waiting, start + 1, end - 2, self._reply, 1)
        return memoryview(self._reply)[: seal(self._reply, done)]
