from bench import Bench

from checks import equal
from fairamp import words
from fairamp.charging import pilot
from fairamp.charging.session import Energy, Session
from fairamp.units import TICKS_MASK


def test_energy_keeps_what_is_less_than_a_watt_hour():
    energy = Energy(16777216)  # where single-precision floats stop counting
    for _ in range(3600 * 50):
        energy.add(11, 20)
    equal(energy.wh, 16777216 + 11)
    energy.add(-5000, 10000)
    equal(energy.wh, 16777216 + 11)


def test_energy_and_time_of_a_session():
    bench = Bench(limit=16).charge(0)
    bench.run(3600 * 100)  # six minutes
    session = bench.point.session
    # 16 A on three phases of 230 V, for six minutes but for the first second.
    assert 1095 <= session.energy.wh <= 1104, session.energy.wh
    assert 359 <= session.seconds <= 361, session.seconds
    equal(session.lifetime.wh, session.energy.wh)
    bench.show("A", 1000)
    equal(session.energy.wh, session.lifetime.wh)  # still there to be read
    bench.show("B", 1000)
    equal((session.energy.wh, session.number), (0, 2))
    assert session.lifetime.wh > 1000


def test_authorisation_on_request():
    bench = Bench(start="request")
    bench.point.session.authorise()  # nobody there: does not count for the next car
    bench.charge()
    equal((bench.point.state, bench.point.offer_ma, words.point(bench.point)), ("C1", 0, "waiting for permission"))
    bench.point.session.authorise()
    assert bench.run(1000).point.contactor
    bench.show("A", 200).charge()
    assert not bench.point.contactor


def test_stop_and_start_by_the_user():
    bench = Bench().charge()
    bench.point.session.stop()
    bench.run()
    equal((bench.point.state, words.point(bench.point)), ("C1", "stopped by the user"))
    assert not bench.run(10000).point.contactor
    bench.point.session.start()
    assert bench.run(1000).point.contactor
    bench.point.session.stop()
    bench.show("A", 200).charge(6000)
    assert bench.point.contactor  # a stop ends with its session


def test_the_random_delay_is_within_its_bounds_and_can_be_skipped():
    for chance in (0, 1, 599999, 600000, 600001, 123456789):
        session = Session("auto", 600)
        session.plug(0, chance)
        assert 0 <= session.delay_ms <= 600000
    bench = Bench(start_delay=600)
    bench.inputs.chance = 20000
    bench.charge(10000)
    equal((bench.point.offer_ma, words.point(bench.point)), (0, "start is delayed"))
    assert bench.run(12000).point.contactor
    bench.show("A", 200).charge()
    bench.point.session.start()
    assert bench.run(1000).point.contactor


def test_a_car_that_ends_by_itself_has_finished_until_it_draws_again():
    bench = Bench().charge(2000)
    bench.show("B", 500)
    assert bench.point.session.finished
    equal(words.point(bench.point), "the car has finished")
    bench.show("C", 500)
    assert not bench.point.session.finished


def test_a_pause_for_power_is_not_the_car_s_end():
    bench = Bench().charge(2000)
    bench.point.limits.grant(0)
    bench.run(1000).show("B", 1000)
    assert not bench.point.session.finished
    bench.point.limits.grant(16000)
    bench.run(6000)
    assert not bench.point.session.finished


def test_a_sleeping_car_is_woken_once_per_permit():
    bench = Bench()
    bench.show("B", 59000)
    equal((bench.point.wakeup.count, bench.point.state), (0, "B2"))
    bench.run(2000)
    equal((bench.point.wakeup.count, bench.point.duty), (1, pilot.NOT_AVAILABLE))
    bench.run(3600)
    equal(bench.point.duty, pilot.STEADY)
    bench.run(1000)
    equal(bench.point.duty, 2666)
    equal(bench.run(600000).point.wakeup.count, 1)
    # A new permit, a new attempt; but not for ever.
    for _ in range(10):
        bench.point.limits.grant(0)
        bench.run(1000)
        bench.point.limits.grant(16000)
        bench.run(90000)
    equal(bench.point.wakeup.count, 5)
    bench.show("A", 1000).show("B", 70000)
    equal(bench.point.wakeup.count, 1)


def test_cars_that_charge_or_have_finished_are_not_woken():
    bench = Bench().charge(120000)
    equal(bench.point.wakeup.count, 0)
    equal(bench.show("B", 120000).point.wakeup.count, 0)
    bench = Bench(wake=False)
    equal(bench.show("B", 120000).point.wakeup.count, 0)


def test_sessions_across_the_roll_over():
    bench = Bench(clock=TICKS_MASK - 5000).charge(20000)
    assert 20 <= bench.point.session.seconds <= 21, bench.point.session.seconds
