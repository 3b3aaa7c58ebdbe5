import asyncio

from checks import equal
from fairamp.modbus.frames import seal, sealed
from fairamp.modbus.server import Server
from fairamp.modbus.table import Bank, Row
from fairamp.units import TICKS_MASK
from fairamp_box.rs485 import Rs485
from fairamp_box.serial_server import SerialServer

CHAR_US = 1042  # 9600 8N1


class SlowClock:
    """Time that passes only when somebody sleeps, or looks."""

    def __init__(self, start=0):
        self.us = 1000 * start
        self.passed = []

    def now(self):
        self.us += 10
        return self.us // 1000 & TICKS_MASK

    async def sleep(self, ms):
        await asyncio.sleep(0)
        self.us += 1000 * ms if ms else 100


class Wire:
    """A UART with a speed: knows when each byte is out, and whether the driver was on for exactly that long."""

    def __init__(self, clock):
        self.clock = clock
        self.waiting = b""
        self.sent = []
        self.busy_until = 0
        self.on = False
        self.on_at = None
        self.spans = []
        self.broken = False

    def init(self, baud, parity, stop):
        self.settings = (baud, parity, stop)

    def any(self):
        return len(self.waiting)

    def readinto(self, buffer):
        count = min(len(buffer), len(self.waiting))
        buffer[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count

    def write(self, data):
        assert self.on, "nobody hears this"
        if self.broken:
            raise OSError("broken")
        self.sent.append(bytes(data))
        self.busy_until = self.clock.us + len(data) * CHAR_US
        return len(data)

    def txdone(self):
        self.clock.us += 20
        return self.clock.us >= self.busy_until

    def direction(self, sending):
        if sending and not self.on:
            self.on_at = self.clock.us
        if not sending and self.on:
            self.spans.append((self.on_at, self.clock.us, self.busy_until))
        self.on = sending


def frame(*payload):
    data = bytearray(payload) + bytearray(2)
    seal(data, len(payload))
    return bytes(data)


def line(start=0):
    clock = SlowClock(start)
    wire = Wire(clock)
    written = []
    rows = (Row(10, "level", "u16", lambda _: 7, lambda _, value: written.append(value)),)
    server = SerialServer(Server({1: Bank(rows, None)}), Rs485(wire, clock), clock)
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


def test_a_request_is_answered_after_the_gap_and_the_driver_is_off_right_after():
    # Also while the clock rolls over in the middle of it.
    for start in (1000, TICKS_MASK - 8, TICKS_MASK - 3, TICKS_MASK - 1):
        clock, wire, server, _ = line(start)
        asked = []

        def ask(wire=wire, clock=clock, asked=asked):
            wire.waiting += frame(1, 3, 0, 10, 0, 1)
            asked.append(clock.us)

        serve(server, clock, [(20, ask)])
        equal([part[:-2] for part in wire.sent], [bytes([1, 3, 2, 0, 7])])
        assert sealed(wire.sent[0], 0, len(wire.sent[0]))
        on, off, done = wire.spans[0]
        assert 3500 <= on - asked[0] <= 12000, on - asked[0]
        assert done <= off <= done + 1100, (on, off, done)
        assert not wire.on


def test_the_driver_is_released_when_the_port_breaks():
    clock, wire, server, _ = line()
    wire.broken = True

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)

    try:
        serve(server, clock, [(5, ask), (50, lambda: None)])
    except OSError:
        pass
    assert not wire.on


def test_a_driver_that_never_ends_is_released_too():
    clock, wire, server, _ = line()
    wire.txdone = lambda: clock.now() < 0

    def ask():
        wire.waiting += frame(1, 3, 0, 10, 0, 1)

    serve(server, clock, [(5, ask), (100, lambda: None)])
    assert not wire.on
    equal(len(wire.sent), 1)


def test_a_cut_frame_is_forgotten_after_the_gap():
    clock, wire, server, written = line()
    half = frame(1, 16, 0, 10, 0, 1, 2, 0, 5)

    def first():
        wire.waiting += half[:7]

    def second():
        wire.waiting += half[7:] + frame(1, 6, 0, 10, 0, 9)

    serve(server, clock, [(5, first), (30, second)])
    equal(written, [9])


def test_an_unknown_function_is_refused_once_the_line_is_silent():
    clock, wire, server, _ = line()

    def ask():
        wire.waiting += frame(1, 66, 1, 2, 3)

    serve(server, clock, [(5, ask)])
    equal([part[:-2] for part in wire.sent], [bytes([1, 66 | 0x80, 1])])


def test_broadcasts_are_carried_out_and_not_answered():
    clock, wire, server, written = line()

    def ask():
        wire.waiting += frame(0, 6, 0, 10, 0, 5) + frame(0, 3, 0, 10, 0, 1)

    serve(server, clock, [(5, ask)])
    equal((written, wire.sent), ([5], []))
