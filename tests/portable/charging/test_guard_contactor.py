"""A contactor that is welded, and one that does not close."""

from bench import Bench
from guard_checks import holds, stopped

from fairamp.charging import faults


def test_a_welded_contactor_shows_behind_it():
    bench = Bench()
    bench.inputs.output_live = False
    bench.show("B", 400)
    bench.inputs.output_live = True
    assert not bench.run(1800).point.guard.trip
    bench.run(300)
    stopped(bench, faults.WELDED, 1)
    assert bench.point.guard.trip
    # Tripped, the voltage goes; but the contacts are what they are.
    bench.inputs.output_live = False
    bench.show("A", 60000)
    assert holds(bench, faults.WELDED) and bench.point.guard.trip
    assert not bench.charge(60000).point.contactor


def test_current_through_an_open_contactor_is_welded_too():
    bench = Bench().charge(3000)
    bench.show("B", 40)
    assert not bench.point.contactor
    bench.draw, bench.welded = (9000, 0, 0), True
    bench.run(2000)
    assert not holds(bench, faults.WELDED)
    bench.run(1000)
    stopped(bench, faults.WELDED, 1)


def test_an_old_reading_does_not_look_like_a_weld():
    bench = Bench(reading_ms=30000).charge(35000)
    assert bench.inputs.draw_ma[0] > 10000
    bench.show("B", 20000)
    assert not holds(bench, faults.WELDED)


def test_no_voltage_behind_the_closed_contactor():
    bench = Bench().charge()
    bench.inputs.output_live = False
    assert bench.run(1900).point.contactor
    bench.run(200)
    stopped(bench, faults.NO_OUTPUT, 10)
