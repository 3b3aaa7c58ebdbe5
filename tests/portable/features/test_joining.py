"""How a box joins its network, and what follows its address."""

import asyncio

from still_clock import StillClock

from checks import equal
from fairamp.settings import Settings
from fairamp_box.network import Network


class End(Exception):
    """The story is over."""


class Clock(StillClock):
    """`events`: (moment, what happens then)."""

    def __init__(self, events, end):
        super().__init__()
        self._events = list(events)
        self._end = end

    async def sleep(self, ms):
        # Whoever waits for an address begins, or ends, before the next look.
        for _ in range(3):
            await asyncio.sleep(0)
        self.ms += ms
        while self._events and self.ms >= self._events[0][0]:
            self._events.pop(0)[1]()
        if self.ms >= self._end:
            raise End


class Board:
    connections = 8

    def __init__(self, clock):
        self._clock = clock
        self.has = None  # its address
        self.joined = []  # when it tried to

    def address(self):
        return self.has

    def join_wifi(self, name, password, host):
        equal((name, password, host), ("home", "secret12", "carport-7"))
        self.joined.append(self._clock.now())


class Box:
    offline = False


class App:
    """`told`: what follows an address, and the log."""

    meter_on_network = False

    def __init__(self, end, *events):
        self.settings = Settings()
        sections = {"wifi": {"name": "home", "password": "secret12"}, "box": {"name": "Carport 7"}}
        equal(self.settings.load(sections, "test"), [])
        self.clock = Clock([(ms, lambda has=has: self.get(has)) for ms, has in events], end)
        self.board = Board(self.clock)
        self.told = []
        self.box = Box()

    def get(self, address):
        self.board.has = address

    def log(self, where, text):
        self.told.append(text)

    async def keep(self, run, name):
        await run()

    async def follow(self, address):
        self.told.append("begins at " + address)
        try:
            await asyncio.sleep(1000)
        finally:
            self.told.append("ends at " + address)

    def run(self):
        async def story():
            network = Network(self)
            network.follow(self.follow)
            try:
                await network.run()
            except End:
                pass
            for _ in range(3):
                await asyncio.sleep(0)

        asyncio.run(story())
        return self


def test_a_box_that_gets_no_address_tries_anew_every_15_seconds():
    equal(App(50000).run().board.joined, [0, 15000, 30000, 45000])


def test_a_box_with_an_address_does_not_disturb_its_network():
    equal(App(60000, (3000, "10.0.0.5")).run().board.joined, [0])


def test_the_box_knows_whether_it_is_on_its_network():
    equal(App(5000).run().box.offline, True)
    equal(App(5000, (3000, "10.0.0.5")).run().box.offline, False)
    equal(App(9000, (3000, "10.0.0.5"), (6000, None)).run().box.offline, True)


def test_a_box_that_lost_its_network_joins_it_again():
    app = App(90000, (3000, "10.0.0.5"), (40000, None)).run()
    equal(app.board.joined[0], 0)
    equal(app.board.joined[1:], [40000, 55000, 70000, 85000])


def test_a_new_address_is_told_and_followed():
    app = App(60000, (1000, "10.0.0.5"), (20000, None), (30000, "10.0.0.9")).run()
    equal(
        app.told,
        [
            "joined home as 10.0.0.5",
            "begins at 10.0.0.5",
            "joined home as 10.0.0.9",
            "ends at 10.0.0.5",
            "begins at 10.0.0.9",
            "ends at 10.0.0.9",
        ],
    )


def test_the_same_address_once_more_is_no_news():
    app = App(60000, (1000, "10.0.0.5"), (20000, None), (30000, "10.0.0.5")).run()
    equal(app.told, ["joined home as 10.0.0.5", "begins at 10.0.0.5", "ends at 10.0.0.5"])
