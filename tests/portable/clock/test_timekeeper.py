"""What time it is: who is believed, who is not, and what the log has of it."""

from checks import equal
from fairamp.clock.calendar import seconds
from fairamp.clock.timekeeper import METER, PERSON, RTC, SNTP, Timekeeper
from fairamp.clock.zones import Zone
from fairamp.units import TICKS_MASK, later

NOON = seconds((2026, 6, 21, 12, 0, 0))
DAY_S = 86400


class Keeper:
    """One that runs; `at` tells its moments in seconds."""

    def __init__(self, start=0):
        self.now = start
        self.told = []
        self.keeper = Timekeeper(start, self)

    def wait(self, s):
        """It is looked at once per second, or as seldom as a busy box does it."""
        for _ in range(s // 3600):
            self.now = later(self.now, 3600000)
            self.keeper.utc(self.now)
        self.now = later(self.now, 1000 * (s % 3600))
        return self

    def tell(self, now, who, text):
        """As a journal takes it."""
        self.told.append(text)

    def hear(self, source, s, ms=0):
        return self.keeper.tell(self.now, source, s, ms)

    def utc(self):
        return self.keeper.utc(self.now)

    def state(self):
        self.utc()
        return self.keeper.quality(), self.keeper.name(), self.keeper.age_s


def test_nothing_is_known_before_somebody_tells():
    box = Keeper(12345).wait(7000)
    equal((box.utc(), box.state()[:2]), (None, ("none", "")))


def test_a_server_is_believed_at_once_and_the_time_goes_on():
    box = Keeper(5000)
    assert box.hear(SNTP, NOON, 250)
    equal(box.wait(90).utc(), (2026, 6, 21, 12, 1, 30))
    equal(box.state(), ("synced", "sntp", 90))
    equal(box.told, ["set to 2026-06-21 12:00:00 by sntp"])


def test_the_time_survives_the_roll_over_of_the_milliseconds():
    box = Keeper(TICKS_MASK - 5000)
    box.hear(SNTP, NOON)
    equal(box.wait(10).utc(), (2026, 6, 21, 12, 0, 10))
    equal(box.wait(40 * DAY_S).utc(), (2026, 7, 31, 12, 0, 10))


def test_who_falls_silent_is_not_missed_but_after_a_day_it_is_no_longer_synced():
    box = Keeper()
    box.hear(SNTP, NOON)
    equal(box.wait(DAY_S - 1).state(), ("synced", "sntp", DAY_S - 1))
    box.wait(1)
    equal((box.utc(), box.state()), ((2026, 6, 22, 12, 0, 0), ("set", "sntp", DAY_S)))
    box.hear(SNTP, NOON + DAY_S)
    equal(box.state(), ("synced", "sntp", 0))


def test_small_corrections_are_taken_without_a_word():
    box = Keeper()
    box.hear(SNTP, NOON)
    assert box.wait(3600).hear(SNTP, NOON + 3601, 500)
    equal(box.utc(), (2026, 6, 21, 13, 0, 1))
    assert box.hear(SNTP, NOON + 3600)
    equal((box.utc(), len(box.told)), ((2026, 6, 21, 13, 0, 0), 1))


def test_a_server_that_jumps_has_to_say_so_three_times():
    box = Keeper()
    box.hear(SNTP, NOON)
    for wait in (16, 32):
        assert not box.wait(wait).hear(SNTP, NOON + 7200 + (16 if wait == 16 else 48))
        equal(box.utc()[3], 12)
    assert box.wait(64).hear(SNTP, NOON + 7200 + 112)
    equal(box.utc(), (2026, 6, 21, 14, 1, 52))
    equal(
        box.told[1:],
        [
            "sntp tells 2026-06-21 14:00:16, 2 h off: not believed before it says so again",
            "set to 2026-06-21 14:01:52 by sntp, was 2 h off",
        ],
    )


def test_a_server_that_says_something_else_each_time_is_never_believed_and_told_once():
    box = Keeper()
    box.hear(SNTP, NOON)
    for turn in range(1, 50):
        assert not box.wait(60).hear(SNTP, NOON + 86400 * turn)
    equal((box.utc(), len(box.told)), ((2026, 6, 21, 12, 49, 0), 2))


def test_a_lie_between_the_truth_counts_from_the_beginning_each_time():
    box = Keeper()
    box.hear(SNTP, NOON)
    for _ in range(20):
        assert not box.hear(SNTP, NOON - 5000) and not box.hear(SNTP, NOON - 5000)
        assert box.hear(SNTP, NOON)
    equal(box.utc(), (2026, 6, 21, 12, 0, 0))


def test_times_that_cannot_be_are_never_believed():
    box = Keeper()
    for s in (0, -1, 1 << 31 >> 2, seconds((2024, 12, 31, 23, 59, 59)), seconds((2100, 1, 1, 0, 0, 0)), 1 << 40):
        for _ in range(5):
            assert not box.hear(SNTP, s), s
    equal((box.utc(), box.told[0]), (None, "sntp tells a time that cannot be"))


def test_the_meter_has_to_say_it_twice_and_its_whole_seconds_do_not_shake_the_clock():
    box = Keeper()
    assert not box.hear(METER, NOON)
    assert box.wait(1).hear(METER, NOON + 1)
    equal((box.state(), box.told), (("synced", "meter", 0), ["set to 2026-06-21 12:00:01 by meter"]))
    box.now += 500
    for turn in range(2, 200):
        # Right in the middle, and 0.9 s too early or too late.
        assert box.wait(1).hear(METER, NOON + turn - 1 + turn % 2 * 2, 600 - turn % 2 * 200)
        equal(seconds(box.utc()), NOON + turn)


def test_a_meter_says_it_by_the_clock_on_the_wall():
    """Summer or winter; a date that cannot be is nothing."""
    for month, summer, moment, wanted in (
        (2606, 1, 21140000, (2026, 6, 21, 12, 0, 0)),
        (2601, 0, 1003000, (2025, 12, 31, 23, 30, 0)),
        (2613, 0, 1003000, None),
        (2600, 0, 1003000, None),
        (2601, 0, 32003000, None),
        (2601, 0, 3000, None),
        (2601, 0, 1240000, None),
        (2601, 0, 1006000, None),
        (2601, 0, 1000060, None),
    ):
        box = Keeper()
        for _ in range(2):
            box.keeper.tell_local(box.now, 2 * month + summer, moment)
        equal(box.utc(), wanted)
    # Where somebody has named a zone, the meter is there.
    box = Keeper()
    box.keeper.zone = Zone("EET-2EEST,M3.5.0/3,M10.5.0/4")
    for _ in range(2):
        box.keeper.tell_local(box.now, 2 * 2606 + 1, 21150000)
    equal(box.utc(), (2026, 6, 21, 12, 0, 0))


def test_a_better_source_wins_after_it_has_said_so_and_the_worse_one_is_told_once():
    box = Keeper()
    box.hear(METER, NOON)
    box.hear(METER, NOON)
    assert not box.hear(SNTP, NOON + 600) and not box.hear(SNTP, NOON + 600) and box.hear(SNTP, NOON + 600)
    for _ in range(10):
        assert not box.hear(METER, NOON)
        assert not box.hear(PERSON, NOON + 50)
    equal((box.utc(), box.state()[1]), ((2026, 6, 21, 12, 10, 0), "sntp"))
    equal(
        box.told[1:],
        [
            "sntp tells 2026-06-21 12:10:00, 10 min off: not believed before it says so again",
            "set to 2026-06-21 12:10:00 by sntp, was 10 min off",
            "meter tells 2026-06-21 12:00:00, 10 min off: sntp is believed",
            "person tells 2026-06-21 12:00:50, 9 min off: sntp is believed",
        ],
    )
    # The better one is silent for a day: then it is the meter's turn.
    box.wait(DAY_S)
    for _ in range(3):
        box.hear(METER, NOON + DAY_S)
    equal((box.utc(), box.state()), ((2026, 6, 22, 12, 0, 0), ("synced", "meter", 0)))


def test_a_worse_source_that_agrees_does_not_take_over():
    box = Keeper()
    box.hear(SNTP, NOON)
    for s in range(1, 6):
        assert box.wait(1).hear(METER, NOON + s)
    equal((box.state(), len(box.told)), (("synced", "sntp", 5), 1))


def test_a_person_may_set_it_again_and_a_server_corrects_it():
    box = Keeper()
    assert box.hear(PERSON, NOON) and box.hear(PERSON, NOON + 300)
    equal((box.utc()[3:], box.state()), ((12, 5, 0), ("set", "person", 0)))
    for _ in range(3):
        box.hear(SNTP, NOON)
    equal((box.utc()[3:], box.state()[0]), ((12, 0, 0), "synced"))


def test_an_rtc_is_as_good_as_a_person_and_comes_before():
    box = Keeper()
    assert box.hear(RTC, NOON)
    equal(box.state(), ("set", "rtc", 0))
    assert not box.hear(PERSON, NOON + 99)
