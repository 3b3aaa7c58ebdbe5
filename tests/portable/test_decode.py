import struct

from checks import equal, raises
from fairamp.meters.decode import Decoder, Implausible
from fairamp.meters.rows import METERS
from fairamp.reading import Reading

ROW = METERS["eastron_sdm630"]


def answer(volts=(230.5, 231.0, 229.0), amps=(1.0, 2.5, 16.0), watts=(230.0, -577.0, 3600.0), kwh=12.5):
    decoder = Decoder(ROW)
    decoder.take((0, 18), struct.pack(">9f", *(tuple(volts) + tuple(amps) + tuple(watts))), 0)
    decoder.take((72, 2), struct.pack(">f", kwh), 0)
    return decoder


def test_a_good_answer():
    reading = Reading()
    answer().fill(reading)
    equal(reading.current_ma, [1000, -2500, 16000])
    equal(reading.voltage_mv, [230500, 231000, 229000])
    equal(reading.power_w, [230, -577, 3600])
    equal(reading.energy_wh, 12500)


def test_impossible_values_change_nothing():
    for bad in (float("nan"), float("inf"), 401.0, -1e9):
        reading = Reading()
        with raises(Implausible, "current L2"):
            answer(amps=(1.0, bad, 2.0)).fill(reading)
        equal(reading.current_ma, [0, 0, 0])
    with raises(Implausible, "voltage L1"):
        answer(volts=(1000.0, 230.0, 230.0)).fill(Reading())
