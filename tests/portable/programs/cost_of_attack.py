"""Prints what one attack holds up: `cost_of_attack.py NAME`.

Most ms between two ticks, how often the manager was answered and after how many ms at most, likewise the contactor.

Time passes as the processor works, as many times faster as a chip is slower: what waits waits by working.
"""

import asyncio
import gc
import struct
import sys
import time

from recorder import Recorder
from waves import fill

from boards.twin import TwinBoard
from fairamp.box import Box
from fairamp.managers import load, server
from fairamp.mdns import Responder
from fairamp.modbus.frames import seal
from fairamp.settings import Settings
from fairamp.units import TICKS_MASK
from fairamp_box.control import Control
from fairamp_box.features.announce.task import MdnsTask
from fairamp_box.features.registers.serial_server import SerialServer
from fairamp_box.features.registers.tcp_server import TcpServer
from fairamp_box.io.clock import Clock
from fairamp_box.io.rs485 import Rs485

FACTOR = 50
SECONDS = 40
# The car charges by then; it goes and comes again this often.
CHARGING_MS = 12000
GOES_MS = 9000
COMES_MS = 300
READ_ALL = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 30])
HOUSE_MA = 5000
try:
    import ffi

    # That of MicroPython counts whole milliseconds.
    _cpu_us = ffi.open("libc.so.6").func("l", "clock", "")
except ImportError:

    def _cpu_us():
        return time.process_time_ns() // 1000


class ChipClock(Clock):
    """What collecting garbage takes is not in it: `make chip` measures that."""

    def __init__(self):
        super().__init__()
        self._left_out = 0
        self.now = self._now
        if hasattr(gc, "threshold"):
            gc.threshold(-1)

    def collect(self):
        if not hasattr(gc, "mem_free"):
            return
        begun = _cpu_us()
        gc.collect()
        self._left_out += _cpu_us() - begun

    def us(self):
        return (_cpu_us() - self._left_out) * FACTOR

    def _now(self):
        return self.us() // 1000 & TICKS_MASK

    moment_us = us

    def past_us(self, then):
        return self.us() - then

    async def sleep(self, ms):
        until = self.us() + 1000 * ms
        await asyncio.sleep(0)
        while self.us() < until:
            await asyncio.sleep(0)


class House(Recorder):
    """The wires of a box whose car comes and goes."""

    def __init__(self, clock):
        self._clock = clock
        self.here = True
        self.left = None
        self.open_us = []
        super().__init__()

    def pilot_codes(self, codes):
        if self.here:
            return super().pilot_codes(codes)
        fill(codes, 12000, -12000, self.duty)
        return len(codes)

    def go(self):
        self.here, self.left = False, self._clock.us()

    def contactor_changed(self, on):
        if self.contactor and not on and self.left is not None:
            self.open_us.append(self._clock.us() - self.left)
            self.left = None
        super().contactor_changed(on)


class Stream:
    """Both ends of a client: `ask()` awaits what it sends next."""

    transport = None

    def __init__(self, host, ask, heard=None):
        self._host, self._ask, self._heard = host, ask, heard

    def get_extra_info(self, name):
        return (self._host, 1)

    async def read(self, count):
        return await self._ask(count)

    def write(self, data):
        if self._heard:
            self._heard()

    async def drain(self):
        pass

    def close(self):
        pass

    async def wait_closed(self):
        pass


class Babble:
    """A port on which bytes never end: beginnings of frames, and writes to us."""

    stream = None

    def __init__(self, clock):
        self._clock, self._taken, self._state = clock, 0, 1
        write = bytearray(8)
        write[:6] = bytes([1, 6, 0, 15, 0, 32])
        seal(write, 6)
        # Each fourth byte begins what may be a long frame.
        self._text = bytes([1, 16, 250, 250]) * 32 + bytes(write)

    def init(self, baud, parity, stop):
        pass

    def any(self):
        return min(64, self._clock.us() // 1042 - self._taken)

    def readinto(self, buffer):
        count = min(len(buffer), self.any())
        for index in range(count):
            buffer[index] = self._text[(self._taken + index) % len(self._text)]
        self._taken = self._clock.us() // 1042
        return count

    def send(self, data):
        pass

    def sent(self):
        return True

    def listen(self):
        pass


class Site:
    def __init__(self):
        self.clock = clock = ChipClock()
        self.wires = House(clock)
        self.box = Box(Settings())
        self.control = Control(TwinBoard(self.wires), self.box, clock, self.log)
        self.tcp = TcpServer(load("teltocharge"), self.box, self.box.settings, clock, self.log)
        self.gap = self.answered = self.slowest = 0
        self.asked = None

    def log(self, where, text):
        pass

    # ---- the box

    async def read_meters(self):
        while True:
            ma = int(self.wires.car_a() * 1000)
            for reading, more in ((self.box.own, 0), (self.box.coordinator.grid, HOUSE_MA)):
                for phase in range(3):
                    reading.current_ma[phase] = ma + more
                    reading.voltage_mv[phase] = 230000
                    reading.power_w[phase] = (ma + more) * 230 // 1000
                reading.accept(self.clock.now())
            await self.clock.sleep(1000)

    async def watch(self):
        """The ticks of the control loop, one by one."""
        clock, last = self.clock, [self.clock.us()]

        def fed():
            self.gap = max(self.gap, clock.us() - last[0])
            clock.collect()
            last[0] = clock.us()

        self.control._board.feed_watchdog = fed
        await self.control.run()

    async def move_the_car(self):
        await self.clock.sleep(CHARGING_MS)
        while True:
            self.wires.go()
            await self.clock.sleep(COMES_MS)
            self.wires.here = True
            await self.clock.sleep(GOES_MS)

    # ---- who asks

    def connect(self, number, ask, heard=None):
        stream = Stream("192.0.2." + str(number), ask, heard)
        return self.tcp._serve(stream, stream)

    def good(self):
        async def ask(count):
            await self.clock.sleep(500)
            self.asked = self.clock.us()
            return READ_ALL

        def heard():
            self.answered += 1
            self.slowest = max(self.slowest, self.clock.us() - self.asked)

        return self.connect(1, ask, heard)

    async def flood(self, count):
        return READ_ALL * (count // len(READ_ALL))

    async def drip(self, count):
        await self.clock.sleep(1000)
        return READ_ALL[:1]

    async def again_and_again(self, number, ask):
        while True:
            await self.connect(number, ask)
            await self.clock.sleep(100)

    def packets(self):
        """One task that takes packets of mDNS which ask for each name by way of all before it."""
        packet = bytearray(struct.pack(">HHHHHH", 0, 0, 243, 0, 0, 0) + b"\xc0\x0c" + struct.pack(">HH", 255, 1))
        while len(packet) < 1470:
            packet += struct.pack(">HHH", 0xC000 | len(packet) - 6, 255, 1)
        packet = bytes(packet)

        class Udp:
            def recvfrom(self, count):
                return packet, None

            def sendto(self, data, to):
                pass

        services = [("Carport", "_alfen._tcp", 502, []), ("Carport", "_fairamp._tcp", 80, [("version", "1")])]
        task = MdnsTask("192.0.2.7", services, self.clock, self.log)
        return task._serve(Udp(), Responder("box", "192.0.2.7", services), lambda: True, None)

    def babble(self):
        registers = server(load("teltocharge"), self.box, self.box.settings, 1)
        return SerialServer(registers, Rs485(Babble(self.clock), self.clock)).run()

    def attack(self, name):
        if name == "B1 floods":
            return [self.again_and_again(number, self.flood) for number in range(2, 9)]
        if name == "B2 mDNS":
            return [self.packets()]
        if name == "B3 babble":
            return [self.babble()]
        if name == "B4 drips":
            return [self.again_and_again(number, self.drip) for number in range(2, 9)]
        return []

    async def play(self, name):
        own = [self.read_meters(), self.watch(), self.move_the_car(), self.good()]
        tasks = [asyncio.create_task(one) for one in own + self.attack(name)]
        await self.clock.sleep(1000 * SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.sleep(0)


def measure(name):
    site = Site()
    asyncio.run(site.play(name))
    opened = site.wires.open_us
    print(site.gap // 1000, site.answered, site.slowest // 1000, len(opened), max(opened) // 1000)


measure(sys.argv[1])
