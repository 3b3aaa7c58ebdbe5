"""What others must leave for a car whose offer was cut, until it has followed."""

from checks import equal
from fairamp.sharing.commitment import Commitment

FOLLOW_MS = 6000


def step(one, ms, drawn_ma, charging=True):
    """As the coordinator looks at it."""
    one.expire(ms)
    one.step(ms, drawn_ma, charging)


def cut(drawn_ma, to_ma=8000):
    """A car that had 16 A and drew so much when its offer fell."""
    one = Commitment()
    one.offer(0, 16000, 0)
    step(one, 20000, drawn_ma)
    one.offer(20000, to_ma, drawn_ma)
    return one


def test_a_car_on_its_way_up_may_still_go_to_what_it_had():
    """It draws no more than the new offer, but has not seen it yet."""
    for drawn_ma in (5000, 8000):
        one = cut(drawn_ma)
        for ms in (20000, 23000, 20000 + FOLLOW_MS - 1):
            step(one, ms, drawn_ma)
            equal((drawn_ma, ms, one.committed_ma), (drawn_ma, ms, 16000))
        step(one, 20000 + FOLLOW_MS, drawn_ma)
        equal((one.committed_ma, one.cut_at), (8000, None))


def test_a_car_that_has_come_down_has_followed_at_once():
    for drawn_ma in (8000, 7000):
        one = cut(16000)
        step(one, 21000, 16000)
        equal(one.committed_ma, 16000)
        step(one, 22000, drawn_ma)
        # What it draws less than its offer it may take again at any moment.
        equal((one.committed_ma, one.cut_at), (8000, None))


def test_a_car_that_has_stopped_needs_no_time_to_follow():
    one = cut(5000)
    step(one, 21000, 0)
    equal(one.committed_ma, 16000)
    step(one, 21200, 0, False)
    equal((one.committed_ma, one.cut_at), (8000, None))
    one = cut(5000, 0)
    step(one, 21000, 0)
    equal((one.committed_ma, one.cut_at), (0, None))


def test_a_car_that_comes_down_nearly_counts_with_what_it_draws():
    one = cut(16000)
    step(one, 21000, 8900)
    equal(one.committed_ma, 8900)
    step(one, 21200, 9100)
    equal(one.committed_ma, 8900)


def test_a_greedy_car_counts_with_what_it_draws_and_an_exact_one_with_its_offer():
    one = Commitment()
    one.offer(0, 16000, 0)
    for drawn_ma, counts_ma in ((15000, 16000), (16050, 16000), (16100, 16000), (16101, 16101), (20000, 20000)):
        step(one, 10000, drawn_ma)
        equal((drawn_ma, one.committed_ma), (drawn_ma, counts_ma))


def excess(one, ms, drawn_ma):
    """What is left for its habit after an overload at that moment."""
    step(one, ms, drawn_ma)
    one.note_excess()
    return one.excess_ma


def test_what_a_car_draws_beyond_its_offer_counts_once_it_has_had_its_time():
    one = cut(16000)
    for ms in (20200, 23000, 20000 + FOLLOW_MS - 1):
        equal((ms, excess(one, ms, 16000)), (ms, 0))
    equal(excess(one, 20000 + FOLLOW_MS, 16000), 8000)
    one.forget()
    equal(one.excess_ma, 0)
    one = cut(16000, 0)
    equal(excess(one, 27000, 16000), 0)


def test_a_car_that_has_come_down_nearly_is_known_after_two_seconds():
    one = cut(16000)
    equal((excess(one, 21000, 8900), excess(one, 22999, 8900), excess(one, 23000, 8900)), (0, 0, 900))
    # One that has not come down at all is waited for.
    one = cut(9000)
    equal((excess(one, 21000, 8950), excess(one, 24000, 8950)), (0, 0))
    # And so is one that is still far.
    one = cut(16000)
    equal((excess(one, 21000, 9500), excess(one, 24000, 9500)), (0, 0))


def test_an_excess_that_was_no_habit_is_forgotten_and_a_small_one_when_it_is_exact():
    one = cut(16000)
    equal(excess(one, 27000, 16000), 8000)
    equal(excess(one, 40000, 7000), 0)
    one = cut(16000)
    equal(excess(one, 27000, 8900), 900)
    equal(excess(one, 40000, 7000), 900)
    equal(excess(one, 41000, 8101), 900)
    equal(excess(one, 42000, 7900), 0)


def test_an_offer_rises_from_nothing_at_once_and_else_not_soon_after_the_last_time():
    one = Commitment()
    assert one.may_rise(0)
    one.offer(1000, 8000, 0)
    equal((one.may_rise(5999), one.may_rise(6000)), (False, True))
    one.offer(2000, 0, 0)
    assert one.may_rise(2100)


def test_where_readings_come_slowly_one_that_shows_a_car_nearly_down_is_enough():
    one = cut(16000)
    equal(excess(one, 24499, 8900), 0)
    one = cut(16000)
    equal(excess(one, 25000, 8900), 900)
    # One that has not moved is waited for to the end.
    one = cut(9000)
    equal(excess(one, 25000, 8950), 0)
