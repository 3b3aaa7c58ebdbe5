"""Why a charge point offers nothing, as it says it itself."""

from bench import Bench

from checks import equal
from fairamp import cause, reasons, words
from fairamp.charging import faults, limits


def why(bench):
    return cause.of_point(bench.point)


def test_after_a_fault_it_waits():
    bench = Bench().charge()
    bench.show("E", 1000)
    equal(why(bench), (reasons.FAULT, (faults.PILOT,)))
    bench.show("A", 2000)
    assert not bench.point.guard.faults.active
    equal((why(bench), words.point(bench.point)), ((reasons.LOCKED_OUT, ()), "waiting after a fault"))
    bench.run(31000)
    equal(why(bench), (limits.BALANCE, ()))


def test_a_car_that_asks_for_ventilation_where_there_is_none():
    bench = Bench()
    bench.show("B", 400).show("D", 1000)
    equal((why(bench), words.point(bench.point)), ((reasons.NO_VENTILATION, ()), "no ventilation here"))
    bench = Bench(ventilation=True)
    bench.show("B", 400).show("D", 1000)
    equal(why(bench), (limits.BALANCE, ()))


def test_while_phases_are_changed():
    bench = Bench(phase_relay=True, phase_switch=True).charge(5000)
    equal(bench.point.phases.request(bench.now, False), 0)
    steps = []
    for _ in range(1000):
        bench.step()
        reason, values = why(bench)
        if reason == reasons.PHASES and values[0] not in steps:
            steps.append(values[0])
    equal(steps, ["offer withdrawn", "contactor opening", "pilot off", "relay switches", "relay settles"])


def test_a_session_that_was_stopped_or_needs_permission():
    bench = Bench(start="request").charge()
    equal(why(bench), (reasons.UNAUTHORISED, ()))
    bench.point.session.authorise()
    bench.run(1000)
    equal(why(bench), (limits.BALANCE, ()))
    bench.point.session.stop()
    equal(why(bench), (reasons.STOPPED, ()))
