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
    reply_length,
    request_length,
    seal,
    sealed,
)

ANY_UNIT = -1
BROADCAST = 0
READS = (READ_HOLDING, READ_INPUT)
WRITES = (WRITE_ONE, WRITE_MANY, MASK_WRITE, READ_WRITE)
# The length of most requests on a serial line, and of every read.
SHORTEST = 8
# Of noise, so many bytes are waited for at once.
FEW = 3
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
    """One serial line: frames follow each other, and silence separates what does not.

    Frames of others are skipped whole, and waited for: what is inside one is not meant for us, whatever it looks like.
    Behind noise nothing is looked for until the line was silent. A read that ends there is answered, a write is not
    carried out: whoever wants it gets no answer, and repeats it. One stray byte is no noise in that sense: some
    adapters make one whenever they begin to send, and no frame has so short a beginning.
    """

    def __init__(self, server: Server):
        self._server = server
        self._waiting = bytearray(MAX_RTU)
        self._used = 0
        self._lost = False  # there was noise since the last frame or silence
        self._torn = False  # so much that its beginning was thrown away
        self._reply = bytearray(MAX_RTU)
        self._view = memoryview(self._reply)
        self.noise = 0  # bytes that belonged to no frame of ours

    def silence(self):
        """The line was quiet for 3.5 characters: what is half here will never be whole.

        A whole frame of a function that is not known, its length told by the silence alone, gets its answer.
        """
        answer = self._search(True)
        self._forget()
        return answer

    def missing(self) -> int:
        """How many bytes the frame that has begun lacks, as far as its beginning tells; at least 1.

        Not many of one for others, or of noise: it has to be noticed when they fall silent.
        """
        waiting, used = self._waiting, self._used
        if self._lost:
            return FEW
        left = (request_length(waiting, 0, used) or SHORTEST) - used
        if used and not self._is_ours(waiting[0]):
            left = min(SHORTEST, left if left > 0 else reply_length(waiting, 0, used) - used)
        return max(1, left)

    def feed(self, data, length: int):
        """Takes data[:length]; the answer to the last request in it as a memoryview, or None."""
        answer = None
        waiting = self._waiting
        for index in range(length):
            if self._used == MAX_RTU:
                answer = self._search(False) or answer
                if self._used == MAX_RTU:
                    self._lost = self._torn = True
                    self._remove(MAX_RTU - SHORTEST)
            waiting[self._used] = data[index]
            self._used += 1
        answer = self._search(False) or answer
        if answer is not None:
            # Nobody goes on while he is answered.
            self._forget()
        return answer

    def _forget(self):
        self.noise += self._used
        self._used = 0
        self._lost = self._torn = False

    def _remove(self, count):
        rest = self._used - count
        waiting = self._waiting
        for index in range(rest):
            waiting[index] = waiting[count + index]
        self._used = rest

    def _search(self, over):
        """Does what the whole frames for us ask; the answer to the last one. `over`: nothing will follow.

        Of requests that came together, nobody waits for the others' answers: what they read is not looked up.
        """
        waiting, answer, read, start = self._waiting, None, -1, 0
        while start < self._used and not self._lost:
            size = self._whole(start, over)
            if not size:
                break
            if size < 0:
                self._lost = True
            elif not self._is_ours(waiting[start]):
                self.noise += size
            elif waiting[start + 1] in READS:
                answer, read = None, start
            else:
                answer, read = self._frame(waiting[start], start, start + size), -1
            start += max(0, size)
        if over and self._lost and self._ends_with_read(start):
            read = self._used - SHORTEST
        if over and self._lost and self._is_whole_behind_one(start):
            answer, read = self._frame(waiting[start + 1], start + 1, self._used), -1
            self._used = start
        if read >= 0:
            answer = self._frame(waiting[read], read, read + SHORTEST)
            if over and self._lost:
                self._used = start
        if start:
            self._remove(start)
        return answer

    def _ends_with_read(self, start):
        """Is the last that came a read for us? Behind noise, that much is believed."""
        waiting, at = self._waiting, self._used - SHORTEST
        return (
            at >= start and waiting[at + 1] in READS and self._is_ours(waiting[at]) and sealed(waiting, at, self._used)
        )

    def _is_whole_behind_one(self, start):
        """Is all that came one stray byte, and a request for us?"""
        waiting, at, used = self._waiting, start + 1, self._used
        if self._torn or used - at < SHORTEST or not self._is_ours(waiting[at]):
            return False
        return request_length(waiting, at, used) == used - at and sealed(waiting, at, used)

    def _whole(self, start, over):
        """Bytes of the whole frame that begins there; 0 = that cannot be told yet, -1 = none does."""
        waiting, used = self._waiting, self._used
        left = used - start
        asked = request_length(waiting, start, used)
        told = asked if self._is_ours(waiting[start]) else reply_length(waiting, start, used)
        if not over and (asked <= 0 or told <= 0 or max(asked, told) > left):
            return 0 if max(asked, told) <= MAX_RTU else -1
        # An answer may hold what looks like a request from its beginning on: the longest counts.
        longest = -1
        for size in (asked, told, left if over and min(asked, told) < 0 else 0):
            if longest < size <= left and size > 3 and sealed(waiting, start, start + size):
                longest = size
        return longest

    def _is_ours(self, unit):
        return unit == BROADCAST or self._server.bank(unit) is not None

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
