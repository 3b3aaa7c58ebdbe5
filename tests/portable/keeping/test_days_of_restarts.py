"""Days with cars, losses of power and restarts at random: the energy adds up, and what is lost is bounded."""

from empty_folder import empty

from checks import equal
from fairamp.charging.record import pack, unpack
from fairamp.charging.session import Session
from fairamp_box.features.sessions.book import Book
from fairamp_box.io.pair import Pair
from fairamp_box.keeping.energy import STEP_WH, KeptEnergy
from fairamp_box.keeping.keeper import Keeper

STEP_MS = 10000
DAY = 8640  # steps
# What flows in one step, at most.
STEP_MORE = 62


class Chance:
    """The same on every runtime."""

    def __init__(self, seed):
        self._state = seed

    def below(self, count):
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % count


class Point:
    pass


class Box:
    """What is kept of a box, from its start on."""

    def __init__(self):
        self.point = Point()
        self.point.session = session = Session()
        self.book = Book("days", 1000)
        session.when_ended = lambda how: self.book.take(self.record(how))
        self.keeper = Keeper(lambda where, text: None, 0)
        energy = KeptEnergy(Pair("days/energy"), self)
        assert energy.load()
        self.keeper.add(energy)
        self.keeper.add(self.book, first=True)

    def record(self, end):
        return pack(self.point.session, 0, False, end)

    def recall(self, data, newest):
        self.point.session.recall(data, True)


class Days:
    def __init__(self, seed):
        empty("days")
        self.chance, self.box, self.now = Chance(seed), Box(), 0
        self.flowed_mj = self.cuts = 0
        self.car = False
        self.most = 0  # lifetime that was ever shown

    def session(self):
        return self.box.point.session

    def step(self):
        chance, session = self.chance, self.session()
        self.now += STEP_MS
        if chance.below(300) == 0:
            self.car = not self.car
        if self.car and not session.connected:
            session.plug(self.now, 0)
        elif not self.car and session.connected:
            session.unplug()
        elif not self.car and session.interrupted:
            session.end_interrupted(session.interrupted)
        watts = 0
        if self.car:
            watts = 1400 + chance.below(20000)
            self.flowed_mj += watts * STEP_MS
        session.step(self.now, STEP_MS, watts, watts > 0)
        self.box.keeper.step(self.now)
        what = chance.below(500)
        if what == 0:
            self.cut()
        elif what == 1:
            self.box.keeper.finish(self.now)
            self.start_again(0)

    def cut(self):
        self.cuts += 1
        self.start_again(STEP_WH + 2 * STEP_MORE)

    def start_again(self, most_lost):
        before = self.session().lifetime.wh
        self.box = Box()
        after = self.session().lifetime.wh
        assert before - most_lost <= after <= before, (before, after, most_lost)


def test_energy_adds_up_over_cars_losses_of_power_and_restarts():
    for seed in range(1, 4):
        days = Days(seed)
        for _ in range(4 * DAY):
            days.step()
        days.car = False
        for _ in range(5):
            days.now += STEP_MS
            session = days.session()
            if session.connected:
                session.unplug()
            elif session.interrupted:
                session.end_interrupted(session.interrupted)
            days.box.keeper.step(days.now)
        days.box.keeper.finish(days.now)
        assert days.cuts > 20, days.cuts
        lifetime, flowed = days.session().lifetime.wh, days.flowed_mj // 3600000
        assert flowed - days.cuts * (STEP_WH + 2 * STEP_MORE) <= lifetime <= flowed, (flowed, lifetime, days.cuts)
        records = [unpack(data) for data in days.box.book.newest_first()]
        numbers = [record[2] for record in records]
        # None is lost, and none is there twice.
        equal(numbers, list(range(days.session().number, 0, -1)))
        # Each Wh is in exactly one session, but for the parts of one that each of them has.
        total = sum([record[5] for record in records])
        assert abs(lifetime - total) <= len(records) + days.cuts * STEP_WH, (lifetime, total)
