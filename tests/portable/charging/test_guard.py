import sys

from bench import Bench

from checks import equal
from fairamp import words
from fairamp.charging import faults, limits, pilot

# The slow checks come one after the other, and so does what they lead to.
IN_TURN = 80


def holds(bench, fault):
    return bench.point.guard.faults.has(fault)


def stopped(bench, fault, bit):
    """Is the box stopped by this fault, and does it say so?"""
    point = bench.point
    assert holds(bench, fault), point.guard.faults.texts()
    equal((point.contactor, point.offer_ma), (False, 0))
    assert point.guard.faults.errors() & 1 << bit
    assert words.point(point) in point.guard.faults.texts()


def recovers(bench, ms=40000):
    """Once the cause is gone, the car charges again after the lock-out, and not before."""
    assert not bench.run(25000).point.offer_ma
    return bench.show("B", ms - 25000).show("C", 1000).point.contactor


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


def test_the_cable_limits_and_its_faults_stop():
    bench = Bench()
    bench.inputs.proximity_ohm = 1500
    equal((bench.charge().point.offer_ma, words.text(bench.point.limits.cause())), (13000, "cable"))
    bench.inputs.proximity_ohm = 300
    bench.inputs.proximity_ohm = 3000
    equal(bench.run(IN_TURN).point.offer_ma, 0)
    bench.run(1000)
    stopped(bench, faults.PROXIMITY, 7)
    bench = Bench()
    bench.inputs.proximity_ohm = 9999  # no plug at all in the socket
    equal((bench.charge().point.offer_ma, bench.point.guard.faults.active), (0, 0))


def test_the_socket_lock():
    bench = Bench()
    bench.inputs.locked = True
    assert bench.charge(5000).point.contactor and bench.point.lock
    bench.inputs.locked = False
    assert bench.run(2900).point.contactor
    bench.run(200)
    stopped(bench, faults.LOCK, 9)
    bench.inputs.locked = True
    assert recovers(bench)
    assert not bench.show("A", 200).point.lock
    bench.inputs.locked = False
    assert not bench.charge(2000).point.contactor


def test_the_lock_never_lets_go_under_load_and_lets_go_for_another_cable():
    bench = Bench()
    bench.inputs.locked = True
    bench.charge(5000)
    bench.draw, bench.welded = (16000, 0, 0), True
    bench.point.session.stop()
    assert bench.run(60000).point.lock
    bench = Bench().charge(5000)
    bench.show("E", 1000)
    equal((bench.point.state, bench.point.lock), ("E", False))


def test_temperature_warns_reduces_stops_and_returns():
    bench = Bench(allowed=32000, max=32, limit=32).charge()
    for dc, offer in ((590, 25000), (650, 25000), (700, 23000), (750, 14000), (799, 6000)):
        bench.inputs.temperature_dc = dc
        equal(bench.run(IN_TURN).point.offer_ma, offer)
        equal(bool(bench.point.guard.faults.warnings & 1 << faults.WARN_TEMPERATURE), dc >= 600)
    equal(words.text(bench.point.limits.cause()), "temperature")
    bench.inputs.temperature_dc = 800
    bench.run(IN_TURN)
    stopped(bench, faults.TEMPERATURE, 5)
    bench.inputs.temperature_dc = 760
    bench.run(100)
    stopped(bench, faults.TEMPERATURE, 5)
    bench.inputs.temperature_dc = 740
    assert recovers(bench)
    assert bench.point.offer_ma <= 16000


def test_a_lost_temperature_sensor_stops_where_one_is_fitted():
    assert Bench().charge().point.contactor
    bench = Bench(temperature_sensor=True).charge()
    stopped(bench, faults.SENSOR_LOST, 5)
    bench.inputs.temperature_dc = 300
    assert recovers(bench)


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
    equal(len(faults.FAULTS), 11)
    assert limits.CAUSES


def test_a_thin_cable_is_known_before_the_first_offer():
    for shift in range(3):
        bench = Bench(allowed=32000, max=32)
        bench.run(20 * shift + 20)
        bench.inputs.proximity_ohm = 1500
        bench.letter = "B"
        offers = set()
        for _ in range(50):
            bench.step()
            offers.add(bench.point.offer_ma)
        equal(offers, {0, 13000})
