from bench import Bench

from checks import equal
from fairamp import words
from fairamp.charging import faults, limits, pilot
from fairamp.charging.states import STATES, reason
from fairamp.units import TICKS_MASK


def visited(bench):
    """States in the order in which they were entered."""
    return [after for _, _, after, _ in bench.point.transitions]


def test_plug_in_charge_and_leave():
    bench = Bench()
    equal((bench.point.state, bench.point.duty), ("A", pilot.STEADY))
    bench.show("B", 400)
    equal((bench.point.state, bench.point.duty, bench.point.contactor), ("B2", 2666, False))
    bench.show("C", 600)
    equal((bench.point.state, bench.point.contactor), ("C2", True))
    bench.show("B", 40)
    equal((bench.point.state, bench.point.contactor), ("B2", False))
    bench.show("C", 600).show("A", 40)
    equal((bench.point.state, bench.point.contactor, bench.point.duty), ("A", False, pilot.STEADY))
    equal(visited(bench), ["B2", "C2", "B2", "C2", "A"])
    equal(bench.point.transitions[0][3], "car plugged in")


def test_the_contactor_closes_within_3_s_and_opens_within_100_ms():
    bench = Bench()
    bench.show("B", 400)
    start = bench.ms
    while not bench.point.contactor:
        bench.show("C")
    assert bench.ms - start <= 3000, bench.ms - start
    for letter in "ABE":
        bench = Bench().charge()
        start = bench.ms
        while bench.point.contactor:
            bench.show(letter)
        assert bench.ms - start <= 100, (letter, bench.ms - start)


def test_nothing_is_offered_right_after_a_reset():
    bench = Bench(started=False)
    bench.show("C", 1900)
    equal((bench.point.duty, bench.point.contactor), (pilot.STEADY, False))


def test_a_lower_limit_acts_at_once_and_a_higher_one_after_5_s():
    bench = Bench().charge()
    bench.point.limits.set(limits.EMS, 10000)
    equal(bench.run().point.offer_ma, 10000)
    bench.point.limits.set(limits.EMS, 12000)
    equal(bench.run(3000).point.offer_ma, 10000)
    equal(bench.run(2000).point.offer_ma, 12000)


def test_raises_are_5_s_apart_however_often_limits_change():
    bench = Bench().charge(6000)
    raised, last = [], bench.point.offer_ma
    for index in range(2000):
        bench.point.limits.set(limits.EMS, 6000 + 1000 * (index % 10))
        bench.run()
        if bench.point.offer_ma > last:
            raised.append(bench.ms)
        last = bench.point.offer_ma
    assert len(raised) > 5
    assert min(b - a for a, b in zip(raised, raised[1:])) >= 5000, raised


def test_a_withdrawn_offer_opens_without_load_or_after_6_s():
    bench = Bench().charge()
    bench.point.limits.set(limits.EMS, 0)
    bench.run(2000)
    equal((bench.point.state, bench.point.duty, bench.point.contactor), ("C1", pilot.STEADY, True))
    equal((bench.show("B", 40).point.state, bench.point.contactor), ("B1", False))
    bench = Bench().charge()
    bench.point.limits.set(limits.EMS, 0)
    assert bench.run(5900).point.contactor
    assert not bench.run(200).point.contactor


def test_an_offer_that_comes_back_in_time_keeps_the_contactor_closed():
    bench = Bench().charge(6000)
    bench.point.limits.set(limits.EMS, 0)
    bench.run(3000)
    bench.point.limits.set(limits.EMS, 8000)
    equal((bench.run(100).point.state, bench.point.contactor), ("C2", True))


def test_offers_are_0_or_at_least_6_a():
    bench = Bench().charge()
    for ma in (0, 1, 1000, 5000, 5999):
        bench.point.limits.set(limits.EMS, ma)
        equal(bench.run().point.offer_ma, 0)


def test_the_lowest_limit_has_the_name():
    bench = Bench(allowed=16000, max=20, limit=13).charge()
    equal((bench.point.offer_ma, words.text(bench.point.limits.cause())), (13000, "user setting"))
    bench.point.limits.grant(12000)
    equal(words.text(bench.point.limits.cause()), "load balance")
    bench.point.limits.set(limits.EMS, 7000)
    equal((bench.run().point.offer_ma, words.text(bench.point.limits.cause())), (7000, "energy management"))
    equal([limits.CAUSES[owner] for owner in (limits.HARDWARE, limits.CABLE, limits.TEMPERATURE)], [0, 3, 7])


def test_an_open_enable_contact_forbids():
    bench = Bench().charge()
    bench.inputs.enable_closed = False
    equal((bench.run().point.offer_ma, words.text(bench.point.limits.cause())), (0, "enable input"))
    bench.inputs.enable_closed = True
    equal(bench.run(6000).point.offer_ma, 16000)
    bench = Bench(enable_input=False)
    bench.inputs.enable_closed = False
    equal(bench.charge().point.offer_ma, 16000)


def test_load_shedding_comes_and_goes():
    bench = Bench().charge(6000)
    bench.inputs.shed_closed = True
    equal((bench.run().point.offer_ma, words.text(bench.point.limits.cause())), (8000, "load shedding"))
    bench.inputs.shed_closed = False
    equal(bench.run(6000).point.offer_ma, 16000)
    bench = Bench(shed_current=0).charge()
    bench.inputs.shed_closed = True
    equal(bench.run().point.offer_ma, 0)


def test_load_shedding_may_be_set_to_stay():
    bench = Bench(shed_latch=True).charge(6000)
    bench.inputs.shed_closed = True
    bench.run()
    bench.point.reset_shedding()
    equal(bench.run(6000).point.offer_ma, 8000)
    bench.inputs.shed_closed = False
    equal(bench.run(60000).point.offer_ma, 8000)
    bench.point.reset_shedding()
    equal(bench.run().point.offer_ma, 16000)


def test_ventilation_denied_and_allowed():
    bench = Bench()
    bench.show("B", 400).show("D", 1000)
    equal((bench.point.state, bench.point.contactor), ("D1", False))
    equal(bench.point.guard.faults.warnings, 1 << faults.WARN_VENTILATION | 1 << faults.WARN_VENTILATION_DENIED)
    # It stays denied, or the offer would come and go with the car's wish.
    equal(bench.show("B", 60000).point.offer_ma, 0)
    equal(bench.show("A", 1000).show("B", 1000).point.offer_ma, 16000)
    bench = Bench(ventilation=True)
    bench.show("B", 400).show("D", 1000)
    equal((bench.point.state, bench.point.contactor), ("D2", True))
    equal(bench.point.guard.faults.warnings, 1 << faults.WARN_VENTILATION)


def test_a_car_that_begins_to_ask_for_ventilation_is_stopped():
    bench = Bench().charge().show("D", 200)
    equal((bench.point.state, bench.point.offer_ma), ("D1", 0))
    assert not bench.run(6100).point.contactor


def test_a_simplified_pilot_gets_10_a_or_nothing():
    bench = Bench()
    bench.show("A", 100).show("C", 3500)
    equal((bench.point.state, bench.point.offer_ma), ("C1", 0))
    bench.run(1500)
    equal((bench.point.state, bench.point.offer_ma, bench.point.contactor), ("C2", 10000, True))
    equal(bench.point.guard.faults.warnings, 1 << faults.WARN_SIMPLE)
    bench = Bench(simple_pilot=False)
    bench.show("A", 100).show("C", 5000)
    equal((bench.point.state, bench.point.contactor), ("C1", False))
    assert bench.point.guard.faults.warnings & 1 << faults.WARN_SIMPLE_DENIED
    # One that shows B after all, as a car does after a restart of the box, is no such car.
    bench.show("B", 1000).show("C", 3000)
    equal((bench.point.offer_ma, bench.point.contactor), (16000, True))


def test_a_car_that_charges_across_a_reset_has_no_simplified_pilot():
    bench = Bench(started=False)
    bench.show("C", 2600)
    equal((bench.point.state, bench.point.offer_ma, bench.point.contactor), ("C2", 16000, True))
    assert not bench.point.guard.faults.warnings & 1 << faults.WARN_SIMPLE
    # The next car is looked at anew.
    bench.show("A", 1000).show("C", 5000)
    equal(bench.point.offer_ma, 10000)
    # Where such cars are denied, it has to show that it is none.
    bench = Bench(started=False, simple_pilot=False)
    bench.show("C", 10000)
    equal((bench.point.offer_ma, bench.point.contactor), (0, False))
    bench.show("B", 1000).show("C", 3000)
    equal((bench.point.offer_ma, bench.point.contactor), (16000, True))


def test_time_may_roll_over_at_any_moment():
    for before in range(0, 14000, 700):
        bench = Bench(clock=TICKS_MASK - before)
        bench.charge(1000)
        assert bench.point.contactor
        bench.point.limits.set(limits.EMS, 0)
        assert bench.run(5900).point.contactor
        assert not bench.run(200).point.contactor
        bench.point.limits.set(limits.EMS, 10000)
        bench.run(5100)
        equal(bench.point.offer_ma, 10000)


def test_every_way_between_states_has_a_reason_and_every_state_a_way_out():
    ways = []
    for before in STATES:
        for after in STATES:
            try:
                assert reason(before, after)
            except KeyError:
                continue
            ways.append((before, after))
    equal(len(ways), 61)
    for state in STATES:
        assert any(before == state for before, _ in ways), state
        assert any(after == state for _, after in ways), state
    for state, others in (("E", ("A", "F")), ("F", ("A", "B1", "C1", "D1", "E"))):
        equal(tuple(after for before, after in ways if before == state), others)
    for other in STATES[:7]:
        equal(reason(other, "F"), "fault")
        assert other == "A" or reason(other, "A") == "car unplugged"


def test_a_stale_c_does_not_close_onto_a_car_that_shows_b():
    """The line cannot be read for 9 s while phases change; what the car does then counts, not what it did before."""
    bench = Bench(phase_relay=True, phase_switch=True).charge(5000)
    bench.point.phases.request(bench.now, False)
    while bench.point.duty != pilot.NOT_AVAILABLE:
        bench.show("C")
    bench.letter = "B"
    for _ in range(1000):
        bench.step()
        assert not bench.point.contactor, bench.point.transitions


def test_a_car_that_flickers_does_not_make_the_contactor_chatter():
    bench = Bench().charge(5000)
    closures = 0
    for _ in range(200):
        was = bench.point.contactor
        bench.show("B", 60)
        closures += bench.point.contactor and not was
        was = bench.point.contactor
        for _ in range(13):
            bench.show("C")
            closures += bench.point.contactor and not was
            was = bench.point.contactor
    assert closures <= 64 * 1000 // 2500 + 1, closures


def test_the_highest_offer_can_be_read_back_from_the_line():
    bench = Bench(allowed=80000, max=80, limit=80)
    bench.point.limits.set(limits.GRID, 80000)
    bench.charge(5000)
    equal((bench.point.duty, bench.point.contactor, bench.point.guard.faults.active), (9600, True, 0))


def test_a_contactor_that_the_board_opened_rests_and_closes_again():
    bench = Bench().charge(3000)
    bench.point.fell()
    equal(bench.run(2400).point.contactor, False)
    equal(bench.run(200).point.contactor, True)
