"""A pilot line that flips to and fro does not wear the contactor out."""

from bench import Bench

from checks import equal
from fairamp import words
from fairamp.charging import faults, limits
from fairamp.charging.unsteady import Unsteady
from fairamp.units import TICKS_MASK, later


class Flipping:
    """A car whose line goes from letter to letter every 300 ms; `closings` of the contactor so far, as ms."""

    def __init__(self, letters="CB", **how):
        self.letters = letters
        self.bench = Bench(**how)
        self.bench.show("B", 400)
        self.closings = []
        self.flips = 0

    def run(self, seconds):
        bench = self.bench
        end = bench.ms + 1000 * seconds
        while bench.ms < end:
            if bench.ms % 300 < 20:
                bench.letter = self.letters[self.flips % len(self.letters)]
                self.flips += 1
            before = bench.point.contactor
            bench.step()
            if bench.point.contactor and not before:
                self.closings.append(bench.ms)
        return self

    def unsteady(self):
        return self.bench.point.guard.faults.has(faults.UNSTEADY)


def test_a_line_that_flips_between_b_and_c_closes_the_contactor_four_times_and_has_to_rest():
    car = Flipping().run(20)
    point = car.bench.point
    equal((len(car.closings), car.unsteady(), point.offer_ma, point.lock), (4, True, 0, False))
    assert "unsteady" in words.point(point), words.point(point)
    assert point.guard.faults.errors() & 1 << 3
    # It is no state F: the car did not ask for help.
    assert point.state in ("B1", "C1"), point.state
    # It has another try after each rest: 30 s, then 60 s.
    car.run(110)
    gaps = [b - a for a, b in zip(car.closings, car.closings[1:])]
    equal(len(car.closings), 6)
    assert max(gaps[:3]) < 6000 and 30000 <= gaps[3] < 35000 and 60000 <= gaps[4] < 65000, gaps


def test_a_line_that_seems_unplugged_for_a_moment_does_not_end_the_rest():
    for letters in ("BCA", "BCBA"):
        car = Flipping(letters).run(30)
        assert car.unsteady() and len(car.closings) == 4, (letters, car.closings)
        closed = len(car.closings)
        car.bench.show("A", 4000)
        assert car.unsteady()
        car.bench.show("B", 400).show("C", 1000)
        equal((car.unsteady(), car.bench.point.contactor, len(car.closings)), (True, False, closed))


def test_whoever_unplugs_has_one_more_try_and_after_a_minute_all_of_them():
    car = Flipping().run(20)
    bench = car.bench
    assert car.unsteady()
    bench.show("A", 5200)
    equal((car.unsteady(), bench.point.guard.locked_out), (False, False))
    assert bench.charge().point.contactor
    bench.show("B", 3000)
    assert car.unsteady()
    bench.show("A", 60200)
    equal(car.unsteady(), False)
    car.flips = 0
    car.run(4)
    assert not car.unsteady()


def test_a_car_that_is_steady_after_a_rest_charges_on():
    bench = Flipping().run(20).bench
    bench.show("C", 40000)
    assert bench.point.contactor and not bench.point.guard.faults.active
    assert bench.run(20000).point.contactor


def test_what_the_box_itself_ends_is_not_counted():
    bench = Bench(reading_ms=1000).charge()
    for _ in range(6):
        bench.point.limits.set(limits.EMS, 0)
        bench.run(200)
        bench.show("B", 3000)
        bench.point.limits.set(limits.EMS, 16000)
        bench.run(5000)
        bench.show("C", 1000)
        assert bench.point.contactor
    assert not bench.point.guard.faults.has(faults.UNSTEADY)


def test_other_faults_are_not_counted_either():
    bench = Bench().charge()
    guard = bench.point.guard
    for _ in range(6):
        bench.inputs.voltage_mv[0] = 100000
        bench.run(2000)
        assert guard.faults.has(faults.INPUT_VOLTAGE) and not bench.point.contactor
        bench.inputs.voltage_mv[0] = 230000
        bench.run(500)
        guard.locked_out = False  # of another test
        bench.run(6000)
        assert bench.point.contactor
    assert not guard.faults.has(faults.UNSTEADY)


def test_a_line_that_is_shorted_for_a_moment_is_counted():
    bench = Bench().charge()
    guard = bench.point.guard
    for _ in range(4):
        assert bench.point.contactor and not guard.faults.active
        bench.show("E", 200).show("A", 300)
        guard.locked_out = False  # of the shorted line
        bench.charge(3400)
    assert guard.faults.has(faults.UNSTEADY) and not bench.point.contactor


def test_what_the_board_opens_by_itself_is_counted():
    bench = Bench().charge()
    for _ in range(4):
        assert not bench.point.guard.faults.has(faults.UNSTEADY)
        assert bench.point.contactor
        bench.point.fell()
        bench.run(40)
        assert not bench.point.contactor
        bench.run(2600)
    assert bench.point.guard.faults.has(faults.UNSTEADY)
    equal(bench.point.contactor, False)


def tries(seconds, start=0, closed_s=1, gone_s=0, open_s=0):
    """Moments in s at which the contactor closes, for so many s each, where nothing but the rests forbids it.

    In between it is open for so many s, and unplugged for some of them.
    """
    unsteady, found, ends = Unsteady(), [], -3600
    for second in range(seconds):
        if second > ends + max(gone_s, open_s) and not unsteady.rests:
            ends = second + closed_s
            found.append(second)
        closed = second < ends
        gone = not closed and (second - ends) % (gone_s + 2) < gone_s
        unsteady.step(later(start, 1000 * second), closed, not unsteady.rests, gone, False)
    return found


def test_an_hour_of_flipping_comes_to_a_few_closings_across_the_roll_over():
    for start in (0, TICKS_MASK - 1000000):
        found = tries(3600, start)
        assert 12 <= len(found) <= 20, found
        longest = max([b - a for a, b in zip(found, found[1:])])
        assert 300 <= longest <= 303, longest


def test_a_line_that_flips_slowly_or_seems_unplugged_for_longer_has_to_rest_too():
    for how in ({"closed_s": 20}, {"closed_s": 50}, {"gone_s": 6}, {"gone_s": 20}, {"closed_s": 20, "gone_s": 8}):
        found = tries(3600, **how)
        assert 12 <= len(found) <= 40, (how, found)


def test_a_car_that_charges_for_a_minute_is_left_alone():
    equal(len(tries(1240, closed_s=61)), 20)


def test_a_car_that_pauses_itself_a_few_times_is_left_alone():
    found = tries(600, closed_s=30, open_s=49)
    equal([b - a for a, b in zip(found, found[1:])][:6], [80] * 6)


def test_old_troubles_are_forgotten_after_ten_calm_minutes():
    unsteady, now = Unsteady(), 0

    def soon():
        nonlocal now
        for closed in (True, False):
            now += 1000
            unsteady.step(now, closed, True, False, False)

    for _ in range(3):
        soon()
    for _ in range(599):
        now += 1000
        unsteady.step(now, False, True, False, False)
    soon()
    assert unsteady.rests
    for _ in range(601):
        now += 1000
        unsteady.step(now, False, True, False, False)
    soon()
    assert not unsteady.rests
