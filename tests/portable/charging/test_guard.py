"""What holds for every fault: checks take turns, one wrong reading is none, several have all to go."""

import sys

from bench import Bench
from guard_checks import IN_TURN, stopped

from checks import equal
from fairamp import words
from fairamp.charging import faults, limits


def test_readings_without_a_pause_keep_no_slow_check_from_its_turn():
    for name, value, fault, bit in (
        ("proximity_ohm", 3000, faults.PROXIMITY, 7),
        ("temperature_dc", 900, faults.TEMPERATURE, 5),
    ):
        bench = Bench(reading_ms=40).charge()
        setattr(bench.inputs, name, value)
        # Every second step has a reading, so a turn takes twice as long.
        bench.run(1000 + 4 * IN_TURN)
        stopped(bench, fault, bit)


def test_one_wrong_reading_is_no_fault():
    bench = Bench(reading_ms=10000).charge(20000)
    bench.inputs.voltage_mv[0] = 190000
    bench.run(9000)
    bench.inputs.voltage_mv[0] = 230000
    assert bench.run(20000).point.contactor
    bench.inputs.proximity_ohm = 0
    bench.run(500)
    bench.inputs.proximity_ohm = 220
    bench.run(1000)
    equal(bench.point.guard.faults.active, 0)


def test_what_is_not_known_any_more_does_not_lift_what_was():
    bench = Bench(allowed=32000, limit=32).charge()
    bench.inputs.temperature_dc = 790
    equal(bench.run(IN_TURN).point.offer_ma, 7000)
    bench.inputs.temperature_dc = None
    equal(bench.run(4000).point.offer_ma, 7000)
    bench.run(2000)
    stopped(bench, faults.SENSOR_LOST, 5)
    bench = Bench().charge()
    bench.inputs.voltage_mv[0] = 300000
    bench.run(2000)
    bench.inputs.measured = False
    bench.run(60000)
    stopped(bench, faults.INPUT_VOLTAGE, 0)


def test_the_fuse_of_the_house_is_a_limit_of_its_own():
    equal(words.text(Bench(allowed=40000).charge().point.limits.cause()), "maximum from the grid")


def test_several_faults_at_once_all_have_to_go():
    bench = Bench().charge()
    bench.inputs.leakage = True
    bench.inputs.voltage_mv[0] = 100000
    bench.run(2000)
    equal(bench.point.guard.faults.errors(), 1 << 8 | 1 << 0)
    bench.inputs.leakage = False
    bench.show("A", 5000)
    equal(bench.point.guard.faults.errors(), 1)
    equal(bench.point.state, "F")
    bench.inputs.voltage_mv[0] = 230000
    equal(bench.run(400).point.state, "A")


def test_every_fault_has_all_its_columns():
    for name, bit, text, end, remedy in faults.FAULTS:
        assert name and text and end and 0 <= bit <= 10
        # What a person has to do stands in the documents, not on a chip.
        assert remedy or sys.implementation.name == "micropython"
    equal(len(faults.FAULTS), 12)
    assert limits.CAUSES
