import asyncio

from free_port import free_port

from checks import equal
from fairamp.journal import Journal
from fairamp.managers import Dialect
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row
from fairamp.settings import Settings
from fairamp.units import later
from fairamp_box.features.registers.tcp_server import TcpServer
from fairamp_box.io.clock import Clock
from fairamp_box.io.streams import Door, shut

SPEED = 10
PORT = free_port(15031)
LEVELS = []
ROWS = (
    Row(9, "id", "u16", lambda _: 21571),
    Row(10, "level", "u16", lambda _: 7, lambda _, value: LEVELS.append(value)),
)
READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 9, 0, 1])
WRITE = bytes([0, 1, 0, 0, 0, 6, 1, 6, 0, 10, 0, 8])


class Box:
    """As much of one as this server itself asks for."""

    def __init__(self, log):
        self.wrong_settings = []
        self.now = 0
        self.journal = Journal()
        self.journal.log = log


class Site:
    """One server, its log, and what its dialect was told."""

    def __init__(self, masters=0, idle_ms=0, lost=None, **ems):
        self.told = []
        self.whos = []
        self.gone = 0
        settings = Settings()
        errors = settings.load({"ems": ems}, "test")
        assert not errors, errors
        dialect = Dialect(
            "test",
            lambda box: {ANY_UNIT: Bank(ROWS, box)},
            lambda box: None,
            heard=self._heard,
            gone=self._gone,
            masters=masters,
            idle_ms=idle_ms,
            lost=lost,
        )
        self.clock = Clock(SPEED)
        self.log = []

        def log(where, text):
            self.log.append(text)

        self.server = TcpServer(dialect, Box(log), settings, self.clock, log)

    def _heard(self, box, who, wrote):
        self.told.append(wrote)
        self.whos.append(who)

    def _gone(self, box):
        self.gone += 1

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", PORT)

    async def connect_all(self, count):
        streams = []
        for _ in range(count):
            streams.append(await self.connect())
        return streams

    async def ask(self, stream):
        """True when the connection answers."""
        reader, writer = stream
        try:
            writer.write(READ)
            await writer.drain()
            answer = await self.clock.within(20000, reader.read(100))
        except (OSError, asyncio.TimeoutError):
            return False
        return len(answer) == 11 and answer[9] * 256 + answer[10] == 21571

    async def sets(self, stream):
        """True when it may set something, False when it hears that others do."""
        reader, writer = stream
        writer.write(WRITE)
        await writer.drain()
        answer = await self.clock.within(20000, reader.read(100))
        assert answer == WRITE or answer[7:] == bytes([0x86, 6]), answer
        return answer == WRITE

    async def closed(self, stream, ms):
        """True when the other side closes within so many ms."""
        try:
            return await self.clock.within(ms, stream[0].read(10)) == b""
        except asyncio.TimeoutError:
            return False
        except OSError:
            return True

    def run(self, story):
        async def all_of_it():
            listener = await self.server.start(Door("test", "127.0.0.1", PORT))
            try:
                await story(self)
            finally:
                self.server.stop()
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())


def test_answers_and_tells_the_dialect():
    async def story(site):
        stream = await site.connect()
        assert await site.ask(stream)
        assert await site.ask(stream)
        await shut(stream[1])
        await site.clock.sleep(1000)
        # Who has set nothing leaves nothing behind.
        equal((site.told, site.gone, len(site.server.connections)), ([False, False], 0, 0))

    Site().run(story)


def test_a_silent_connection_is_closed():
    async def story(site):
        stream = await site.connect()
        assert await site.ask(stream)
        assert not await site.closed(stream, 50000)
        assert await site.closed(stream, 15000)

    Site(idle_ms=60000).run(story)


def test_a_connection_that_asks_now_and_then_stays():
    async def story(site):
        stream = await site.connect()
        assert await site.ask(stream)
        (connection,) = site.server.connections
        connection.heard = later(site.clock.now(), -55000)
        assert await site.ask(stream)
        assert not await site.closed(stream, 8000)

    Site(idle_ms=60000).run(story)


class Deaf:
    """Both streams of a client that asks once and takes no answer."""

    transport = None

    def __init__(self, clock):
        self.clock = clock
        self.gone = False

    def get_extra_info(self, name):
        return ("192.0.2.9", 1)

    async def read(self, count):
        return READ

    def write(self, data):
        pass

    async def drain(self):
        await self.clock.sleep(10**6)

    async def wait_closed(self):
        self.gone = True


def test_a_client_that_does_not_take_its_answer_is_closed_after_10_s():
    async def story(site):
        deaf = Deaf(site.clock)
        serving = asyncio.create_task(site.server._serve(deaf, deaf))
        await site.clock.sleep(200)
        (connection,) = site.server.connections
        connection.heard = later(connection.heard, -5000)
        await site.clock.sleep(2000)
        equal((deaf.gone, len(site.server.connections)), (False, 1))
        connection.heard = later(connection.heard, -5000)
        await site.clock.sleep(1000)
        equal((deaf.gone, len(site.server.connections)), (True, 0))
        assert serving.done()

    Site(idle_ms=60000).run(story)


def test_the_only_master_can_come_back_at_once():
    async def story(site):
        first = await site.connect()
        assert await site.sets(first)
        second = await site.connect()
        assert await site.sets(second)
        # Dead or another client of that host: it may read on, and what is set stays until the last one goes.
        assert await site.ask(first)
        await shut(first[1])
        await site.clock.sleep(500)
        equal(site.gone, 0)
        await shut(second[1])
        await site.clock.sleep(500)
        equal(site.gone, 1)
        # One connection for each request, as some do.
        for _ in range(10):
            stream = await site.connect()
            assert await site.sets(stream)
            await shut(stream[1])

    Site(masters=1).run(story)


def test_who_comes_again_is_told_as_the_same_and_a_monitor_of_its_host_is_not():
    async def story(site):
        for monitored in (False, True):
            site.whos.clear()
            manager, monitor = await site.connect_all(2)
            assert await site.sets(manager)
            if monitored:
                assert await site.ask(monitor) and await site.ask(manager)
            await shut(manager[1])
            await shut(monitor[1])
            await site.clock.sleep(500)
            again = await site.connect()
            assert await site.ask(again)
            equal(site.whos[-1] is site.whos[0], not monitored)
            await shut(again[1])
            await site.clock.sleep(500)

    Site().run(story)


def test_two_clients_on_one_host_do_not_kick_each_other_out():
    """An energy manager that sets the current, and a smart home beside it that wants to set something, too."""

    async def story(site):
        manager, home = await site.connect_all(2)
        for _ in range(3):
            await site.clock.sleep(200)
            assert await site.sets(manager)
            assert await site.ask(home)
        # That sets something, too: it hears that another one does, and both go on.
        assert not await site.sets(home)
        assert "it may read" in site.log[-1]
        assert await site.ask(home)
        assert await site.sets(manager)
        equal((site.gone, len(site.server.connections)), (0, 2))

    Site(masters=1).run(story)


def test_more_masters_than_allowed_only_read_unless_one_is_silent():
    async def story(site):
        streams = await site.connect_all(3)
        for number, connection in enumerate(site.server.connections):
            connection.host = "host " + str(number)
        assert await site.sets(streams[0])
        assert await site.sets(streams[1])
        assert not await site.sets(streams[2])
        assert await site.ask(streams[2])
        equal(site.server.refused, 1)
        assert "so many set something already: 2" in site.log[-1]
        await site.clock.sleep(11000)
        assert await site.sets(streams[1])
        assert await site.sets(streams[2])
        # The silent one made way, the busy one stays.
        assert await site.closed(streams[0], 5000)
        assert await site.sets(streams[1])

    Site(masters=2).run(story)


def test_strangers_are_refused():
    async def story(site):
        stream = await site.connect()
        assert not await site.ask(stream)
        assert "not among the peers" in site.log[-1]

    Site(peers="192.0.2.7, 192.0.2.8").run(story)
    friend = Site(peers="192.0.2.7, 127.0.0.1")

    async def welcome(site):
        assert await site.ask(await site.connect())

    friend.run(welcome)


def test_a_watchdog_that_struck_closes_the_connection():
    struck = []

    async def story(site):
        stream, reader = await site.connect_all(2)
        assert await site.sets(stream)
        assert not await site.closed(stream, 3000)
        struck.append(1)
        assert await site.closed(stream, 5000)
        assert await site.ask(reader)
        again = await site.connect()
        assert not await site.closed(again, 3000)
        assert await site.ask(again)

    Site(lost=lambda box: bool(struck)).run(story)


def test_what_is_not_modbus_is_closed_and_others_go_on():
    async def story(site):
        good, bad = await site.connect(), await site.connect()
        bad[1].write(b"GET / HTTP/1.0\r\n\r\n")
        await bad[1].drain()
        assert await site.closed(bad, 5000)
        assert await site.ask(good)

    Site().run(story)


def test_eight_at_once_and_split_requests():
    async def story(site):
        streams = await site.connect_all(8)
        for stream in streams:
            stream[1].write(READ[:5])
            await stream[1].drain()
        await site.clock.sleep(200)
        for reader, writer in streams:
            writer.write(READ[5:])
            await writer.drain()
            equal(len(await site.clock.within(20000, reader.read(100))), 11)

    Site().run(story)
