from array import array

from checks import equal
from fairamp.charging import pilot

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


def test_a_car_never_reads_more_than_was_meant():
    for ma in range(6000, 80001, 100):
        read = pilot.current(pilot.duty(ma))
        lost = 1500 if 51000 < ma <= 52500 else 30
        assert ma - lost <= read <= ma, (ma, read)


def test_what_a_car_reads_at_the_edges():
    for duty, ma in ((0, 0), (500, 0), (799, 0), (800, 6000), (999, 6000), (9600, 80000), (9700, 80000), (9701, 0)):
        equal(pilot.current(duty), ma)
    equal(pilot.current(pilot.STEADY), 0)


def test_every_voltage_of_the_standard_is_its_letter_from_everywhere():
    windows = (("A", 11400, 12600), ("B", 8360, 9560), ("C", 5480, 6490), ("D", 2620, 3250), ("E", -200, 500))
    for letter, low, high in windows:
        for before in "ABCDE":
            for mv in (low, (low + high) // 2, high):
                equal(pilot.letter(mv, before), letter)


def test_between_two_letters_the_present_one_stays():
    for border, upper, lower in ((10500, "A", "B"), (7500, "B", "C"), (4500, "C", "D"), (1500, "D", "E")):
        for mv in (border - 200, border, border + 200):
            equal(pilot.letter(mv, upper), upper)
            equal(pilot.letter(mv, lower), lower)


def wave(high, low, ups, count=128):
    return codes([high] * ups + [low] * (count - ups))


def codes(millivolts):
    return array("H", [pilot.code(mv) for mv in millivolts])


def about(mv, expected):
    """One code of the converter is 9 mV."""
    assert abs(mv - expected) <= 9, (mv, expected)


def test_levels_are_medians_and_ignore_spikes():
    levels = pilot.Levels()
    seen = wave(9000, -12000, 13)
    for index, mv in ((2, 11900), (5, 4000), (60, -8800), (70, 500)):
        seen[index] = pilot.code(mv)
    levels.take(seen, 128, 1000)
    assert levels.known and levels.diode()
    about(levels.high_mv, 9000)
    about(levels.low_mv, -12000)


def test_too_few_samples_are_unknown():
    levels = pilot.Levels()
    levels.take(wave(9000, -12000, 5), 128, 1000)
    assert not levels.known
    levels.take(wave(9000, -12000, 64), 100, 5000)
    assert not levels.known


def test_a_half_that_is_missing_altogether_is_an_answer():
    levels = pilot.Levels()
    levels.take(wave(0, 0, 64), 128, 5000)
    assert levels.known and not levels.diode()
    about(levels.high_mv, 0)
    levels.take(wave(9000, -12000, 0), 128, 5000)
    assert levels.known
    equal(pilot.letter(levels.high_mv, "B"), "E")


def test_a_steady_line_has_one_level():
    levels = pilot.Levels()
    levels.take(wave(6000, 0, 128), 128, pilot.STEADY)
    assert levels.known
    about(levels.high_mv, 6000)


def test_a_spiky_converter_does_not_change_the_letter():
    """Codes near 512, 1536, 2560 and 3584 of an RP2040 jump by up to 9 steps of 8.8 mV."""
    levels = pilot.Levels()
    for high in (12000, 9000, 6000, 3000):
        spiky = [high + (79 if index % 9 == 0 else 0) + index % 30 for index in range(13)]
        levels.take(codes(spiky + [-12000 - index % 40 for index in range(115)]), 128, 1000)
        assert high - 9 <= levels.high_mv <= high + 30, (levels.high_mv, high)


def test_machine_code_finds_the_same_medians_as_sorting():
    bins, found, expected = bytearray(192), array("H", [0] * 3), array("H", [0] * 3)
    seed = 1
    for count in (0, 1, 2, 8, 127, 128, 255):
        for spread in (1, 60, 700, 4096):
            for border in (64, 1216, 4032):
                seen = array("H", [0] * count)
                for index in range(count):
                    seed = (seed * 1103 + 12345) % 65521
                    seen[index] = (seed * 7 % spread + 1300 - spread // 3) % 4096
                pilot.halves(seen, border, bins, found)
                pilot._halves(seen, border, bins, expected)
                equal((count, spread, border, list(found)), (count, spread, border, list(expected)))


def test_another_converter_has_other_codes():
    levels = pilot.Levels()
    levels.calibrate(44642)
    seen = array("H", [pilot.code(6000, 44642)] * 64 + [pilot.code(-12000, 44642)] * 64)
    levels.take(seen, 128, 5000)
    assert abs(levels.high_mv - 6000) <= 11 and abs(levels.low_mv + 12000) <= 11


def test_what_a_charging_car_shows_lies_between_the_codes_for_the_watch():
    levels = pilot.Levels()
    border, bottom, top = levels.charging()
    for mv in (2620, 3250, 5480, 6490):
        assert border < bottom < pilot.code(mv) < top
    for mv in (8360, 12600):
        assert pilot.code(mv) > top
    assert border < pilot.code(500) < bottom
    assert pilot.code(-11400) < border


def test_cables():
    for ohm, ma in ((1500, 13000), (680, 20000), (220, 32000), (100, 63000), (5000, 0), (4500, 0)):
        equal(pilot.cable(ohm), ma)
    for ohm in (0, 50, 150, 350, 1000, 3000, 4499):
        equal(pilot.cable(ohm), pilot.CABLE_FAULT)


def test_the_span_of_a_letter_is_where_it_stays():
    for before in pilot.LETTERS:
        above, upto = pilot.span(before)
        for mv in range(-1000, 14000, 50):
            equal((before, mv, above < mv <= upto), (before, mv, pilot.letter(mv, before) == before))
