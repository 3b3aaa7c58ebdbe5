"""Prints how much heap a box takes at the end of each day of a week: readings, sessions, a lost meter, faults, an
energy manager, and the log of it all. The clock rolls over in the middle.
"""

import gc
from array import array

from fairamp import view
from fairamp.box import Box
from fairamp.charging import pilot
from fairamp.managers import load, server
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Doubt, Sieve
from fairamp.modbus.frames import put16, seal
from fairamp.modbus.server import RtuSession
from fairamp.settings import Settings
from fairamp.units import TICKS_MASK, later
from fairamp_box.io.log import Log

DAYS = 7
HOUR_S = 3600
DAY_S = 24 * HOUR_S
SESSION_S = 900
EVERY_S = 4 * HOUR_S
# While nobody is there, time leaps.
LEAP_S = 20
HIGH = {"A": 12000, "B": 9000, "C": 6000, "E": 0}
READ_ALL, WRITE_AMPS = (3, 0, 43), (6, 19)


class Clock:
    def __init__(self, now):
        self.moment = now

    def now(self):
        return self.moment


class Week:
    def __init__(self):
        settings = Settings()
        errors = settings.load({"site": {"fuse": [25, 25, 25]}, "meter": {"climb": 10}}, "week")
        assert not errors, errors
        self.clock = Clock(TICKS_MASK - 3 * DAY_S * 1000)
        self.log = Log(self.clock, lambda line: None)
        self.box = Box(settings)
        self.session = RtuSession(server(load("teltocharge"), self.box, settings, 1))
        self.request = bytearray(8)
        self.house = Sieve(settings["site.fuse"], 230, 1000)
        self.own = Sieve([80000] * 3, 230, 1000)
        self.draft = Draft()
        self.codes = {}
        self.letter = "A"
        self.second = 0
        self.charged = self.answered = self.lost = 0

    def pass_by(self, seconds):
        box, clock = self.box, self.clock
        clock.moment = later(clock.moment, 1000 * seconds)
        self.second += seconds
        self.sample()
        box.step(clock.moment)
        self.read()
        box.balance(clock.moment)
        box.step(clock.moment)
        if self.second % 300 < seconds:
            self.ask(*READ_ALL)
            self.ask(*WRITE_AMPS, 8 + self.second % 8)
        self.charged += box.point.contactor

    def sample(self):
        inputs, key = self.box.inputs, (self.letter, self.box.point.duty)
        if key not in self.codes:
            self.codes.clear()
            high, low = pilot.code(HIGH[self.letter]), pilot.code(0 if self.letter == "E" else -12000)
            self.codes[key] = array("H", [high if 371 * at % 10000 < key[1] else low for at in range(128)])
        inputs.codes[:] = self.codes[key]
        inputs.count = 128

    def read(self):
        """Both meters; the one of the house is lost for a minute each hour."""
        offered = self.box.point.offer_ma if self.box.point.contactor else 0
        self.fill(offered)
        self.take(self.own, self.box.own)
        if self.second % HOUR_S > 60:
            self.fill(4000 + self.second % 3000 + offered)
            self.take(self.house, self.box.coordinator.grid)
        else:
            self.lost += 1

    def fill(self, ma):
        draft = self.draft
        draft.clear()
        for phase in range(3):
            draft.current_ma[phase] = ma
            draft.voltage_mv[phase] = 230000 + self.second % 977
            draft.power_w[phase] = ma * 230 // 1000
        draft.lively = True

    def take(self, sieve, reading):
        try:
            sieve.sift(self.draft, reading, self.clock.moment)
        except Doubt as doubt:
            self.log("meter", str(doubt))

    def ask(self, function, register, value):
        request = self.request
        request[0], request[1] = 1, function
        put16(request, 2, register)
        put16(request, 4, value)
        self.answered += self.session.feed(request, seal(request, 6)) is not None

    def show(self, letter, seconds):
        self.letter = letter
        before = self.box.point.changes
        for _ in range(seconds):
            self.pass_by(1)
        self.log("charge point", str(self.box.point.changes - before) + " changes, " + view.why(self.box))

    def day(self):
        """Sessions with a car that pauses, one that is full, and a fault of the line."""
        end = self.second + DAY_S
        while self.second < end:
            for letter, seconds in (("B", 30), ("C", SESSION_S), ("B", 60), ("C", 60), ("E", 10), ("B", 30), ("A", 30)):
                self.show(letter, seconds)
            until = self.second + EVERY_S - self.second % EVERY_S
            while self.second < until:
                self.pass_by(LEAP_S)


week = Week()
for number in range(DAYS):
    charged, answered, lost = week.charged, week.answered, week.lost
    week.day()
    # What did not happen cannot have grown.
    assert week.charged - charged > 6 * SESSION_S // 2 and week.answered - answered > 100 and week.lost - lost > 10
    gc.collect()
    print("day", number + 1, gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)
