"""Heat warns, reduces and stops, and a sensor that is lost stops, too."""

from bench import Bench
from guard_checks import IN_TURN, recovers, stopped

from checks import equal
from fairamp import words
from fairamp.charging import faults


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
