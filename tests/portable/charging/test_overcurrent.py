from bench import Bench

from checks import equal
from fairamp import cause, reasons, words
from fairamp.charging import faults, limits


def until_paused(bench, most_ms):
    start = bench.ms
    while not bench.point.guard.faults.has(faults.OVERCURRENT):
        bench.run()
        assert bench.ms - start <= most_ms, "no pause in " + str(most_ms) + " ms"
    return bench.ms - start


def test_a_car_that_ignores_the_pilot_is_paused_within_10_s_of_the_signal():
    bench = Bench().charge(10000)
    bench.draw = (16000, 16000, 16000)
    bench.point.limits.set(limits.EMS, 8000)
    took = until_paused(bench, 10000)
    assert took > 5000, took
    equal(bench.point.guard.faults.errors(), 1 << 4)
    said = "code 302: the car draws more than it was offered: 16.0 A, and 8.0 A were allowed"
    equal(words.point(bench.point), said)
    equal(cause.of_point(bench.point), (reasons.FAULT, (faults.OVERCURRENT, 8000, 16000)))
    assert not bench.run(6200).point.contactor


def test_it_resumes_after_300_s_and_pauses_again():
    bench = Bench().charge(10000)
    for count in (1, 2):
        bench.draw = (20000, 0, 0)
        until_paused(bench, 10000)
        equal(bench.point.guard.overcurrent.count, count)
        bench.draw = (0, 0, 0)
        bench.show("B", 1000)
        equal(bench.run(290000).point.offer_ma, 0)
        bench.run(10000)
        equal(bench.point.offer_ma, 16000)
        bench.show("C", 2000)
        assert bench.point.contactor


def test_a_warning_comes_before_the_pause():
    bench = Bench().charge(10000)
    bench.draw = (20000, 0, 0)
    bench.run(400)
    assert bench.point.guard.faults.warnings & 1 << faults.WARN_OVERCURRENT
    equal(bench.point.guard.faults.active, 0)


def test_measuring_error_and_the_car_s_5_s_are_no_over_current():
    bench = Bench().charge(10000)
    bench.draw = (17200, 17200, 17200)
    equal(bench.run(60000).point.guard.overcurrent.count, 0)
    # A car that follows 5 s late, down and up and down.
    for _ in range(20):
        bench.draw = (16000, 16000, 16000)
        bench.point.limits.set(limits.EMS, 6000)
        bench.run(5000)
        bench.draw = (6000, 6000, 6000)
        bench.run(2000)
        bench.point.limits.set(limits.EMS, 16000)
        bench.run(8000)
    equal(bench.point.guard.overcurrent.count, 0)


def test_ten_percent_more_is_over_current():
    bench = Bench().charge(10000)
    bench.draw = (17600, 17600, 17600)
    until_paused(bench, 10000)


def test_a_spike_is_none():
    bench = Bench().charge(10000)
    for _ in range(10):
        bench.draw = (25000, 0, 0)
        bench.run(2000)
        bench.draw = None
        bench.run(2000)
    equal(bench.point.guard.overcurrent.count, 0)


def test_slow_readings_do_not_accuse_a_car_that_obeys():
    bench = Bench(reading_ms=10000).charge(20000)
    for _ in range(20):
        bench.point.limits.set(limits.EMS, 6000)
        bench.run(15000)
        bench.point.limits.set(limits.EMS, 16000)
        bench.run(15000)
    equal(bench.point.guard.overcurrent.count, 0)


def test_unplugging_ends_the_pause():
    bench = Bench().charge(10000)
    bench.draw = (20000, 0, 0)
    until_paused(bench, 10000)
    bench.draw = None
    bench.show("A", 1000).charge(6000)
    assert bench.point.contactor


JITTER = (0, 90, -60, 30, -100, 70)


def ignored(bench, draw_ma, ms, over=True):
    """The car draws that, whatever it is offered; so long it took until its contactor opened, or None."""
    bench.point.guard.overcurrent.over = over
    start = bench.ms
    while bench.ms - start < ms:
        drawn = draw_ma + JITTER[bench.ms // 200 % len(JITTER)]
        bench.draw = (drawn, drawn, drawn)
        if not bench.run().point.contactor:
            return bench.ms - start
    return None


def told(offer_ma, reading_ms=1000):
    """A car that charges with 16 A, or with less if it can use no more, and is told to draw less."""
    bench = Bench(reading_ms=reading_ms).charge(10000)
    bench.point.limits.set(limits.EMS, offer_ma)
    return bench


def test_where_the_fuse_is_over_a_car_that_ignores_the_pilot_is_off_after_6_s():
    for reading_ms in (200, 1000, 5000):
        took = ignored(told(8000, reading_ms), 16000, 20000)
        assert took is not None and 5900 <= took <= 6000 + reading_ms + 200, (reading_ms, took)
    # One that draws only a little more is none too few.
    bench = Bench(reading_ms=1000).charge(10000)
    equal(ignored(bench, 14000, 3000, over=False), None)
    bench.point.limits.set(limits.EMS, 13000)
    took = ignored(bench, 14000, 20000)
    assert took is not None and took <= 7200, took


def test_where_it_is_not_over_nobody_is_in_a_hurry():
    took = ignored(told(8000), 16000, 30000, over=False)
    assert took is not None and 14000 < took < 17000, took
    equal(ignored(told(13000), 14000, 30000, over=False), None)


def test_a_hurried_pause_is_told_as_any_other_and_ends_as_any_other():
    bench = told(8000)
    assert ignored(bench, 16000, 20000)
    values = words.of_point(bench.point)[1]
    equal(values[:2], (faults.OVERCURRENT, 8000))
    equal((bench.point.offer_ma, bench.point.guard.overcurrent.count), (0, 1))
    bench.point.guard.overcurrent.over = False
    bench.draw = None
    bench.show("B", 1000)
    equal(bench.run(290000).point.offer_ma, 0)
    equal(bench.run(12000).point.offer_ma, 8000)
    bench.show("C", 3000)
    assert bench.point.contactor


def test_a_car_that_comes_down_late_or_slowly_is_not_cut_off():
    for follows_ms in (4500, 4900):
        for reading_ms in (200, 1000, 3000, 4600, 5000):
            bench = told(8000, reading_ms)
            equal((follows_ms, reading_ms, ignored(bench, 16000, follows_ms)), (follows_ms, reading_ms, None))
            equal((follows_ms, reading_ms, ignored(bench, 8000, 20000)), (follows_ms, reading_ms, None))
    # 16, 15, 14 ... A: it takes 8 s, but one sees that it comes.
    bench = told(8000)
    for amps in range(16, 8, -1):
        equal(ignored(bench, 1000 * amps, 1000), None)


def test_who_is_told_less_and_less_has_his_time_each_time():
    bench = told(13000)
    equal(ignored(bench, 16000, 3000), None)
    bench.point.limits.set(limits.EMS, 8000)
    equal(ignored(bench, 16000, 1500), None)
    equal(ignored(bench, 13000, 3000), None)
    equal(ignored(bench, 8000, 20000), None)
    # And who moves for none of it has it once.
    bench = told(13000)
    equal(ignored(bench, 16000, 3000), None)
    bench.point.limits.set(limits.EMS, 8000)
    took = ignored(bench, 16000, 20000)
    assert took is not None and took <= 4200, took


def test_rounding_and_the_differences_of_meters_do_not_cut_off_a_car_that_follows():
    for offer_ma, draw_ma in ((6000, 6300), (13000, 13400), (16000, 16500)):
        equal((offer_ma, ignored(told(offer_ma), draw_ma, 60000)), (offer_ma, None))


def test_a_spike_is_none_with_the_fuse_over_either():
    for reading_ms in (200, 1000, 5000):
        bench = Bench(reading_ms=reading_ms).charge(10000)
        for _ in range(5):
            equal((reading_ms, ignored(bench, 25000, 2000)), (reading_ms, None))
            equal((reading_ms, ignored(bench, 16000, 8000)), (reading_ms, None))


def test_what_was_too_much_long_ago_does_not_count_when_the_fuse_is_over():
    """Its time begins with the overload."""
    bench = told(13000)
    equal(ignored(bench, 14000, 60000, over=False), None)
    took = ignored(bench, 14000, 20000)
    assert took is not None and took > 5900, took


def test_readings_that_stopped_prove_nothing():
    bench = told(8000)
    equal(ignored(bench, 16000, 3000), None)
    bench.inputs.measured = False
    equal(ignored(bench, 16000, 20000), None)


def test_a_pause_that_ends_is_over_even_if_nothing_new_was_read_since():
    bench = told(8000)
    assert ignored(bench, 16000, 20000)
    bench._reading_ms = 1 << 29  # its meter tells nothing any more, and the fuse seems to stay over
    bench.run(310000)
    over = bench.point.guard.overcurrent
    equal((over.count, over.paused, over.at_once), (1, False, False))
