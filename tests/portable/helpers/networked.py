"""A box on the network of the desk, for tests of what it does there."""

import asyncio
import sys

from boards.twin import TwinBoard
from checks import equal
from fairamp.settings import Settings
from fairamp_box import network
from fairamp_box.heap import for_making, forget
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log
from fairamp_box.io.streams import shut
from fairamp_box.start import store
from standin import Wires

SMALL = sys.maxsize <= 0x7FFFFFFF
SPEED = 10
READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 9, 0, 1])


class Memory:
    """In the place of the module gc."""

    def __init__(self, free):
        self._free = free

    def collect(self):
        pass

    def mem_free(self):
        return self._free


class Free:
    """A socket at the port of mDNS."""

    def close(self):
        pass


class Radio(Wires):
    has_wifi = True

    def __init__(self):
        super().__init__()
        self.joined = []
        self.gives = "127.0.0.1"

    def wifi_wanted(self, name, password, host):
        self.joined.append((name, password, host))
        self.address = self.gives


def taken():
    raise OSError("in use")


class Site:
    """The network of one box, on ports of the desk: registers at `port`, the page at the next one.

    `free`: so many bytes of heap are, as far as somebody asks; None = what there really is.
    """

    def __init__(self, port, connections=1000, web=False, meter=(), free=None, **ems):
        # Not above: from one file deeper, its imports lie too deep for the stack of a small MicroPython.
        from fairamp_box.app import App

        network.HOST = "127.0.0.1"
        self.port = port
        self.free = free
        self.wires = Radio()
        settings = Settings()
        ems["teltocharge_port"] = port
        web = {"port": port + 1 if web else 0}
        wifi = {"name": "home", "password": "secret12"}
        sections = {
            "wifi": wifi,
            "web": web,
            "box": {"name": "Carport 7"},
            "ems": ems,
            "meter": dict(meter),
            "clock": {"ntp": ""},
        }
        equal(settings.load(sections, "test"), [])
        if SMALL:
            forget(store().for_settings())  # as a box does it
        board = TwinBoard(self.wires)
        board.connections = connections
        clock = Clock(SPEED)
        self.app = App(board, settings, clock, Log(clock, lambda line: None))
        if SMALL:
            forget(for_making())  # likewise

    def told(self, text):
        return len([line for line in self.app.log.entries if text in line])

    async def until(self, text, times=1):
        for _ in range(200):
            if self.told(text) >= times:
                return
            await self.app.clock.sleep(100)
        raise AssertionError(text + ": not in " + repr(self.app.log.entries))

    async def asks(self, stream=None):
        """True when the registers answer."""
        reader, writer = stream or await self.connect()
        try:
            writer.write(READ)
            await writer.drain()
            return len(await self.app.clock.within(60000, reader.read(100))) == 11
        except (OSError, asyncio.TimeoutError):
            return False
        finally:
            if stream is None:
                await shut(writer)

    async def page(self):
        """True when the live values come."""
        reader, writer = await self.connect(self.port + 1)
        try:
            writer.write(b"GET /api/status HTTP/1.0\r\n\r\n")
            await writer.drain()
            return b" 200 " in await self.app.clock.within(20000, reader.read(20))
        except (OSError, asyncio.TimeoutError):
            return False
        finally:
            await shut(writer)

    async def open_ones(self, streams):
        """How many of these connections, which have asked for nothing, the box has not closed."""
        count = 0
        for reader, _ in streams:
            try:
                await self.app.clock.within(500, reader.read(10))
            except asyncio.TimeoutError:
                count += 1
            except OSError:
                pass
        return count

    async def connect(self, port=0):
        return await asyncio.open_connection("127.0.0.1", port or self.port)

    def run(self, story):
        async def all_of_it():
            running = asyncio.create_task(self.app.run())
            try:
                await story(self)
            finally:
                running.cancel()
                try:
                    await running
                except asyncio.CancelledError:
                    pass
                await asyncio.sleep(0.05)  # its ports are closed

        from fairamp_box.features.announce import port

        before, gc = port.open_port, network.gc
        port.open_port = taken
        if self.free is not None:
            network.gc = Memory(self.free)
        try:
            asyncio.run(all_of_it())
        finally:
            port.open_port, network.gc = before, gc
