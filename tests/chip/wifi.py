"""A box with radio: it joins the network, and clients that are not ours talk with it over TCP."""

import asyncio

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from tests.chip import ems, figures
from tests.chip.heap import Heap
from tests.chip.house import House
from tests.chip.image import Image
from tests.chip.pico import Pico
from tests.chip.radio import alongside
from tests.chip.session import KB, Play
from tests.chip.snapshot import Progress

JOIN_MS = 60_000
MODBUS_PORT, HTTP_PORT = 502, 80
REQUESTS, PAGES = 25, 5
PAGE_EVERY_MS = 2000
# Lines of a log that tell enough.
NOTES = 6
ALL = 43
# Patience of a client in real time, as the emulated chip may be slower, and in that of the chip.
CLIENT_S, ANSWER_MS = 120, 10_000
SETTINGS = {"wifi": {"name": "home", "password": "secret12"}, "web": {"port": 0}}


class Wifi:
    def __init__(self, image: Image, flash: bytes, board: str, web: bool, progress: Progress) -> None:
        self.pico = Pico(image, radio=True)
        self.pico.chip.core.flash[:] = flash
        self.house = House(self.pico, board)
        self.heap = Heap(self.pico)
        self.play = Play()
        self.web = web
        self._progress = progress

    def all(self) -> Play:
        if self.join():
            self._began, self._slept = self.pico.ms, self.pico.chip.slept
            asyncio.run(alongside(self.pico, self.http() if self.web else self.modbus(), 0.5))
            self.sums()
        return self.play

    def join(self) -> bool:
        """Reads its meters and is on the network."""
        radio = self.pico.radio
        assert radio
        read = self.house.until_read(60000)
        self._progress(0.3)
        joined = self.pico.until(lambda: radio.address_given is not None, JOIN_MS, 10)
        self.heap.find()
        self.play.values["joined"] = [radio.address_given / 1000] if radio.address_given else []
        log = " | ".join(line for _, line in self.pico.lines[-4:])
        self.play.story("starts and reads both meters", "" if read else f"not in 60 s; the log: {log}")
        # The box learns of its address a moment later.
        self.pico.run(2000)
        return self.play.story("joins the network", "" if joined else f"no address in {JOIN_MS // 1000} s: {log}")

    async def rest(self, ms: float) -> None:
        end = self.pico.ms + ms
        while self.pico.ms < end:
            await asyncio.sleep(0)

    async def modbus(self) -> None:
        assert self.pico.radio
        server = await self.pico.radio.serve(MODBUS_PORT)
        port = server.sockets[0].getsockname()[1]
        client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=CLIENT_S, retries=0)
        self.play.values["tcp_lost"] = [0]
        wrong = []
        try:
            await client.connect()
            self.house.car.state = "B"
            for number in range(REQUESTS):
                await self.read_all(client)
                self._progress(0.4 + 0.5 * number / REQUESTS)
            self.house.car.state = "C"
            await self.rest(6000)
            await client.write_register(ems.AMPS_TO_USE, 10, device_id=ems.UNIT)
            await self.rest(2000)
            offer = self.house.car.offered()
            wrong = [] if self.house.closed and abs(offer - 10) < 0.5 else [f"10 A written, {offer:.1f} A offered"]
        except (ModbusException, OSError) as error:
            wrong.append(repr(error))
        finally:
            client.close()
            server.close()
        self.play.story("charges, steered by pymodbus over TCP", "; ".join(wrong))

    async def read_all(self, client: AsyncModbusTcpClient) -> None:
        await self.rest(300)
        began = self.pico.ms
        answer = await client.read_holding_registers(0, count=ALL, device_id=ems.UNIT)
        if answer.isError() or len(answer.registers) != ALL:
            self.play.values["tcp_lost"][0] += 1
        else:
            self.play.values["tcp"].append(self.pico.ms - began)

    async def http(self) -> None:
        assert self.pico.radio
        server = await self.pico.radio.serve(HTTP_PORT)
        port = server.sockets[0].getsockname()[1]
        good = 0
        for number in range(PAGES):
            good += await self.page(port)
            # So that the garbage of some is collected.
            await self.rest(PAGE_EVERY_MS)
            self._progress(0.4 + 0.5 * number / PAGES)
        server.close()
        self.play.values["page"] = [100 * good / PAGES]

    async def page(self, port: int) -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /api/status HTTP/1.0\r\nHost: box\r\n\r\n")
        answer = asyncio.ensure_future(reader.read())
        end = self.pico.ms + ANSWER_MS
        while not answer.done() and self.pico.ms < end:
            await asyncio.sleep(0)
        writer.close()
        if not answer.done():
            answer.cancel()
            return False
        return answer.result().startswith((b"HTTP/1.0 200", b"HTTP/1.1 200"))

    def sums(self) -> None:
        values = self.play.values
        seconds = (self.pico.ms - self._began) / 1000
        values["tick"] = figures.intervals([ms for ms in self.house.feeds if ms >= self._began])
        values["busy"] = [100 - (self.pico.chip.slept - self._slept) / 1e7 / seconds]
        values["memory_errors"] = [self.heap.memory_errors()]
        after = [one.after for one in self.heap.collections if one.began >= self._began] or [self.heap.fill()]
        values["live"] = [min(fill.used for fill in after) / KB]
        values["free"] = [fill.free / KB for fill in after]
        values["hole"] = [fill.hole / KB for fill in after]
        self.play.notes += [f"log: {line}" for _, line in self.pico.lines if "failed" in line or "Error" in line]


def plain(image: Image, flash: bytes, board: str, progress: Progress) -> Play:
    return Wifi(image, flash, board, False, progress).all()


def with_page(image: Image, flash: bytes, board: str, progress: Progress) -> Play:
    """Only what is of the page: the rest was measured without it."""
    play = Wifi(image, flash, board, True, progress).all()
    found = Play()
    found.values["page"] = play.values.get("page", [0.0])
    for name, renamed in (("free", "page_free"), ("memory_errors", "page_errors")):
        found.values[renamed] = play.values.get(name, [])
    found.notes = [f"with the page: {note}" for note in play.notes[:NOTES]]
    return found
