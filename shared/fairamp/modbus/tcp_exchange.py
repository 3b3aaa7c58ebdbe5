"""Modbus TCP, the side that asks: a box whose meters are on serial lines never loads it."""

from fairamp.modbus.client import BadReply, Exchange
from fairamp.modbus.frames import MAX_PDU, TCP_HEADER, get16, put16, reply_length


class TcpExchange(Exchange):
    """On a connection, where the reply to an earlier request may come late: its number tells, and it is skipped."""

    def __init__(self, most: int = 0):
        super().__init__(TCP_HEADER, 0, TCP_HEADER + MAX_PDU, most)
        self._number = 0

    def _close(self, end):
        self._number = (self._number + 1) & 0xFFFF
        put16(self.request, 0, self._number)
        put16(self.request, 4, end - 6)
        return end

    def feed(self, data, length: int) -> bool:
        """Takes data[:length]; True once the reply is whole. BadReply for what is not Modbus: close the connection."""
        reply = self.reply
        self.heard += length
        for index in range(length):
            reply[self._used] = data[index]
            self._used += 1
            if self._used < TCP_HEADER:
                continue
            size = get16(reply, 4)
            if reply[2] or reply[3] or not 3 <= size <= MAX_PDU + 1:
                raise BadReply("it does not speak Modbus TCP")
            if self._used == 6 + size:
                if get16(reply, 0) == self._number:
                    return True
                self._used = 0
        return False

    def check(self) -> None:
        reply, unit = self.reply, self.request[6]
        if reply[6] != unit:
            raise BadReply("it answers for unit " + str(reply[6]) + " instead of " + str(unit))
        # As the same reply would be on a serial line, with its check sum.
        size = reply_length(reply, 6, self._used)
        if size > 0 and size != self._used - 4:
            raise BadReply("its reply has " + str(self._used - 4) + " bytes instead of " + str(size))
        super().check()
