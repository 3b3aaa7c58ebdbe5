import gc

from bench import Bench

from checks import equal

try:
    allocated = gc.mem_alloc
except AttributeError:  # CPython counts its garbage by itself
    allocated = None

STEPS = 500


def garbage_of(bench):
    """Bytes that so many steps of the charge point leave behind while nothing changes."""
    point, inputs = bench.point, bench.inputs
    now = bench.now
    step = point.step
    gc.collect()
    gc.disable()
    try:
        before = allocated()
        for _ in range(STEPS):
            now = now + 20
            step(now, inputs)
        bench.now = now
        return allocated() - before
    finally:
        gc.enable()


def test_a_step_leaves_no_garbage_in_any_steady_state():
    if allocated is None:
        return
    resting = Bench()
    waiting = Bench(allowed=0).show("B", 1000)
    charging = Bench().charge(3000)
    faulty = Bench().charge(3000)
    faulty.inputs.leakage = True
    faulty.run(6000)
    for bench in (resting, waiting, charging, faulty):
        state = bench.point.state
        garbage_of(bench)  # the first round may still grow something
        equal((state, garbage_of(bench)), (state, 0))
        equal(bench.point.state, state)


def test_the_measure_itself_sees_garbage():
    if allocated is None:
        return
    gc.collect()
    gc.disable()
    try:
        before = allocated()
        kept = [[] for _ in range(10)]
        assert allocated() - before > 10, kept
    finally:
        gc.enable()
