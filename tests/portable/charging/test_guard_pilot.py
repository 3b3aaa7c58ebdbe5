"""A pilot line without a diode, or shorted."""

from bench import Bench
from guard_checks import stopped

from checks import equal
from fairamp.charging import faults, pilot


def test_no_diode():
    bench = Bench()
    bench.diode = False
    bench.show("B", 1000)
    stopped(bench, faults.PILOT, 3)
    bench.show("C", 30000)
    assert not bench.point.contactor
    bench.diode = True
    bench.show("A", 200)
    equal(bench.point.state, "A")
    bench.show("B", 31000).show("C", 1000)
    assert bench.point.contactor


def test_a_diode_that_dies_while_charging():
    bench = Bench().charge()
    bench.diode = False
    bench.run(60)
    stopped(bench, faults.PILOT, 3)


def test_a_shorted_pilot():
    bench = Bench().charge().show("E", 60)
    stopped(bench, faults.PILOT, 3)
    equal(bench.point.state, "E")
    bench.run(10000)
    equal((bench.point.state, bench.point.duty), ("E", pilot.STEADY))
    equal(bench.show("A", 200).point.state, "A")
