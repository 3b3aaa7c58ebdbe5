from bench import Bench

from checks import equal
from fairamp import reasons, words
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
    equal(words.of_point(bench.point), (reasons.FAULT, (faults.OVERCURRENT, 8000, 16000)))
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
