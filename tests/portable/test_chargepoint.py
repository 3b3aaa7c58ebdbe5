from checks import equal
from fairamp import chargepoint, limits, pilot
from fairamp.chargepoint import ChargePoint

STEP = 20


class Bench:
    """A charge point with a car that is a resistor and a diode."""

    def __init__(self, allowed=16000):
        self.point = ChargePoint()
        self.point.limits.set(limits.BALANCE, allowed)
        self.now = 0

    def run(self, high, ms=STEP, low=-12000):
        point = self.point
        for _ in range(ms // STEP):
            self.now += STEP
            ups = 128 * point.duty // 10000
            samples = [high] * ups + [low] * (128 - ups)
            point.step(self.now, samples, 128)


def test_plug_in_charge_and_leave():
    bench = Bench()
    bench.run(12000, 200)
    equal((bench.point.state, bench.point.duty), (chargepoint.NOT_CONNECTED, pilot.STEADY))
    bench.run(9000, 200)
    equal((bench.point.state, bench.point.duty, bench.point.contactor), (chargepoint.CONNECTED, 2666, False))
    bench.run(6000, 200)
    equal((bench.point.state, bench.point.contactor), (chargepoint.CHARGING, True))
    bench.run(9000)
    equal((bench.point.state, bench.point.contactor), (chargepoint.CONNECTED, False))
    bench.run(6000, 100)
    bench.run(12000)
    equal(
        (bench.point.state, bench.point.contactor, bench.point.duty),
        (chargepoint.NOT_CONNECTED, False, pilot.STEADY),
    )


def test_no_diode_no_contactor():
    bench = Bench()
    bench.run(9000, 100, low=-12000)
    bench.run(6000, 1000, low=-6000)
    assert not bench.point.contactor


def test_a_lower_limit_acts_at_once_and_a_higher_one_after_5_s():
    bench = Bench()
    bench.run(9000, 100)
    bench.run(6000, 100)
    bench.point.limits.set(limits.EMS, 10000)
    bench.run(6000)
    equal(bench.point.offer_ma, 10000)
    bench.point.limits.set(limits.EMS, 12000)
    bench.run(6000, 4000)
    equal(bench.point.offer_ma, 10000)
    bench.run(6000, 2000)
    equal(bench.point.offer_ma, 12000)


def test_a_car_that_goes_on_drawing_is_cut_off_after_6_s():
    bench = Bench()
    bench.run(9000, 100)
    bench.run(6000, 100)
    bench.point.limits.set(limits.EMS, 0)
    bench.run(6000, 5800)
    assert bench.point.contactor and bench.point.duty == pilot.STEADY
    bench.run(6000, 400)
    assert not bench.point.contactor


def test_fault_on_the_line_opens():
    for high in (3000, 0):
        bench = Bench()
        bench.run(9000, 100)
        bench.run(6000, 100)
        bench.run(high)
        equal((bench.point.state, bench.point.contactor), (chargepoint.FAULT, False))


def test_a_blind_pilot_opens():
    bench = Bench()
    bench.run(9000, 100)
    bench.run(6000, 100)
    for _ in range(60):
        bench.now += STEP
        bench.point.step(bench.now, [0] * 128, 0)
    equal((bench.point.letter, bench.point.contactor), ("E", False))
