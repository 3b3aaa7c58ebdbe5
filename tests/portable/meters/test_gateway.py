"""Meters behind a gateway that passes bytes on, and meters that take datagrams."""

import asyncio
import select
import socket

from free_port import free_port

from checks import equal, raises
from fairamp import meters
from fairamp.meters.draft import Draft
from fairamp.meters.model import CURRENT, VOLTAGE
from fairamp.meters.sieve import Doubt
from fairamp.modbus.bank import Bank
from fairamp.modbus.client import BadReply, Refused
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.modbus.tcp_session import TcpSession
from fairamp_box.io.clock import Clock
from fairamp_box.io.gateway_link import GatewayLink, GatewayPort
from fairamp_box.io.rs485 import Rs485
from fairamp_box.io.streams import shut, socket_address
from fairamp_box.io.udp_link import UdpLink
from fairamp_box.meters.modbus_source import ModbusSource

# No two tests of one runtime use it at once.
PORT = free_port(15093)
NOBODY = 15094
TIMEOUT_MS = 400
NOT_THERE = "nobody listens there: is it on, is its Modbus or web server switched on, is the port right?"


class Meter:
    """Two registers, 7 and 9, of the same length; `late_ms`: how long its next answers take, one after the other."""

    def __init__(self):
        self.server = Server({1: Bank([Row(at, "x", "u16", lambda _, at=at: 100 * at) for at in (7, 9)], None)})
        self.late_ms = []
        self.connections = 0
        self.writers = []

    def reply(self, data):
        """To a frame of Modbus TCP."""
        replies = []
        TcpSession(self.server).take(data, 0, len(data), lambda buffer, size: replies.append(bytes(buffer[:size])))
        return replies[0]

    def pause(self):
        return self.late_ms.pop(0) if self.late_ms else 0


class Gateway(Meter):
    """Whatever its line says goes to whoever is connected then, as those of the trade do."""

    async def serve(self, reader, writer):
        self.connections += 1
        self.writers.append(writer)
        session = RtuSession(self.server)
        while True:
            try:
                data = await reader.read(64)
            except OSError:
                break  # somebody left with bytes unread
            if not data:
                break
            reply = session.feed(data, len(data)) or session.silence()
            if reply is not None:
                self.sending = asyncio.create_task(self.answer(bytes(reply), self.pause()))
        self.writers.remove(writer)
        await shut(writer)

    async def answer(self, reply, ms):
        await asyncio.sleep(ms / 1000)
        for writer in self.writers:
            writer.write(reply)
            await writer.drain()

    def hang_up(self):
        writer = self.writers[-1]
        return shut(writer)


def through(story, speed=1):
    """What the story(link, gateway) makes of a gateway."""

    async def main():
        gateway = Gateway()
        server = await asyncio.start_server(gateway.serve, "127.0.0.1", PORT)
        link = GatewayLink("127.0.0.1", PORT, Clock(speed), 115200, None, 1, TIMEOUT_MS)
        try:
            await story(link, gateway)
        finally:
            link._port.close()
            await asyncio.sleep(0.05)
            server.close()
            await server.wait_closed()

    asyncio.run(main())


async def asked(link, register):
    data, at = await link.fetch(1, 3, register, 1)
    return data[at] << 8 | data[at + 1]


def test_a_meter_behind_a_gateway_is_read_on_one_connection():
    async def story(link, gateway):
        for _ in range(3):
            equal(await asked(link, 7), 700)
            equal(await asked(link, 9), 900)
        with raises(Refused, "illegal address"):
            await asked(link, 8)
        equal(await asked(link, 9), 900)
        equal(gateway.connections, 1)

    through(story)


def test_the_late_answer_to_an_earlier_question_is_not_taken_for_that_of_the_next():
    """It has no number, the gateway sends it to every connection, and both answers are of the same length."""

    async def story(link, gateway):
        equal(await asked(link, 7), 700)
        gateway.late_ms = [600, 300]
        with raises(BadReply, "no answer in 400 ms"):
            await asked(link, 7)
        # The answer comes while this one is waited for.
        equal(await asked(link, 9), 900)
        equal(await asked(link, 7), 700)
        # What the network itself held up came to nobody.
        equal(gateway.connections, 2)

    through(story)


def test_an_answer_that_a_gateway_holds_up_for_longer_than_a_line_is_waited_out():
    def held_up(ms):
        async def story(link, gateway):
            equal(await asked(link, 7), 700)
            gateway.late_ms = [ms // 4, 300 // 4]
            with raises(BadReply, "no answer in 400 ms"):
                await asked(link, 7)
            equal(await asked(link, 9), 900)
            equal(await asked(link, 7), 700)

        return story

    for ms in (1600, 2600):
        through(held_up(ms), speed=4)


def test_an_answer_is_owed_still_when_another_question_has_failed_after_it():
    async def story(link, gateway):
        gateway.late_ms = [1000 // 4, 600 // 4, 300 // 4]
        for function in (3, 4):
            with raises(BadReply, "no answer in 400 ms"):
                await link.fetch(1, function, 7, 1)
        equal(await asked(link, 9), 900)

    through(story, speed=4)


def test_a_ratio_that_is_read_once_at_the_start_is_never_a_late_answer():
    class Shifted:
        """Each answer is that to the question before, the first times."""

        times = 5

        def __init__(self):
            self.last = 25

        async def fetch(self, unit, function, address, count):
            if not 6 <= address <= 7:
                raise BadReply("enough")
            told = {6: 40, 7: 10}[address]
            if self.times:
                self.times, self.last, told = self.times - 1, told, self.last
            return bytes((0, told)), 0

    async def story():
        source = ModbusSource(Shifted(), meters.find("chint_dtsu666"), 1)
        with raises(Doubt, "the same question in two ways"):
            await source.read(Draft())
        equal(set(source._decoder.factors), {1})
        with raises(Doubt, "the same question in two ways"):
            await source.read(Draft())
        with raises(BadReply, "enough"):
            await source.read(Draft())
        equal(source._decoder.factors[CURRENT], 40)
        equal(source._decoder.factors[VOLTAGE], 1)

    asyncio.run(story())


def test_a_connection_that_the_gateway_has_closed_is_made_anew_without_a_lost_reading():
    async def story(link, gateway):
        equal(await asked(link, 7), 700)
        await gateway.hang_up()
        await asyncio.sleep(0.02)
        equal(await asked(link, 9), 900)
        equal(gateway.connections, 2)

    through(story)


class Flood:
    """A connection on which bytes come without end, from the beginning or once something was asked."""

    stream = None

    def __init__(self, asked=True):
        self.asked = asked
        self.reads = 0
        self.closed = False

    def poll(self, _):
        return self.asked

    def unregister(self, _):
        pass

    def recv(self, size):
        self.reads += 1
        assert self.reads < 100, "it reads for ever"
        return b"\x01\x03\x80\x55" * (size // 4)

    def send(self, data):
        self.asked = True

    def close(self):
        self.closed = True

    # As the port of a board.
    def any(self):
        return 128

    def readinto(self, buffer):
        return len(self.recv(128))

    def init(self, *_):
        pass

    def listen(self):
        pass


def test_a_gateway_that_sends_without_end_is_left_and_holds_nobody_up():
    """What is read at one go is what nobody else can run beside: with a loop that ends by itself it is 1 KB at most."""

    async def story(link, gateway):
        for asked_first in (False, True):
            flood = Flood(asked=not asked_first)
            link._port._line = link._port._poller = flood
            with raises(BadReply, "it sends without being asked"):
                await asked(link, 7)
            assert flood.closed and flood.reads <= 8, flood.reads
            link._port = GatewayPort()
            link.line._port = link._port

    through(story)


def test_a_serial_line_on_which_bytes_never_end_is_flushed_in_bounded_time():
    flood = Flood()
    Rs485(flood, Clock()).flush()
    assert 0 < flood.reads <= 8, flood.reads


def test_after_a_flood_the_meter_is_read_on_a_new_connection():
    async def story(link, gateway):
        equal(await asked(link, 7), 700)
        gateway.writers[0].write(bytes(4000))
        await gateway.writers[0].drain()
        await asyncio.sleep(0.02)
        with raises(BadReply, "it sends without being asked"):
            await asked(link, 9)
        equal(await asked(link, 7), 700)
        equal(gateway.connections, 2)

    through(story)


def test_without_a_gateway_it_is_told_and_tried_again_no_faster_than_a_lost_meter():
    async def story():
        clock = Clock()
        link = GatewayLink("127.0.0.1", NOBODY, clock, 9600, None, 1, TIMEOUT_MS)
        for _ in range(2):
            with raises(BadReply, "no connection to 127.0.0.1: " + NOT_THERE):
                await asked(link, 7)
        link = UdpLink("127.0.0.1", NOBODY, clock, TIMEOUT_MS)
        with raises(BadReply, "no connection to 127.0.0.1: " + NOT_THERE):
            await asked(link, 7)
        link.close()

    asyncio.run(story())


async def answer_datagrams(line, meter):
    poller = select.poll()
    poller.register(line, select.POLLIN)
    while True:
        if poller.poll(0):
            data, asker = line.recvfrom(260)
            meter.sending = asyncio.create_task(send_later(line, meter, meter.reply(data), asker, meter.pause()))
        await asyncio.sleep(0.001)


async def send_later(line, meter, reply, asker, ms):
    await asyncio.sleep(ms / 1000)
    for data in tuple(meter.before) + (reply,) + tuple(meter.behind):
        line.sendto(data, asker)


def by_datagrams(story, behind=(), before=()):
    """What the story(link, meter) makes of a meter that sends these, too, with each answer."""

    async def main():
        meter = Meter()
        meter.before, meter.behind = before, behind
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(socket_address("127.0.0.1", PORT))
        serving = asyncio.create_task(answer_datagrams(line, meter))
        link = UdpLink("127.0.0.1", PORT, Clock(), TIMEOUT_MS)
        try:
            await story(link, meter)
        finally:
            link.close()
            serving.cancel()
            line.close()

    asyncio.run(main())


def test_a_meter_that_takes_datagrams_is_read_and_its_late_answers_are_told_by_their_number():
    async def story(link, meter):
        equal(await asked(link, 7), 700)
        meter.late_ms = [600]
        with raises(BadReply, "no answer in 400 ms; is the meter on, and Modbus UDP"):
            await asked(link, 7)
        meter.late_ms = [250]
        equal(await asked(link, 9), 900)
        with raises(Refused, "illegal address"):
            await asked(link, 8)

    by_datagrams(story)


def test_datagrams_behind_an_answer_spoil_no_later_reading():
    async def story(link, meter):
        for _ in range(4):
            equal(await asked(link, 7), 700)
            await asyncio.sleep(0.01)
            equal(await asked(link, 9), 900)

    for surplus in (b"noise, and more of it", b"\0\1\0\0\0\5\1", b"x"):
        by_datagrams(story, behind=(surplus,))
    by_datagrams(story, behind=(b"noise, and more of it",) * 8)


def test_a_datagram_that_is_no_answer_is_passed_over_until_the_time_out():
    async def story(link, meter):
        for _ in range(3):
            equal(await asked(link, 7), 700)
        meter.before = (b"noise, and more of it",) * 20
        with raises(BadReply, "it does not speak Modbus TCP"):
            await asked(link, 7)
        meter.before = ()
        equal(await asked(link, 9), 900)

    by_datagrams(story, before=(b"noise, and more of it", b"\0\1\0\0\0\5\1"))
