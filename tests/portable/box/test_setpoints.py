from checks import equal
from fairamp.charging.limits import NO_LIMIT
from fairamp.setpoints import Managers, SetPoint
from fairamp.settings import Settings
from fairamp.units import TICKS_MASK, later

ALL = (0, 1, 2)


def make(**values):
    settings = Settings()
    equal(settings.load({"ems": values}, "test"), [])
    return Managers(settings)


def test_nobody_there_no_limit():
    managers = make()
    managers.point("never written", 30000)
    equal(managers.limit(0, ALL), NO_LIMIT)
    equal(managers.limit(10**6, ALL), NO_LIMIT)


def test_the_lowest_of_several_managers_wins():
    managers = make()
    for name, ma in (("one", 20000), ("two", 12000), ("three", 16000)):
        managers.point(name, 0).write(ma)
    equal(managers.limit(0, ALL), 12000)
    managers.point("two", 0).write(5000)
    equal(managers.limit(0, ALL), 0)


def test_a_watchdog_strikes_on_time_and_lets_go_fully_across_the_roll_over():
    for start in (0, TICKS_MASK - 40000, TICKS_MASK - 10):
        point = SetPoint(30000, 6000)
        point.write(16000)
        point.feed(start)
        equal(point.limit(later(start, 29999)), 16000)
        equal(point.left_ms(later(start, 20000)), 10000)
        equal(point.limit(later(start, 30000)), 6000)
        # It stays so, also when the clock has come round.
        equal(point.limit(later(start, 100)), 6000)
        point.feed(later(start, 90000))
        equal(point.limit(later(start, 90000)), 16000)


def test_failsafe_0_stops_and_no_watchdog_never_strikes():
    point = SetPoint(10000, 0)
    point.feed(0)
    equal(point.limit(10000), 0)
    point = SetPoint(0, 6000)
    point.write(10000)
    point.feed(0)
    for now in range(0, TICKS_MASK, 10**8):
        equal(point.limit(now), 10000)


def test_a_manager_that_falls_silent_raises_nothing_and_starts_no_car():
    for written, left in ((0, 0), (5000, 0), (8000, 8000), (16000, 10000)):
        point = SetPoint(10000, 10000)
        point.write(written)
        point.feed(0)
        equal((written, point.limit(10000), point.expired), (written, left, True))
    # Who has set nothing yet has limited nothing.
    point = SetPoint(10000, 10000)
    point.feed(0)
    equal(point.limit(10000), 10000)


def test_required_means_safe_until_the_first_one_comes():
    managers = make(required=True, safe_current=8)
    equal(managers.limit(0, ALL), 8000)
    point = managers.point("late", 60000)
    point.write(32000)
    equal(managers.limit(500, ALL), 8000)
    point.feed(1000)
    equal(managers.limit(1000, ALL), 32000)
    # From then on its own watchdog holds.
    equal(managers.limit(61000, ALL), 8000)


def test_while_one_is_missed_the_others_may_still_set_less():
    managers = make(required=True, safe_current=16)
    managers.point("never fed", 60000).write(10000)
    equal(managers.limit(0, ALL), 10000)
    managers.point("never fed", 60000).write(20000)
    equal(managers.limit(0, ALL), 16000)


def test_required_is_fulfilled_by_a_set_point_of_the_network_too():
    managers = make(required=True, safe_current=8)
    point = managers.point("L2", 60000, 1)
    equal((managers.limit(0, (0,)), managers.network_limit(0, 1)), (8000, NO_LIMIT))
    point.write(20000)
    point.feed(1000)
    equal((managers.limit(1000, (0,)), managers.network_limit(1000, 1)), (NO_LIMIT, 20000))
    equal((managers.limit(61000, (0,)), managers.network_limit(61000, 1)), (NO_LIMIT, 8000))


def test_limits_of_the_network_count_for_the_phases_in_use():
    managers = make()
    for phase, ma in ((0, 20000), (1, 10000), (2, 16000)):
        point = managers.point("L" + str(phase + 1), 60000, phase)
        point.write(ma)
        point.feed(0)
    equal(managers.limit(0, ALL), 10000)
    equal(managers.limit(0, (0,)), 20000)
    equal(managers.limit(60000, (2,)), 6000)


def test_asked_for_again_it_is_the_same_one():
    managers = make()
    managers.point("one", 30000).write(7000)
    equal((managers.point("one", 30000).written_ma, managers.point("two", 30000).written_ma), (7000, NO_LIMIT))


def test_a_set_point_is_news_when_it_changes_and_once_a_minute_at_most():
    point = SetPoint(0, 6000)
    told = []
    for second in range(200):
        point.write(10000 + second // 10 * 1000)
        if point.news(1000 * second):
            told.append((second, point.written_ma))
    equal(told, [(0, 10000), (60, 16000), (120, 22000), (180, 28000)])
    point.write(28000)
    equal(point.news(10**6), False)


def test_only_who_has_set_the_current_feeds_its_watchdog():
    point = SetPoint(30000, 6000)
    point.write(16000, "one")
    point.hear(0, "one", True)
    # Another one reads, and writes something else.
    for ms in range(1000, 30000, 1000):
        point.hear(ms, "other", False)
        point.hear(ms, "other", True)
    equal((point.left_ms(29000), point.limit(29000), point.struck()), (1000, 16000, False))
    equal((point.limit(30000), point.struck(), point.left_ms(30000)), (6000, True, 0))
    point.hear(31000, "other", False)
    equal(point.struck(), True)
    point.hear(32000, "one", False)
    equal((point.limit(32000), point.struck(), point.left_ms(32000)), (16000, False, 30000))
    # Whoever sets it from now on holds it.
    point.write(10000, "other")
    point.hear(33000, "other", True)
    point.hear(60000, "one", False)
    equal(point.limit(63000), 6000)


def test_reading_arms_no_watchdog_and_the_first_write_does():
    point = SetPoint(30000, 6000)
    point.hear(0, "one", False)
    equal((point.watched, point.left_ms(0), point.limit(10**6)), (False, 0, NO_LIMIT))
    point.arm(10**6)
    point.arm(10**6 + 20000)
    equal((point.watched, point.left_ms(10**6 + 20000)), (True, 10000))
    equal((point.limit(10**6 + 30000), point.struck()), (6000, True))


def test_what_holds_is_named_failsafe_where_it_is():
    managers = make()
    silent, good = managers.point("silent", 30000), managers.point("good", 0)
    for point, ma in ((silent, 16000), (good, 10000)):
        point.write(ma)
        point.feed(0)
    equal((managers.limit(0, ALL), managers.failsafe), (10000, False))
    equal((managers.limit(30000, ALL), managers.failsafe), (6000, True))
    good.write(0)
    equal((managers.limit(30200, ALL), managers.failsafe), (0, False))
    managers = make(required=True, safe_current=8)
    equal((managers.limit(0, ALL), managers.failsafe), (8000, True))


def test_a_new_set_point_is_told_in_words():
    class Told:
        def __init__(self):
            self.texts = []

        def tell(self, now, who, text):
            self.texts.append((who, text))

    managers, told = make(), Told()
    point = managers.point("one", 0)
    managers.tell(0, told)
    equal(told.texts, [])
    point.write(10500, "ems:one")
    managers.tell(0, told)
    managers.tell(200, told)
    point.write(NO_LIMIT, "ems:one")
    managers.tell(61000, told)
    equal(told.texts, [("ems:one", "sets at most 10.5 A"), ("ems:one", "no limit any more")])


def test_a_watchdog_that_has_struck_has_no_time_left_and_others_phases_do_not_count():
    managers = make()
    for phase, ma in ((0, 20000), (1, 10000)):
        managers.point("L" + str(phase + 1), 30000, phase).write(ma)
        managers.point("L" + str(phase + 1), 30000, phase).feed(0)
    equal((managers.network_limit(0, 0), managers.network_limit(0, 1)), (20000, 10000))
    equal(managers.network_limit(0, 2), NO_LIMIT)
    managers.limit(30000, ALL)
    # The wrapped clock has come round: it is not good again.
    equal(managers.point("L1", 30000, 0).left_ms(TICKS_MASK), 0)
    equal(managers.network_limit(TICKS_MASK, 0), 6000)
