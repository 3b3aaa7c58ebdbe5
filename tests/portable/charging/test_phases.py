from bench import Bench

from checks import equal
from fairamp import refusals
from fairamp.charging import limits, phases


def switching(**more):
    return Bench(phase_relay=True, phase_switch=True, **more)


def obey(bench, ms):
    """A car that stops as soon as there is no offer, and comes back with it."""
    seen = []
    for _ in range(ms // 20):
        duty = bench.point.duty
        bench.show("C" if 0 < duty < 10000 else "B")
        name = bench.point.phases.stage
        if not seen or seen[-1] != name:
            seen.append(name)
        moved = bench.point.phases.three
        assert not (bench.point.contactor and name in (phases.PILOT_OFF, phases.SWITCHING, phases.SETTLING))
        bench.moved = moved
    return seen


def test_down_to_one_phase_step_by_step():
    bench = switching().charge(5000)
    equal(bench.point.phases.request(bench.now, False), refusals.DONE)
    seen = obey(bench, 20000)
    equal(
        seen,
        [
            phases.WITHDRAWING,
            phases.OPENING,
            phases.PILOT_OFF,
            phases.SWITCHING,
            phases.SETTLING,
            phases.VERIFYING,
        ],
    )
    equal((bench.point.phases.three, bench.point.contactor, bench.point.terminals()), (False, True, 1))
    bench.draw = (16000, 0, 0)
    obey(bench, 61000)
    equal(bench.point.phases.stage, phases.IDLE)


def test_the_pilot_is_off_for_5_s_and_never_under_load():
    bench = switching().charge(5000)
    bench.point.phases.request(bench.now, False)
    off = 0
    relay_moved_at = None
    three = True
    for _ in range(1500):
        bench.show("C" if 0 < bench.point.duty < 10000 else "B")
        off += 20 if bench.point.duty == 0 else 0
        if bench.point.phases.three is not three:
            three = bench.point.phases.three
            relay_moved_at = bench.ms
            assert not bench.point.contactor and bench.point.duty == 0
    assert relay_moved_at is not None
    assert off >= 5000, off


def test_all_is_off_for_2_s_before_and_after_the_relay_moves():
    bench = switching().charge(5000)
    bench.point.phases.request(bench.now, False)
    moments = []
    for _ in range(1500):
        bench.show("C" if 0 < bench.point.duty < 10000 else "B")
        seen = (bench.point.duty == 0, bench.point.phases.three)
        if not moments or moments[-1][1] != seen:
            moments.append((bench.ms, seen))
    equal([seen for _, seen in moments], [(False, True), (True, True), (True, False), (False, False)])
    _, off, moved, on = [ms for ms, _ in moments]
    # The pilot alone is off for 5 s first; each is seen one step late.
    assert moved - off >= 5000 + 2000 - 40, moved - off
    assert on - moved >= 2000 - 40, on - moved


def test_a_car_that_goes_on_drawing_is_opened_first_and_a_welded_one_never_switched():
    bench = switching().charge(5000)
    bench.point.phases.request(bench.now, False)
    bench.draw = (16000, 16000, 16000)
    bench.run(5000)
    assert bench.point.phases.three
    bench.run(20000)
    equal(bench.point.phases.three, False)
    # A contactor that is live behind, or a meter that says nothing: open is not known, so nothing moves.
    for name, value in (("output_live", True), ("measured", False)):
        bench = switching().charge(5000)
        bench.point.phases.request(bench.now, False)
        setattr(bench.inputs, name, value)
        obey(bench, 60000)
        assert bench.point.phases.three, name
    bench = switching().charge(5000)
    bench.draw, bench.welded = (16000, 16000, 16000), True
    bench.point.phases.request(bench.now, False)
    bench.run(60000)
    assert bench.point.phases.three


def test_refusals():
    bench = Bench(phase_switch=True).charge()
    equal(bench.point.phases.request(bench.now, False), refusals.NO_RELAY)
    bench = Bench(phase_relay=True).charge()
    equal(bench.point.phases.request(bench.now, False), refusals.NOT_SWITCHED)
    bench = switching().charge(5000)
    equal(bench.point.phases.request(bench.now, True), refusals.DONE)
    equal(bench.point.phases.request(bench.now, False), refusals.DONE)
    bench.run(1000)
    equal(bench.point.phases.request(bench.now, True), refusals.UNDER_WAY)
    obey(bench, 80000)
    equal(bench.point.phases.request(bench.now, True), refusals.TOO_SOON)
    obey(bench, 240000)
    equal(bench.point.phases.request(bench.now, True), refusals.DONE)
    obey(bench, 20000)
    assert bench.point.phases.three


def test_failed_changes_are_counted_and_then_left_alone():
    bench = switching().charge(5000)
    for _ in range(3):
        equal(bench.point.phases.request(bench.now, False), refusals.DONE)
        bench.draw, bench.welded = (16000, 0, 0), True
        bench.run(40000)
        bench.draw, bench.welded = None, False
        bench.show("B", 320000).show("C", 6000)
    equal(bench.point.phases.request(bench.now, False), refusals.GIVEN_UP)
    bench.show("A", 1000).charge(6000)
    equal(bench.point.phases.request(bench.now, False), refusals.DONE)


def test_a_relay_that_hangs_is_noticed():
    bench = switching().charge(5000)
    bench.point.phases.request(bench.now, False)
    obey(bench, 16000)
    bench.draw = (16000, 16000, 16000)
    bench.show("C", 3000)
    equal((bench.point.phases.stage, bench.point.phases.failed), (phases.IDLE, 1))
    # What is drawn counts, wherever the relay should stand.
    equal(bench.point.terminals(), 7)


def test_a_one_phase_car_is_noticed_and_its_phases_taken_back_at_once():
    bench = Bench().charge(3000)
    bench.draw = (16000, 0, 0)
    equal(bench.run(15000).point.terminals(), 7)
    equal(bench.run(10000).point.terminals(), 1)
    bench.draw = (16000, 1100, 0)
    bench.run(200)
    equal(bench.point.terminals(), 3)
    bench.draw = (16000, 0, 0)
    equal(bench.run(30000).point.terminals(), 1)
    bench.show("A", 1000)
    equal(bench.point.terminals(), 7)


def test_a_two_phase_car_and_a_resting_one():
    bench = Bench().charge(3000)
    bench.draw = (16000, 16000, 0)
    equal(bench.run(30000).point.terminals(), 3)
    bench.draw = (500, 0, 0)
    bench.run(60000)
    equal(bench.point.terminals(), 3)
    bench.point.limits.set(limits.EMS, 0)
    bench.run(20000)
    equal(bench.point.terminals(), 3)
