"""Leakage and its sensor, and boxes without one."""

from bench import Bench
from guard_checks import holds, recovers, stopped

from checks import equal
from fairamp import words
from fairamp.charging import faults, pilot


def test_leakage_opens_at_once_and_waits_for_unplugging():
    bench = Bench().charge()
    bench.inputs.leakage = True
    bench.run()
    stopped(bench, faults.LEAKAGE, 8)
    equal((bench.point.state, bench.point.duty), ("F", pilot.NOT_AVAILABLE))
    bench.inputs.leakage = False
    equal(bench.run(60000).point.state, "F")
    equal(bench.show("A", 200).point.state, "A")
    assert not holds(bench, faults.LEAKAGE)
    assert recovers(bench)


def test_f_is_signalled_for_4_s_then_the_box_looks_for_the_car():
    bench = Bench().charge()
    bench.inputs.leakage = True
    equal(bench.run(3800).point.duty, pilot.NOT_AVAILABLE)
    equal(bench.run(400).point.duty, pilot.STEADY)
    # It stays so, however long the fault lasts.
    for _ in range(100):
        equal(bench.run(1000).point.duty, pilot.STEADY)


def test_leakage_self_test():
    bench = Bench().charge()
    bench.inputs.leakage_test_failed = True
    bench.run()
    stopped(bench, faults.LEAKAGE_TEST, 2)


def without_sensor():
    """Both inputs are open, as on a board where nothing is wired to them."""
    bench = Bench(leakage="none")
    bench.inputs.leakage = bench.inputs.leakage_test_failed = True
    return bench


def test_inputs_without_a_sensor_are_no_fault():
    bench = without_sensor().charge()
    equal((bench.point.contactor, bench.point.guard.faults.active, bench.point.guard.faults.errors()), (True, 0, 0))
    for failed in (True, False):
        bench.inputs.leakage, bench.inputs.leakage_test_failed = not failed, failed
        assert bench.run(1000).point.contactor


def test_without_a_sensor_every_other_fault_stops_as_before():
    bench = without_sensor()
    bench.diode = False
    bench.show("B", 1000)
    stopped(bench, faults.PILOT, 3)
    for name, value, fault, bit in (
        ("output_live", False, faults.NO_OUTPUT, 10),
        ("proximity_ohm", 3000, faults.PROXIMITY, 7),
        ("voltage_mv", [100000, 230000, 230000], faults.INPUT_VOLTAGE, 0),
        ("temperature_dc", 900, faults.TEMPERATURE, 5),
        ("locked", False, faults.LOCK, 9),
    ):
        bench = without_sensor()
        bench.inputs.locked = True
        assert bench.charge(5000).point.contactor, name
        setattr(bench.inputs, name, value)
        bench.run(3100)
        stopped(bench, fault, bit)
        equal(bench.point.guard.faults.errors(), 1 << bit)
    bench = without_sensor()
    bench.draw = (20000, 0, 0)
    assert holds(bench.charge(60000), faults.OVERCURRENT)
    bench = without_sensor()
    bench.inputs.output_live = True
    bench.show("B", 3000)
    stopped(bench, faults.WELDED, 1)
    assert bench.point.guard.trip


def test_a_fault_of_the_sensor_says_what_to_do_when_there_is_none():
    for name in ("leakage", "leakage_test_failed"):
        bench = Bench()
        setattr(bench.inputs, name, True)
        bench.run()
        assert "if no sensor is wired: set [charger] leakage to none" in words.point(bench.point), words.point(
            bench.point
        )
