"""The log over restarts: late and together, but nothing important is lost, and no flood wears the flash."""

import json
import os

from empty_folder import empty
from still_clock import StillClock

from checks import equal
from fairamp.units import TICKS_MASK
from fairamp_box.features.diary.diary import (
    LONGEST,
    MOST_BYTES,
    MOST_OF_ONE,
    PATIENCE_MS,
    REFILL_MS,
    SOON_BYTES,
    URGENT_MS,
    Diary,
)
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log


class Box:
    utc = None
    boot = 3
    boot_reason = ""
    uptime_s = 12


class Site:
    def __init__(self, keep=64, now=0, fresh=True):
        self.box, self.clock = Box(), StillClock()
        self.clock.ms = now
        self.diary = Diary(self.box, self.clock, empty("diaries") if fresh else "diaries", keep)

    def pass_by(self, ms):
        self.clock.ms = self.clock.ms + ms & TICKS_MASK
        return self.diary.due(self.clock.ms)

    def lines(self, **query):
        answer = json.loads("".join(self.diary.give(**query)))
        equal(answer["end"], True)
        return answer["lines"]


def test_lines_have_the_time_of_day_or_the_start_and_its_seconds():
    site = Site()
    site.diary.take("meter", "lost")
    site.box.utc = (2026, 11, 28, 21, 57, 32)
    site.diary.take("meter", "back\nagain")
    wanted = ["2026-11-28T21:57:32Z meter: back | again", "start 3 + 12 s meter: lost"]
    equal(site.lines(), wanted)
    site.diary.save()
    equal(site.lines(), wanted)
    again = Site(fresh=False)
    equal(again.lines(), wanted)
    again.diary.take("app", "new")
    equal(again.lines()[1:], wanted)


def test_a_quiet_line_waits_and_an_urgent_one_does_not():
    for now in (0, TICKS_MASK - 1000):
        site = Site(now=now)
        assert not site.pass_by(PATIENCE_MS)
        site.diary.take("meter", "readings arrive")
        assert not site.pass_by(PATIENCE_MS - 1)
        assert site.pass_by(1)
        site.diary.save()
        assert not site.pass_by(PATIENCE_MS) and not site.diary.changed()
        site.diary.take("meter", "readings arrive")
        assert not site.pass_by(60000)
        site.diary.take("charge point", "C2 -> F, a fault stops")
        assert not site.pass_by(URGENT_MS - 1)
        assert site.pass_by(1)


def test_much_is_written_soon():
    site = Site()
    count = 0
    while not site.diary.due(0):
        site.diary.take("source " + str(count % 5), "x" * 100)
        count += 1
    assert SOON_BYTES // 130 <= count <= SOON_BYTES // 100, count


def test_a_flood_of_one_source_is_bounded_and_told_and_the_others_are_heard():
    site = Site()
    for number in range(1000):
        site.diary.take("http", "number " + str(number))
        if site.diary.due(0):
            site.diary.save()
    site.diary.take("meter", "lost")
    lines = site.lines(limit=1000)
    equal((len(lines), lines[0]), (MOST_OF_ONE + 1, "start 3 + 12 s meter: lost"))
    assert lines[1].endswith("(and what follows at once is not kept)"), lines[1]
    site.pass_by(2 * REFILL_MS)
    for number in range(10):
        site.diary.take("http", "later " + str(number))
    equal(len(site.lines(limit=1000)), MOST_OF_ONE + 3)


def test_names_of_sources_without_end_fill_no_memory():
    site = Site()
    for number in range(500):
        site.diary.take("ems:" + str(number), "x")
    assert len(site.diary._sources) <= 13, len(site.diary._sources)


def test_while_nothing_can_be_written_memory_is_bounded():
    site = Site()
    for number in range(100):
        site.diary.take("source " + str(number % 10), "x" * 1000)
    assert site.diary._bytes <= MOST_BYTES + LONGEST + 1, site.diary._bytes


def test_the_oldest_go_and_pages_follow_each_other():
    site = Site(keep=8)
    for number in range(300):
        site.diary._sources.clear()
        site.diary.take("app", "line " + str(number) + " of many, so that the files fill up")
        site.diary.save()
    equal(len(os.listdir("diaries")), 2)
    every = site.lines(limit=2000)
    assert 70 < len(every) < 200 and "line 299 " in every[0], (len(every), every[0])
    equal(site.lines(limit=30) + site.lines(limit=30, skip=30), every[:60])


def test_damage_costs_its_line_only():
    site = Site()
    for text in ("one", "two", "three"):
        site.diary.take("app", text)
    site.diary.save()
    with open("diaries/log.1", "rb") as file:
        data = file.read().replace(b"two", b"\xff\xfe\xfd")
    with open("diaries/log.1", "wb") as file:
        file.write(data)
    equal([line[-3:] for line in Site(fresh=False).lines()], ["ree", "one"])


def test_what_was_told_before_it_came_is_kept_too():
    site = Site()
    log = Log(Clock(), lambda line: None)
    log("app", "Fairamp: starts")
    log.follow(site.diary.take)
    log("meter", "lost: what now?")
    equal(site.lines(), ["start 3 + 12 s meter: lost: what now?", "start 3 + 12 s app: Fairamp: starts"])
