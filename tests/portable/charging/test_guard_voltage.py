"""The voltage at the input, phase by phase, however often it is read."""

from bench import Bench
from guard_checks import IN_TURN, recovers, stopped

from fairamp.charging import faults


def test_input_voltage_out_of_range_and_back():
    for mv in (195000, 265000, 0):
        bench = Bench().charge()
        bench.inputs.voltage_mv[0] = mv
        assert bench.run(1000).point.contactor
        bench.run(600)
        stopped(bench, faults.INPUT_VOLTAGE, 0)
        bench.inputs.voltage_mv[0] = 230000
        assert recovers(bench)


def test_every_reading_is_looked_at_however_often_they_come():
    # A multiple of three steps, and others: the slow checks take turns in three.
    for reading_ms in (180, 200, 220):
        bench = Bench(reading_ms=reading_ms).charge()
        bench.inputs.voltage_mv[0] = 195000
        bench.run(2 * reading_ms + 1000 + IN_TURN)
        stopped(bench, faults.INPUT_VOLTAGE, 0)


def test_phases_that_are_not_wired_are_no_fault():
    bench = Bench(started=False)
    bench.inputs.voltage_mv[1] = bench.inputs.voltage_mv[2] = 0
    bench.run(2200)
    assert bench.charge(3000).point.contactor
    bench.inputs.voltage_mv[2] = 150000
    bench.run(1600)
    stopped(bench, faults.INPUT_VOLTAGE, 0)


def test_a_phase_that_was_there_and_is_gone_is_a_fault():
    bench = Bench().charge()
    bench.inputs.voltage_mv[1] = 0
    bench.run(1600)
    stopped(bench, faults.INPUT_VOLTAGE, 0)
