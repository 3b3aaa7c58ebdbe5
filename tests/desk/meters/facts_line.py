"""Simulated meters on one serial line, without a wire: only who is asked with the right settings answers."""

from fairamp.modbus.frames import seal, sealed

PARITIES = {None: "N", 0: "E", 1: "O"}


class JumpingClock:
    """Time that passes only when somebody waits, and then in leaps: an answer is there at once or never."""

    def __init__(self):
        self.ms = 0

    def now(self) -> int:
        return self.ms

    def moment_us(self) -> int:
        return 1000 * self.ms

    def past_us(self, then: int) -> int:
        return 1000 * self.ms - then

    async def sleep(self, ms):
        self.ms += ms if ms > 1 else 100


class FactsLine:
    """A serial port with the members of boards/interface.py; `meters`: FactsMeter by (unit, baud, parity, stop)."""

    stream = None

    def __init__(self, clock, meters):
        self.clock = clock
        self.meters = meters
        self.asked: list[tuple] = []  # (line, unit, function, register, words)
        self.line = None
        self.waiting = b""
        self.quiet_since = -100

    def init(self, baud, parity, stop):
        self.line = (baud, PARITIES[parity], stop)

    def any(self):
        return len(self.waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count or None

    def send(self, data):
        assert self.clock.ms - self.quiet_since >= 3500 * 10 / self.line[0], "no silence before the question"
        data = bytes(data)
        assert len(data) == 8 and sealed(data, 0, 8)
        unit, pdu = data[0], data[1:6]
        asked = (pdu[0], int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big"))
        self.asked.append((self.line, unit, *asked))
        meter = self.meters.get((unit, *self.line))
        if meter is not None:
            frame = bytearray([unit]) + meter.reply(pdu) + bytearray(2)
            seal(frame, len(frame) - 2)
            self.waiting += bytes(frame)
        self.quiet_since = self.clock.ms

    def sent(self):
        return True

    def listen(self):
        pass


class Exceptions:
    """A device that refuses everything; `code`: with which exception."""

    def __init__(self, code=2):
        self.code = code

    def reply(self, pdu):
        return bytes([pdu[0] | 0x80, self.code])


class Constant:
    """A device with the same word in every register."""

    def __init__(self, word):
        self.word = word

    def reply(self, pdu):
        count = int.from_bytes(pdu[3:5], "big")
        return bytes([pdu[0], 2 * count]) + self.word.to_bytes(2, "big") * count
