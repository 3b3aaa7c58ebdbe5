from bench import Bench

from checks import equal


def test_plugging_in_takes_a_tenth_of_a_second():
    bench = Bench()
    equal(bench.show("B", 80).point.pilot_line.letter, "A")
    equal(bench.run(80).point.pilot_line.letter, "B")


def test_a_half_seated_plug_flickers_and_nothing_happens():
    bench = Bench()
    for _ in range(50):
        bench.show("B", 40)
        bench.show("A", 60)
    equal((bench.point.pilot_line.letter, bench.point.session.number), ("A", 0))


def test_leaving_c_needs_two_looks_whatever_follows():
    bench = Bench().charge()
    bench.show("B")
    equal(bench.point.pilot_line.letter, "C")
    bench.show("A")
    equal((bench.point.pilot_line.letter, bench.point.contactor), ("A", False))


def test_one_wrong_look_does_not_open_the_contactor():
    bench = Bench().charge()
    for _ in range(20):
        bench.show("A")
        bench.show("C", 40)
    assert bench.point.contactor


def test_blind_is_kept_for_half_a_second_and_then_a_fault():
    bench = Bench().charge()
    bench.blind = True
    equal(bench.run(480).point.pilot_line.letter, "C")
    bench.run(60)
    equal((bench.point.pilot_line.letter, bench.point.state, bench.point.contactor), ("E", "E", False))


def test_a_missing_diode_is_seen_on_a_switching_line_only():
    bench = Bench(allowed=0)
    bench.diode = False
    equal(bench.show("B", 1000).point.state, "B1")

    bench.point.limits.grant(16000)
    equal(bench.run(400).point.state, "F")
    assert not bench.point.contactor
