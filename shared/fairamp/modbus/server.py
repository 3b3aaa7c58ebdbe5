"""Answers Modbus requests from banks of registers: bytes in, bytes out, no sockets and no clock."""

from fairamp.modbus.frames import (
    DEVICE_FAILURE,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    ILLEGAL_VALUE,
    MASK_WRITE,
    MAX_READ,
    MAX_READ_WRITE,
    MAX_RTU,
    MAX_WRITE,
    READ_DEVICE,
    READ_HOLDING,
    READ_INPUT,
    READ_WRITE,
    WRITE_MANY,
    WRITE_ONE,
    get16,
    request_length,
    seal,
    sealed,
)

ANY_UNIT = -1
BROADCAST = 0
READS = (READ_HOLDING, READ_INPUT)
WRITES = (WRITE_ONE, WRITE_MANY, MASK_WRITE, READ_WRITE)
# The length of most requests on a serial line.
SHORTEST = 8
# Objects of "read device identification", in their order.
VENDOR, PRODUCT, VERSION = "Fairamp", "Fairamp", "0.1.0"


class Server:
    """The banks of one box by unit number; ANY_UNIT answers for every number that has none of its own.

    `heard(who, wrote)` is called for every request that was carried out, `refused(address, exception code)` for every
    write that was not; `identity`: texts of the device identification.
    """

    def __init__(self, banks, heard=None, read_only: bool = False, identity=(VENDOR, PRODUCT, VERSION), refused=None):
        self.banks = banks
        self.read_only = read_only
        self.failures = 0
        self._refused = refused
        self._heard = heard
        self._identity = identity
        self._mask = bytearray(2)

    def bank(self, unit: int):
        """Who answers for this unit; None for a stranger."""
        return self.banks.get(unit) or self.banks.get(ANY_UNIT)

    def answer(self, unit: int, bank, pdu, start: int, end: int, reply, at: int, who=None) -> int:
        """Answers the request pdu[start:end] into reply[at:]; the end of the reply. `who`: the one who asks."""
        function = pdu[start]
        reply[at] = function
        try:
            if function in READS:
                done = self._read(bank, pdu, start, end, reply, at)
            elif function in WRITES and not self.read_only:
                done = self._write(bank, function, pdu, start, end, reply, at)
            elif function == READ_DEVICE:
                done = self._identify(pdu, start, end, reply, at)
            else:
                done = -ILLEGAL_FUNCTION
        except Exception:
            # A row that fails must not take the line down; the master learns of it, and so does whoever counts.
            self.failures += 1
            done = -DEVICE_FAILURE
        if done > 0:
            if self._heard:
                self._heard(who, function in WRITES)
            return done
        if self._refused and function in WRITES and end - start > 2:
            self._refused(get16(pdu, start + (5 if function == READ_WRITE else 1)), -done)
        reply[at] = function | 0x80
        reply[at + 1] = -done
        return at + 2

    def _read(self, bank, pdu, start, end, reply, at):
        """The end of the reply, or the exception code below zero; so for all of these."""
        count = get16(pdu, start + 3) if end - start == 5 else 0
        if not 1 <= count <= MAX_READ:
            return -ILLEGAL_VALUE
        address = get16(pdu, start + 1)
        if address + count > 0x10000:
            return -ILLEGAL_ADDRESS
        code = bank.read(address, count, reply, at + 2)
        if code:
            return -code
        reply[at + 1] = 2 * count
        return at + 2 + 2 * count

    def _write(self, bank, function, pdu, start, end, reply, at):
        size = end - start
        if function == READ_WRITE:
            return self._read_write(bank, pdu, start, size, reply, at)
        echo = 5
        address = get16(pdu, start + 1) if size >= 5 else 0
        if function == WRITE_MANY:
            count = get16(pdu, start + 3) if size > 6 else 0
            if not 1 <= count <= MAX_WRITE or pdu[start + 5] != 2 * count or size != 6 + 2 * count:
                return -ILLEGAL_VALUE
            code = ILLEGAL_ADDRESS if address + count > 0x10000 else bank.write(address, count, pdu, start + 6)
        elif function == WRITE_ONE:
            code = bank.write(address, 1, pdu, start + 3) if size == 5 else ILLEGAL_VALUE
        else:
            echo = 7
            code = self._mask_write(bank, address, pdu, start) if size == 7 else ILLEGAL_VALUE
        if code:
            return -code
        for index in range(1, echo):
            reply[at + index] = pdu[start + index]
        return at + echo

    def _mask_write(self, bank, address, pdu, start):
        mask = self._mask
        code = bank.read(address, 1, mask, 0)
        if code:
            return code
        for index in range(2):
            keep = pdu[start + 3 + index]
            mask[index] = mask[index] & keep | pdu[start + 5 + index] & ~keep & 0xFF
        return bank.write(address, 1, mask, 0)

    def _read_write(self, bank, pdu, start, size, reply, at):
        """Writes first, then reads; both are checked before anything is written."""
        if size < 12:
            return -ILLEGAL_VALUE
        address, count = get16(pdu, start + 1), get16(pdu, start + 3)
        target, words = get16(pdu, start + 5), get16(pdu, start + 7)
        if not 1 <= count <= MAX_READ or not 1 <= words <= MAX_READ_WRITE:
            return -ILLEGAL_VALUE
        if pdu[start + 9] != 2 * words or size != 10 + 2 * words:
            return -ILLEGAL_VALUE
        if address + count > 0x10000 or target + words > 0x10000 or not bank.readable(address):
            return -ILLEGAL_ADDRESS
        code = bank.write(target, words, pdu, start + 10) or bank.read(address, count, reply, at + 2)
        if code:
            return -code
        reply[at + 1] = 2 * count
        return at + 2 + 2 * count

    def _identify(self, pdu, start, end, reply, at):
        """Function 43/14: vendor, product, version; as a stream (code 1) or one of them (code 4)."""
        if end - start != 4 or pdu[start + 1] != 14:
            return -ILLEGAL_FUNCTION
        code, first = pdu[start + 2], pdu[start + 3]
        if code not in (1, 2, 3, 4):
            return -ILLEGAL_VALUE
        if first >= len(self._identity):
            if code == 4:
                return -ILLEGAL_ADDRESS
            first = 0
        last = first + 1 if code == 4 else len(self._identity)
        reply[at + 1] = 14
        reply[at + 2] = code
        reply[at + 3] = 0x81  # basic objects, as a stream and one by one
        reply[at + 4] = reply[at + 5] = 0  # nothing follows
        reply[at + 6] = last - first
        end = at + 7
        for number in range(first, last):
            text = self._identity[number].encode()
            reply[end] = number
            reply[end + 1] = len(text)
            reply[end + 2 : end + 2 + len(text)] = text
            end += 2 + len(text)
        return end


class RtuSession:
    """One serial line: frames are found by unit, length and check sum; silence throws the rest away."""

    def __init__(self, server: Server):
        self._server = server
        self._waiting = bytearray(2 * MAX_RTU)
        self._used = 0
        self._reply = bytearray(MAX_RTU)
        self._view = memoryview(self._reply)
        self.noise = 0  # bytes that belonged to no frame of ours

    def silence(self):
        """The line was quiet for 3.5 characters: what is half here will never be whole.

        A whole frame of a function that is not known, its length told by the silence alone, gets its answer.
        """
        size, self._used = self._used, 0
        known = size > 3 and self._server.bank(self._waiting[0]) is not None
        if known and sealed(self._waiting, 0, size):
            return self._frame(self._waiting[0], 0, size)
        self.noise += size
        return None

    def missing(self) -> int:
        """How many bytes the frame that has begun lacks, as far as its beginning tells; at least 1."""
        return max(1, (request_length(self._waiting, 0, self._used) or SHORTEST) - self._used)

    def feed(self, data, length: int):
        """Takes data[:length]; the answer to the last request in it as a memoryview, or None."""
        answer = None
        waiting = self._waiting
        for index in range(length):
            if self._used == len(waiting):
                answer = self._search() or answer
                if self._used == len(waiting):
                    self._drop(MAX_RTU)
            waiting[self._used] = data[index]
            self._used += 1
        return self._search() or answer

    def _drop(self, count):
        self.noise += count
        self._remove(count)

    def _remove(self, count):
        rest = self._used - count
        waiting = self._waiting
        for index in range(rest):
            waiting[index] = waiting[count + index]
        self._used = rest

    def _search(self):
        """Does what every whole frame for us asks, wherever it begins; the answer to the last one.

        Of requests that came together, nobody waits for the others' answers: what they read is not looked up.
        """
        waiting, answer, read, start, end = self._waiting, None, None, 0, 0
        while start < self._used - 3:
            unit = waiting[start]
            if unit == BROADCAST or self._server.bank(unit) is not None:
                size = request_length(waiting, start, self._used)
                if 0 < size <= self._used - start and sealed(waiting, start, start + size):
                    self.noise += start - end
                    end = start + size
                    if waiting[start + 1] in READS:
                        answer, read = None, (unit, start, end)
                    else:
                        answer, read = self._frame(unit, start, end), None
                    start = end
                    continue
            start += 1
        if read:
            answer = self._frame(read[0], read[1], read[2])
        if end:
            self._remove(end)
        return answer

    def _frame(self, unit, start, end):
        if unit == BROADCAST:
            # Executed by everybody, answered by nobody; a read of everybody makes no sense.
            if self._waiting[start + 1] in (WRITE_ONE, WRITE_MANY, MASK_WRITE):
                for bank in self._server.banks.values():
                    self._server.answer(unit, bank, self._waiting, start + 1, end - 2, self._reply, 1, self)
            return None
        self._reply[0] = unit
        bank = self._server.bank(unit)
        done = self._server.answer(unit, bank, self._waiting, start + 1, end - 2, self._reply, 1, self)
        return self._view[: seal(self._reply, done)]
