"""Prints how much heap the running application takes, step by step: heap_of_app.py PLACE SETTINGS STEP ...

PLACE: "rom" for the ROMFS image of that name, "pack" for the packed file. SETTINGS: those that differ, as JSON.
STEP: application, a dialect that is served over TCP, or a method of Steps.
"""

import gc
import io
import json
import struct
import sys
from array import array

from boards.twin import TwinBoard

SETTLED_MS = 4000
SPEED = 10
STEADY = 3037  # +12 V
HOST = "127.0.0.1"
ADDRESS = "192.168.1.20"
VALUES = {0: 230.0, 2: 230.0, 4: 230.0, 6: 5.0, 8: 4.0, 10: 3.0, 12: 1150.0, 14: 920.0, 16: 690.0, 72: 1.0}


class Silent(io.IOBase):
    """What asyncio waits for in vain."""

    def ioctl(self, request, _argument):
        return 0


class Meters:
    """The other end of a line with SDM630 meters, made of nothing that the application has, too."""

    def __init__(self):
        self.stream = Silent()
        self._answer = b""
        self._turn = 0

    def init(self, baud, parity, stop):
        pass

    def listen(self):
        pass

    def sent(self):
        return True

    def any(self):
        return len(self._answer)

    def readinto(self, buffer):
        count = min(len(buffer), len(self._answer))
        buffer[:count] = self._answer[:count]
        self._answer = self._answer[count:]
        return count

    def send(self, data):
        unit, function, register, words = struct.unpack(">BBHH", data[:6])
        self._turn += 1
        body = bytearray([unit, function, 2 * words])
        for address in range(register, register + words, 2):
            # Live values never stand still.
            body += struct.pack(">f", VALUES.get(address, 0.0) * (1 + self._turn % 7 / 1000))
        self._answer = body + struct.pack("<H", crc(body))


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


class Wires:
    """Of a board with everything, as boards/twin.py asks for it."""

    cts = 3
    has_phase_relay = has_wifi = has_leakage = True
    address = dns = proximity_ohm = output_live = locked = None
    enable_closed = True
    shed_closed = leakage = leakage_error = False
    temperature_dc = 250

    def __init__(self):
        self.meter_port = Meters()
        self.ems_port = Meters()

    def pilot_codes(self, codes):
        for index in range(len(codes)):
            codes[index] = STEADY
        return len(codes)

    def ct_started(self, phases):
        self._window = array("H", bytes(2 * 210 * phases))

    def ct_window(self):
        return self._window

    def __getattr__(self, name):
        return lambda *_: None


def load_rom():
    """The image, before anything is measured: it is no heap on a chip. None = there is none."""
    if sys.argv[1] != "rom":
        return None
    with open("rom", "rb") as file:
        return memoryview(file.read())


def mount():
    """Makes the application known to `import`, as a chip does it."""
    if rom:
        import vfs

        vfs.mount(vfs.VfsRom(rom), "/rom")
        sys.path.insert(0, "/rom")
    else:
        import fairamp_pack

        fairamp_pack.FILE = "pack"
        fairamp_pack.mount()


def used():
    gc.collect()
    return gc.mem_alloc()


board = TwinBoard(Wires())
rom = load_rom()
before = used()


class Steps:
    """What a box may do beside the least. What comes of a step is kept, as a box keeps it."""

    def __init__(self, app):
        self.app = app
        self.kept = []

    async def mdns(self):
        from fairamp_box.features.announce.task import MdnsTask, Responder, services

        found = services("Fairamp", ADDRESS, {"teltocharge": 502, "alfen": 503}, 80)
        self.kept += [MdnsTask(ADDRESS, found, self.app.clock, self.app.log), Responder("fairamp", ADDRESS, found)]

    async def network(self):
        from fairamp_box.network import Network

        self.app.network = Network(self.app)
        await self.tcp("teltocharge")

    async def ntp(self):
        from fairamp_box.features.ntp.task import NtpTask

        self.app.box.keep_time(self.app.clock.now())
        self.kept.append(NtpTask(self.app))

    async def tcp(self, name):
        from fairamp.managers import load
        from fairamp_box.features.registers.tcp_server import TcpServer
        from fairamp_box.io.streams import Door

        app = self.app
        server = TcpServer(load(name), app.box, app.settings, app.clock, app.log)
        self.kept += [server, await server.start(Door(name, HOST, 0))]

    async def web(self):
        from fairamp_box.features.web.server import WebServer
        from fairamp_box.io.streams import Door

        server = WebServer(self.app.box, self.app.inlets)
        self.kept += [server, await server.start(Door("web", HOST, 0))]

    async def check(self):
        assert self.app.box.start_check()


async def run(app, clock, names):
    import asyncio

    steps = Steps(app)
    task = asyncio.create_task(app.run())
    for name in names:
        if hasattr(steps, name):
            await getattr(steps, name)()
        elif name != "application":
            await steps.tcp(name)
        await clock.sleep(SETTLED_MS)
        print(name, used() - before)
    task.cancel()


def main(changes, names):
    """As start.py does it."""
    mount()
    import asyncio

    # Where a box has them in one module.
    from fairamp_box.start import Clock, Log, Settings, for_making, forget, store

    settings = Settings()
    errors = settings.load(changes, "settings")
    assert not errors, errors
    forget(store().for_settings())
    from fairamp_box.app import App

    clock = Clock(SPEED)
    app = App(board, settings, clock, Log(clock, lambda line: None))
    forget(for_making())
    asyncio.run(run(app, clock, names))


main(json.loads(sys.argv[2]), sys.argv[3:])
