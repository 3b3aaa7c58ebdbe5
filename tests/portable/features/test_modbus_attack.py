"""Modbus TCP clients that are too many, too fast or too slow: whatever else the box does goes on."""

import asyncio

from free_port import free_port

from checks import equal
from fairamp.managers import load
from fairamp.settings import Settings
from fairamp_box.features.registers.tcp_server import TcpServer
from fairamp_box.io.places import Places
from fairamp_box.io.streams import Door, shut

PORT = free_port(15071)
SPEED = 10
READ = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 9, 0, 1])
TEN_AMPS = bytes([0, 2, 0, 0, 0, 6, 1, 6, 0, 15, 0, 10])
LOST_MS = 30000


class Flood:
    """Both streams of a client that has asked for ever and takes every answer at once."""

    transport = None

    def __init__(self, host, counted):
        self.host = host
        self.counted = counted
        self.left = 4

    def get_extra_info(self, name):
        return (self.host, 1)

    async def read(self, count):
        if not self.left:
            return b""
        self.left -= 1
        return READ * (count // len(READ))

    def write(self, data):
        self.counted[0] += 1

    async def drain(self):
        pass

    async def wait_closed(self):
        pass


def make(dialect="teltocharge", places=None):
    """(box, server) with the dialect as a box has it."""
    from fairamp.box import Box
    from fairamp_box.io.clock import Clock

    box, clock = Box(Settings()), Clock(SPEED)
    return box, TcpServer(load(dialect), box, box.settings, clock, lambda where, text: None, places)


def limit(box, now):
    return box.managers.limit(now, (0, 1, 2))


def test_eight_clients_that_do_not_wait_for_answers_leave_every_other_task_its_turn():
    """Also with two dialects on two ports: the control loop never waits for more than one answer."""
    places = Places()
    servers = [make("teltocharge", places)[1], make("mennekes", places)[1]]
    counted, most = [0], 0

    async def story():
        nonlocal most
        floods = []
        for number in range(8):
            flood = Flood("192.0.2." + str(number), counted)
            floods.append(asyncio.create_task(servers[number % 2]._serve(flood, flood)))
        # Stands for the control loop, which is due all the time.
        while not all(task.done() for task in floods):
            before = counted[0]
            await asyncio.sleep(0)
            most = max(most, counted[0] - before)

    asyncio.run(story())
    equal((most, counted[0]), (1, 8 * 4 * 42))


class Site:
    """Registers of a TeltoCharge on a port, whose moments are those of the real clock."""

    def __init__(self):
        self.box, self.server = make()
        self.clock = self.server._clock

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", PORT)

    async def asks(self, stream, request=READ):
        reader, writer = stream
        try:
            writer.write(request)
            await writer.drain()
            return len(await self.clock.within(20000, reader.read(100))) > 0
        except (OSError, asyncio.TimeoutError):
            return False

    def look(self):
        self.box.now = self.clock.now()
        return limit(self.box, self.box.now)

    async def pass_s(self, seconds, act=None):
        """Lets time pass, with something that is done each second."""
        for _ in range(seconds):
            self.look()
            if act:
                await act()
            await self.clock.sleep(1000)

    def run(self, story):
        async def all_of_it():
            listener = await self.server.start(Door("test", "127.0.0.1", PORT))
            try:
                self.look()
                await story(self)
            finally:
                self.server.stop()
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())


def test_clients_that_only_read_do_not_keep_the_set_point_of_a_silent_manager():
    async def story(site):
        reader = await site.connect()
        manager = await site.connect()
        assert await site.asks(manager, TEN_AMPS)
        equal(site.look(), 10000)

        async def read():
            assert await site.asks(reader)

        await site.pass_s(35, read)
        equal(site.look(), 6000)
        # It is not dead: what it asks counts again.
        assert await site.asks(manager)
        equal(site.look(), 10000)
        for stream in (reader, manager):
            await shut(stream[1])

    Site().run(story)


def test_a_manager_that_connects_again_keeps_its_set_point_by_reading():
    async def story(site):
        manager = await site.connect()
        assert await site.asks(manager, TEN_AMPS)

        async def again():
            await shut(site.manager[1])
            site.manager = await site.connect()
            assert await site.asks(site.manager)

        site.manager = manager
        await site.pass_s(35, again)
        equal(site.look(), 10000)

    Site().run(story)


def test_eight_clients_that_send_a_byte_each_second_do_not_lock_the_manager_out():
    async def story(site):
        manager = await site.connect()
        assert await site.asks(manager, TEN_AMPS)
        slow = []
        for _ in range(7):
            slow.append(await site.connect())
        sent = [0]

        async def drip():
            for _, writer in slow:
                try:
                    writer.write(READ[sent[0] % 12 : sent[0] % 12 + 1])
                    await writer.drain()
                except OSError:
                    pass
            sent[0] += 1

        await site.pass_s(14, drip)
        # Each of them began a request and did not end it.
        equal(len(site.server.connections), 1)
        assert await site.asks(manager)
        assert await site.asks(await site.connect())
        # Nothing of that kept alive what a silent manager has set.
        await site.pass_s(32, drip)
        equal(site.look(), 6000)

    Site().run(story)


def test_the_connections_that_a_manager_opens_in_a_flood_do_not_throw_out_the_one_that_sets():
    async def story(site):
        manager = await site.connect()
        assert await site.asks(manager, TEN_AMPS)
        for _ in range(20):
            assert await site.asks(await site.connect())
        assert await site.asks(manager, TEN_AMPS)

    Site().run(story)
