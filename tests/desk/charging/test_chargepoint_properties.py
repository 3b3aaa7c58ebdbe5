"""What must hold for a charge point whatever happens to it, checked from outside after every step."""

import pytest
from bench import STEP, Bench
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairamp import words
from fairamp.charging import faults, limits, pilot
from fairamp.units import TICKS_MASK

OPEN_WITHIN_MS = 100
OFFER_WITHIN_MS = 6000
BLIND_MS = 500
EXAMPLES = 400
STEPS_PER_EXAMPLE = 250  # on average, far more

amps = st.integers(0, 40).map(lambda value: value * 1000)
event = st.one_of(
    st.tuples(st.just("letter"), st.sampled_from("AABBBCCCCCCDE")),
    st.tuples(st.just("ems"), amps),
    st.tuples(st.just("balance"), amps),
    st.tuples(st.just("diode"), st.booleans()),
    st.tuples(st.just("blind"), st.booleans()),
    st.tuples(st.just("draw"), st.one_of(st.none(), st.tuples(amps, amps, amps))),
    st.tuples(st.just("welded"), st.booleans()),
    st.tuples(st.just("enable_closed"), st.booleans()),
    st.tuples(st.just("shed_closed"), st.booleans()),
    st.tuples(st.just("leakage"), st.booleans()),
    st.tuples(st.just("leakage_test_failed"), st.booleans()),
    st.tuples(st.just("measured"), st.booleans()),
    st.tuples(st.just("locked"), st.sampled_from([None, True, False])),
    st.tuples(st.just("output_live"), st.sampled_from([None, True, False])),
    st.tuples(st.just("proximity_ohm"), st.sampled_from([None, 0, 100, 220, 680, 1500, 3000, 9999])),
    st.tuples(st.just("temperature_dc"), st.sampled_from([None, 200, 620, 700, 790, 900])),
    st.tuples(st.just("voltage"), st.sampled_from([0, 150000, 230000, 230000, 280000])),
    st.tuples(st.just("session"), st.sampled_from(["authorise", "stop", "start"])),
    st.tuples(st.just("phases"), st.booleans()),
)
story = st.lists(st.tuples(event, st.sampled_from([1, 1, 2, 3, 5, 20, 60, 350])), min_size=5, max_size=40)
boxes = st.fixed_dictionaries(
    {},
    optional={
        "start": st.just("request"),
        "ventilation": st.booleans(),
        "simple_pilot": st.booleans(),
        "shed_latch": st.booleans(),
        "enable_input": st.booleans(),
        "temperature_sensor": st.booleans(),
        "start_delay": st.just(30),
        "max": st.sampled_from([6, 16, 32, 63]),
    },
)


class Watcher:
    """Keeps its own book of what the car showed and what was offered, and compares."""

    def __init__(self, bench):
        self.bench = bench
        self.left_c = self.no_offer = self.blind = 0
        self.offer = 0
        self.raised_at = None
        self.diode_seen = self.was_closed = False
        self.steps = 0

    def step(self):
        bench = self.bench
        before = bench.point.duty
        shown, diode, blind = bench.letter, bench.diode, bench.blind
        bench.step()
        self.steps += 1
        point = bench.point
        switching = 0 < before < pilot.STEADY
        self.left_c = 0 if shown in "CD" else self.left_c + STEP
        self.blind = self.blind + STEP if blind else 0
        self.no_offer = 0 if point.offer_ma else self.no_offer + STEP
        if shown == "A":
            self.diode_seen = False
        elif switching and shown in "BCD" and diode and not blind:
            self.diode_seen = True
        self.check_contactor(point)
        self.check_offer(point)

    def check_contactor(self, point):
        self.was_closed, closed = point.contactor, self.was_closed
        if not point.contactor:
            return
        # A line that cannot be read keeps its last letter, for half a second.
        grace = BLIND_MS if self.blind else 0
        assert self.left_c <= OPEN_WITHIN_MS + grace, "closed although the car left C"
        assert self.no_offer <= OFFER_WITHIN_MS, "closed although nothing is offered"
        assert self.diode_seen or closed, "closed without a diode"
        assert not point.guard.faults.stops(), "closed in spite of a fault"
        assert point.state in ("C1", "C2", "D1", "D2")
        assert not point.phases.pilot_off()

    def check_offer(self, point):
        lowest = min(point.limits.get(owner) for owner in range(len(limits.CAUSES)))
        read = pilot.current(point.duty)
        assert read <= max(0, lowest), "signals more than the lowest limit"
        assert point.offer_ma == 0 or 6000 <= point.offer_ma <= lowest
        assert read in (0, read) and not 0 < read < 6000
        if point.offer_ma > self.offer:
            assert self.raised_at is None or self.bench.ms - self.raised_at >= 5000, "raised twice within 5 s"
            self.raised_at = self.bench.ms
        if point.state == "A":
            self.raised_at = None
        self.offer = point.offer_ma

    def happen(self, what, value):
        bench, point = self.bench, self.bench.point
        if what == "ems":
            point.limits.set(limits.EMS, value)
        elif what == "balance":
            point.limits.grant(value)
        elif what == "voltage":
            bench.inputs.voltage_mv[0] = value
        elif what == "session":
            getattr(point.session, value)()
        elif what == "phases":
            point.phases.request(bench.now, value)
        elif hasattr(bench.inputs, what):
            setattr(bench.inputs, what, value)
        else:
            setattr(bench, what, value)


def all_well(watcher):
    bench = watcher.bench
    for what, value in (
        ("ems", limits.NO_LIMIT),
        ("balance", 32000),
        ("voltage", 230000),
        ("diode", True),
        ("blind", False),
        ("draw", None),
        ("welded", False),
        ("enable_closed", True),
        ("shed_closed", False),
        ("leakage", False),
        ("leakage_test_failed", False),
        ("measured", True),
        ("locked", None),
        ("output_live", None),
        ("proximity_ohm", None),
        ("temperature_dc", 200),
    ):
        watcher.happen(what, value)
    bench.point.reset_shedding()


def live_through(box, clock, happenings):
    bench = Bench(clock=clock, phase_relay=True, phase_switch=True, **box)
    watcher = Watcher(bench)
    for (what, value), steps in happenings:
        watcher.happen(what, value)
        for _ in range(steps):
            watcher.step()
    # Unplugging always leads back to A, and the next car is served.
    all_well(watcher)
    bench.letter = "A"
    for _ in range(1000 // STEP):
        watcher.step()
    # A welded contactor is a matter of repair and restart.
    bench.point.guard.faults.active &= ~(1 << faults.WELDED)
    # While phases are changed, the line is at -12 V for 9 s, and nothing can be seen of the car.
    for _ in range(12000 // STEP):
        watcher.step()
    assert bench.point.state == "A", bench.point.transitions
    assert not bench.point.guard.faults.active
    bench.letter = "B"
    for _ in range(90000 // STEP):
        watcher.step()
        if bench.point.session.connected:
            bench.point.session.authorise()
        if bench.point.session.connected and pilot.current(bench.point.duty):
            bench.letter = "C"
        if bench.point.contactor:
            return watcher.steps
    raise AssertionError(f"the next car is not served: {words.point(bench.point)} {bench.point.transitions}")


steps_done = 0


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(boxes, st.sampled_from([0, TICKS_MASK - 3000, TICKS_MASK - 60000]), story)
def test_whatever_happens(box, clock, happenings):
    global steps_done
    steps_done += live_through(box, clock, happenings)


def test_that_was_enough():
    assert steps_done >= 100_000, steps_done


@pytest.mark.soak
@settings(max_examples=2500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(boxes, st.integers(0, TICKS_MASK), story)
def test_whatever_happens_for_longer(box, clock, happenings):
    live_through(box, clock, happenings)
