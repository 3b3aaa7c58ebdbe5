import asyncio

from checks import equal
from fairamp.modbus.bank import Bank
from fairamp.modbus.client import BadReply
from fairamp.modbus.frames import seal, sealed
from fairamp.modbus.server import Server
from fairamp.modbus.table import Row
from fairamp.units import TICKS_MASK
from fairamp_box.features.registers.serial_server import SerialServer
from fairamp_box.io.rs485 import Rs485
from fairamp_box.io.rtu_link import RtuLink

CHAR_US = 1042  # 9600 8N1


class SlowClock:
    """Time that passes only when somebody sleeps, or looks."""

    def __init__(self, start=0):
        self.us = 1000 * start
        self.passed = []

    def now(self):
        self.us += 10
        return self.us // 1000 & TICKS_MASK

    def moment_us(self):
        return self.us

    def past_us(self, then):
        return self.us - then

    async def sleep(self, ms):
        await asyncio.sleep(0)
        # Up to a whole millisecond of the clock, as a chip does it.
        self.us = (self.us // 1000 + ms) * 1000 if ms else self.us + 100


class Wire:
    """A port with a speed: knows when each byte is out. The driver goes off by itself, or never while it is stuck."""

    stream = None

    def __init__(self, clock):
        self.clock = clock
        self.waiting = b""
        self.frames = []
        self.busy_until = 0
        self.began = []
        self.broken = self.stuck = False
        self.released = 0

    def init(self, baud, parity, stop):
        self.settings = (baud, parity, stop)

    def any(self):
        return len(self.waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count

    def send(self, data):
        assert self.clock.us >= self.busy_until, "still sending"
        if self.broken:
            raise OSError("broken")
        self.began.append(self.clock.us)
        self.frames.append(bytes(data))
        self.busy_until = self.clock.us + len(data) * CHAR_US

    def sent(self):
        return self.clock.us >= self.busy_until and not self.stuck

    def listen(self):
        self.released += 1


def frame(*payload):
    data = bytearray(payload) + bytearray(2)
    seal(data, len(payload))
    return bytes(data)


def line(start=0):
    clock = SlowClock(start)
    wire = Wire(clock)
    written = []
    rows = (Row(10, "level", "u16", lambda _: 7, lambda _, value: written.append(value)),)
    server = SerialServer(Server({1: Bank(rows, None)}), Rs485(wire, clock))
    return clock, wire, server, written


def serve(server, clock, steps):
    """Lets the server run; `steps` are (ms, what to do) in order."""

    async def all_of_it():
        task = asyncio.create_task(server.run())
        for ms, act in steps:
            end = clock.us + 1000 * ms
            while clock.us < end and not task.done():
                await asyncio.sleep(0)
            act()
        end = clock.us + 100000
        while clock.us < end and not task.done():
            await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass

    asyncio.run(all_of_it())


def test_a_request_is_answered_after_the_gap():
    # Also while the clock rolls over in the middle of it.
    for start in (1000, TICKS_MASK - 8, TICKS_MASK - 3, TICKS_MASK - 1):
        clock, wire, server, _ = line(start)
        asked = []

        def ask(wire=wire, clock=clock, asked=asked):
            wire.waiting += frame(1, 3, 0, 10, 0, 1)
            asked.append(clock.us)

        serve(server, clock, [(20, ask)])
        equal([part[:-2] for part in wire.frames], [bytes([1, 3, 2, 0, 7])])
        assert sealed(wire.frames[0], 0, len(wire.frames[0]))
        assert 3500 <= wire.began[0] - asked[0] <= 9000, wire.began[0] - asked[0]
        # Opened, and after the answer.
        equal(wire.released, 2)


def test_no_answer_comes_before_3_5_characters_wherever_the_millisecond_ends():
    for part in range(0, 1000, 50):
        clock, wire, server, _ = line(1000)
        asked = []

        def ask(wire=wire, clock=clock, asked=asked, part=part):
            clock.us = clock.us // 1000 * 1000 + part
            wire.waiting += frame(1, 3, 0, 10, 0, 1)
            asked.append(clock.us)

        serve(server, clock, [(20, ask)])
        assert CHAR_US * 7 // 2 <= wire.began[0] - asked[0] <= 8000, (part, wire.began[0] - asked[0])


def test_the_driver_is_released_when_the_port_breaks():
    clock, wire, server, _ = line()
    wire.broken = True

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)

    try:
        serve(server, clock, [(5, ask), (50, lambda: None)])
    except OSError:
        pass
    equal((wire.released, server._line.talking), (2, False))


def test_a_driver_that_never_ends_is_released_too():
    clock, wire, server, _ = line()
    wire.stuck = True

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)

    serve(server, clock, [(5, ask), (100, lambda: None)])
    equal((wire.released, len(wire.frames)), (2, 1))


def test_a_line_is_quiet_between_two_frames_only():
    clock, wire, server, _ = line()
    seen = []
    send = wire.send

    def look(data=None):
        seen.append(server._line.quiet())
        if data is not None:
            send(data)

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)
        look()

    wire.send = look
    serve(server, clock, [(5, look), (5, ask), (90, look)])
    equal(seen, [True, False, False, True])


def test_it_is_not_looked_for_what_cannot_be_there_yet():
    clock, wire, server, _ = line()
    looks = []
    any_now = wire.any
    request = frame(1, 16, 0, 10, 0, 10, 20, *range(20))

    def any():
        if looks is not None and wire.waiting != request[:8]:
            looks.append(clock.us)
        return any_now()

    def begin():
        wire.waiting += request[:8]
        wire.any = any
        looks.append(clock.us)

    def finish():
        wire.waiting += request[8:]

    serve(server, clock, [(5, begin), (10, finish)])
    # The 21 bytes that are missing take 22 ms; one look is for the beginning.
    equal(len([at for at in looks if 500 < at - looks[0] < 21000]), 1)
    # Nobody may write there, but it was understood.
    equal([part[:2] for part in wire.frames], [bytes([1, 16 | 0x80])])


def test_an_idle_line_is_waited_for():
    if not hasattr(asyncio, "sleep_ms"):
        return  # on CPython it is looked at again and again
    import io

    class Uart(io.IOBase):
        def __init__(self, wire):
            self.wire = wire
            self.polled = 0

        def ioctl(self, request, flags):
            self.polled += 1
            if request != 3:
                return -1
            return flags & 1 if self.wire.waiting else 0

        def readinto(self, buffer):
            return self.wire.readinto(buffer)

    clock = SlowClock()
    wire = Wire(clock)
    wire.stream = uart = Uart(wire)
    looks = []
    wire.any = lambda: looks.append(1) or len(wire.waiting)
    rs485 = Rs485(wire, clock)

    async def all_of_it():
        waiting = asyncio.create_task(rs485.first())
        await asyncio.sleep(0.05)
        equal((looks, waiting.done()), ([], False))
        wire.waiting = b"abcdef"
        equal(await waiting, 6)
        equal(bytes(rs485.chunk[:6]), b"abcdef")

    asyncio.run(all_of_it())
    assert uart.polled > 0


def test_a_cut_frame_is_forgotten_after_the_gap():
    clock, wire, server, written = line()
    half = frame(1, 16, 0, 10, 0, 1, 2, 0, 5)

    def first():
        wire.waiting += half[:7]

    def second():
        wire.waiting += half[7:] + frame(1, 6, 0, 10, 0, 9)

    def again():
        wire.waiting += frame(1, 6, 0, 10, 0, 8)

    # The second half is noise, and a write right behind it is not trusted; whoever wants it repeats it.
    serve(server, clock, [(5, first), (30, second), (50, again)])
    equal(written, [8])


def test_an_unknown_function_is_refused_once_the_line_is_silent():
    clock, wire, server, _ = line()

    def ask():
        wire.waiting += frame(1, 66, 1, 2, 3)

    serve(server, clock, [(5, ask)])
    equal([part[:-2] for part in wire.frames], [bytes([1, 66 | 0x80, 1])])


def test_broadcasts_are_carried_out_and_not_answered():
    clock, wire, server, written = line()

    def ask():
        wire.waiting += frame(0, 6, 0, 10, 0, 5) + frame(0, 3, 0, 10, 0, 1)

    serve(server, clock, [(5, ask)])
    equal((written, wire.frames), ([5], []))


def test_an_answer_is_noted_and_the_line_is_free_again():
    clock, wire, server, _ = line()

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)

    equal(server._line.ended, None)
    serve(server, clock, [(5, ask)])
    assert not server._line.talking
    assert wire.busy_until // 1000 <= server._line.ended <= clock.us // 1000, server._line.ended


def test_a_question_without_an_answer_frees_the_line_too():
    clock = SlowClock()
    wire = Wire(clock)
    link = RtuLink(wire, clock, 9600, None, 1, 100)

    async def ask():
        try:
            await link.fetch(1, 3, 0, 2)
        except BadReply:
            return True

    assert asyncio.run(ask())
    equal((link.line.talking, link.line.ended is None, link.line.quiet()), (False, False, True))


def test_no_answer_before_the_silence_even_where_the_request_paused():
    for pause_us in (0, 500, 1000, 1500):
        clock, wire, server, _ = line()
        request = frame(1, 3, 0, 10, 0, 1)
        last = []

        def byte(request=request, wire=wire, clock=clock, last=last):
            wire.waiting += request[len(last) : len(last) + 1]
            last.append(clock.us)

        waits = [CHAR_US / 1000] * 7
        waits[5] += pause_us / 1000
        serve(server, clock, [(5, byte)] + [(ms, byte) for ms in waits])
        equal(len(wire.frames), 1)
        assert wire.began[0] - last[-1] >= 3646, (pause_us, wire.began[0] - last[-1])


def test_requests_that_came_together():
    """Somebody asks without waiting: what is written counts, the answer is to the last one, the rest costs nothing."""
    clock, wire, server, written = line()
    reads = []
    bank = server.session._server.bank(1)
    inner = bank.read

    def read(*arguments):
        reads.append(1)
        return inner(*arguments)

    bank.read = read

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1) * 5 + frame(1, 6, 0, 10, 0, 3) + frame(1, 3, 0, 10, 0, 1) * 3

    serve(server, clock, [(5, ask)])
    equal((written, len(reads), [part[:3] for part in wire.frames]), ([3], 1, [bytes([1, 3, 2])]))
    wire.frames.clear()
    session = server.session
    equal(bytes(session.feed(frame(1, 3, 0, 10, 0, 1) + frame(1, 6, 0, 10, 0, 4), 16)), frame(1, 6, 0, 10, 0, 4))
    equal((written, session.noise), ([3, 4], 0))
