"""The cable, and the lock that holds it in the socket."""

from bench import Bench
from guard_checks import IN_TURN, recovers, stopped

from checks import equal
from fairamp import words
from fairamp.charging import faults


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
