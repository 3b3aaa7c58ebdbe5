from checks import equal
from fairamp import pilot

# Current and duty as the standard has them, cut off behind 1/100 %.
KNOWN = ((6, 1000), (10, 1666), (13, 2166), (16, 2666), (20, 3333), (25, 4166), (32, 5333), (40, 6666), (51, 8500))
KNOWN_HIGH = ((63, 8920), (80, 9600))


def test_duty_of_known_currents():
    for amps, duty in KNOWN + KNOWN_HIGH:
        equal(pilot.duty(amps * 1000), duty)


def test_no_offer_below_6_a_and_none_above_80():
    for ma in (-5, 0, 1000, 5999):
        equal(pilot.duty(ma), pilot.STEADY)
    equal(pilot.duty(100000), 9600)


def test_states_at_nominal_voltage():
    for mv, letter in ((12000, "A"), (9000, "B"), (6000, "C"), (3000, "D"), (0, "E"), (-12000, "E")):
        equal(pilot.state(mv), letter)


def test_levels_from_samples():
    levels = pilot.Levels()
    levels.take([9000] * 20 + [-12000] * 108, 128, True)
    assert levels.known
    equal((levels.high_mv, levels.low_mv), (9000, -12000))


def test_too_few_samples_are_unknown():
    levels = pilot.Levels()
    levels.take([9000] * 3 + [-12000] * 60, 63, True)
    assert not levels.known
    levels.take([9000] * 3, 3, False)
    assert not levels.known
