import gc
import math
import sys
from array import array

from checks import equal, raises
from fairamp.meters import clamps as ct
from fairamp.meters.clamps import SLICE, WINDOW, Clamps, Clips, Flowing, NoBias, Zero
from fairamp.meters.clamps_solar import Solar, Takes
from fairamp.meters.draft import Draft
from fairamp.meters.sieve import Doubt

RATE = 1050  # samples per second of each phase

# Codes of one ampere with 3000:1 and 22 ohm, at 4096 codes of 3.3 V.
CODES = 22 / 3000 * 4096 / 3.3


class Noise:
    """The same on every runtime: about Gaussian, `size` codes RMS."""

    def __init__(self, size):
        self._size = size
        self._state = 1

    def __call__(self):
        total = 0
        for _ in range(12):
            self._state = (self._state * 16807) % 32768 + 1
            total += self._state
        return (total / 32768 - 6) * self._size


def wave(amps, hertz=50, middle=2048.0, harmonics=(), noise=None, phases=1, codes=CODES):
    """Samples of currents, one for each phase when `amps` is a list; harmonics as (order, part of the first)."""
    window = array("H", [0] * (WINDOW * phases))
    for phase in range(phases):
        peak = (amps[phase] if phases > 1 else amps) * codes * math.sqrt(2)
        for index in range(WINDOW):
            angle = 2 * math.pi * hertz * index / RATE + phase * 2.1
            value = math.sin(angle)
            for order, part in harmonics:
                value += part * math.sin(order * angle + order)
            level = middle + peak * value + (noise() if noise else 0)
            window[phase * WINDOW + index] = max(0, min(int(level + 0.5), 4095))
    return window


def clamps(count=1, kind="3000:1", burden=22000, span=4095, trim=(0, 0, 0), floor=(0, 0, 0), low=0):
    return Clamps(count, kind, burden, 3300, (low, span), trim, floor)


def take(meter, codes):
    for phase in range(meter.count):
        meter.take(phase, codes, 0, WINDOW)
    return meter.current_ma[0]


def near(found, wanted, part=0.005, more=15):
    assert abs(found - wanted) <= part * abs(wanted) + more, "found " + str(found) + ", wanted " + str(wanted)


def test_a_sine_reads_as_it_is_wherever_it_rests():
    for amps in (0.5, 1, 6, 16, 32, 63, 100):
        for hertz in (50, 60):
            for middle in (1700, 2048.3, 2400):
                near(take(clamps(), wave(amps, hertz, middle)), 1000 * amps)


def test_nothing_is_nothing():
    equal(take(clamps(), array("H", [2048] * WINDOW)), 0)
    equal(take(clamps(), array("H", [1500] * WINDOW)), 0)
    assert take(clamps(), array("H", [2048, 2049] * (WINDOW // 2))) < 60


def test_every_odd_harmonic_counts_in_full():
    for hertz in (50, 60):
        for order in range(3, 16, 2):
            near(take(clamps(), wave(20, hertz, harmonics=((order, 0.3),))), 20000 * math.sqrt(1.09))
        several = tuple((order, 0.1) for order in range(3, 16, 2))
        near(take(clamps(), wave(20, hertz, harmonics=several)), 20000 * math.sqrt(1.07))


def test_the_widest_wave_that_there_is():
    near(take(clamps(), array("H", [1, 4094] * (WINDOW // 2))), 2046.5 / CODES * 1000, part=0.0002, more=1)


def test_ratio_burden_and_trim():
    codes = wave(10)
    near(take(clamps(kind="2000:1"), codes), 10000 * 2 / 3)
    near(take(clamps(burden=33000), codes), 10000 * 2 / 3)
    near(take(clamps(trim=(25, 0, 0)), codes), 10250)
    near(take(clamps(trim=(-100, 0, 0)), codes), 9000)
    equal(ct.CLAMPS["3000:1"], (3000, 150000))


def test_what_a_clamp_can_show():
    equal(clamps().most_ma, 150000)  # the clamp, not the converter
    near(clamps(burden=33000).most_ma, 106000)
    near(clamps(kind="2000:1", burden=33000).most_ma, 70700)
    equal((clamps().resolution_ma, clamps(burden=33000).resolution_ma), (109, 73))


def test_a_converter_that_counts_millivolts():
    meter = Clamps(1, "3000:1", 22000, 4096, (150, 2450), (0, 0, 0), (0, 0, 0))
    near(take(meter, wave(16, middle=1300, codes=22 / 3)), 16000)
    near(meter.most_ma, 111000)
    with raises(Clips):
        take(meter, wave(115, middle=1300, codes=22 / 3))
    with raises(NoBias):
        take(meter, wave(1, middle=2048, codes=22 / 3))


def test_three_phases_each_by_itself():
    meter = clamps(3, trim=(0, 0, 100))
    take(meter, wave((5, 60, 20), phases=3))
    for phase, wanted in enumerate((5000, 60000, 22000)):
        near(meter.current_ma[phase], wanted)


def test_slices_make_the_same():
    meter, sliced = clamps(2), clamps(2)
    codes = wave((7, 33), phases=2, middle=1800)
    take(meter, codes)
    for phase in (0, 1):
        for start in range(0, WINDOW, 42):
            sliced.take(phase, codes, start, 42)
    equal(sliced.current_ma, meter.current_ma)
    equal(WINDOW % SLICE, 0)


def test_the_noise_floor_is_taken_off_in_quadrature():
    noise = Noise(4)
    floor = int(4 / CODES * 1000)
    quiet = clamps(floor=(floor, 0, 0))
    assert take(clamps(), wave(0, noise=noise)) > 350
    assert take(quiet, wave(0, noise=noise)) < 150
    near(take(quiet, wave(1, noise=noise)), 1000, more=60)
    near(take(quiet, wave(30, noise=noise)), 30000, more=60)


def test_clipping_is_refused_by_name():
    for middle in (2048, 1300, 2800):
        meter = clamps(2)
        codes = wave((10, 170), phases=2, middle=middle)
        meter.take(0, codes, 0, WINDOW)
        with raises(Clips, "L2 clips: "):
            meter.take(1, codes, 0, WINDOW)
    codes = wave(10)
    codes[100] = 4095
    with raises(Clips, "A are more than this clamp and burden can show (at most 150 A); use a smaller burden"):
        take(clamps(), codes)
    codes[100] = 0
    with raises(Clips):
        take(clamps(), codes)
    codes[100] = 1
    take(clamps(), codes)


def test_a_clamp_without_bias_is_refused_by_name():
    for middle in (0, 20, 1200, 2900, 4095):
        with raises(NoBias, "L1: no bias voltage, the input rests at "):
            take(clamps(), wave(1, middle=middle))
    for middle in (1260, 2840):
        take(clamps(), wave(1, middle=middle))
    with raises(Doubt, "rests at 0 %; check the wiring"):
        take(clamps(), array("H", [0] * WINDOW))


def test_a_refused_window_spoils_no_later_one():
    meter = clamps()
    with raises(Clips):
        take(meter, wave(170))
    near(take(meter, wave(10)), 10000)


def test_the_draft():
    draft = Draft()
    meter = clamps(1)
    take(meter, wave(10))
    meter.fill(draft)
    near(draft.current_ma[0], 10000)
    equal((draft.current_ma[1], draft.current_ma[2], draft.phases, draft.resolution_ma), (None, None, 1, 109))
    equal((draft.power_w, draft.voltage_mv), ([None] * 3, [None] * 3))
    meter = clamps(3)
    take(meter, wave((1, 2, 3), phases=3))
    meter.fill(draft)
    equal((draft.phases, None in draft.current_ma), (3, False))


def test_roots():
    for value in list(range(70)) + [10**6, 2**28 - 1, 2**28, 2**30 - 1]:
        found = ct.root(value)
        assert found * found <= value < (found + 1) * (found + 1), value


def zero(*windows, count=1):
    meter = clamps(count)
    search = Zero(meter)
    for codes in windows:
        for phase in range(count):
            meter.take(phase, codes, 0, WINDOW)
        for phase in range(count):
            for start in range(0, WINDOW, 42):
                search.take(phase, codes, start, 42)
    return meter, search


def test_the_zero_is_the_noise():
    noise = Noise(1.5)
    windows = [wave((0, 0, 0), noise=noise, phases=3) for _ in range(10)]
    meter, search = zero(*windows, count=3)
    floors = search.floor_ma()
    for floor in floors:
        assert 150 <= floor <= 190, floors
    meter.subtract(floors)
    for codes in windows:
        take(meter, codes)
        assert max(meter.current_ma) <= 100, meter.current_ma


def test_a_converter_without_noise_has_a_zero():
    equal(zero(array("H", [2048] * WINDOW))[1].floor_ma(), [0, 0, 0])
    # Wavering between two codes, slowly.
    equal(zero(array("H", [2048] * 100 + [2049] * 110))[1].floor_ma(), [55, 0, 0])


def test_there_is_no_zero_while_current_flows():
    noise = Noise(1.5)
    chopped = ((9, 3.0), (11, 3.0))
    for hertz in (50, 60):
        for amps, harmonics in ((0.2, ()), (0.5, ()), (0.2, ((3, 1.0), (5, 0.8))), (0.07, chopped)):
            windows = [wave(amps, hertz, harmonics=harmonics, noise=noise) for _ in range(10)]
            with raises(Flowing, "L1: 0."):
                zero(*windows)[1].floor_ma()
    with raises(Flowing, "L2: 16.0 A flow; take the clamp off the cable"):
        zero(wave((0, 16), phases=2, noise=noise), count=2)


def loops():
    found = [(ct._add_up, ct._differences, ct._products)]
    return found if ct.add_up is ct._add_up else found + [(ct.add_up, ct.differences, ct.products)]


def test_machine_code_is_in_use_where_there_is_any():
    equal((ct.add_up is not ct._add_up, SLICE == WINDOW), (sys.implementation.name == "micropython",) * 2)


def test_machine_code_counts_as_python_does():
    noise = Noise(700)
    codes = wave(0, noise=noise, middle=2000)
    codes[7], codes[8] = 0, 4095
    quiet = wave(0.1, noise=Noise(1.5))
    for window, start, count in ((codes, 0, 210), (codes, 42, 42), (quiet, 3, 0), (array("H", [0] * 255), 0, 255)):
        results = []
        for add_up, differences, products in loops():
            sums = array("i", [-5, 17, 4000, 100])
            add_up(window, start, count, sums)
            results.append(list(sums) + [differences(quiet, 0, 175, 35), differences(quiet, 21, 1, 21)])
            results[-1] += [products(codes, 3, 100, 105), products(codes, 0, 0, 1)]
        equal(results[0], results[-1])
    equal(results[0][1], 255 * 2048 * 2048 + 17)


def garbage(work):
    """Bytes that a second call leaves behind."""
    work()
    gc.collect()
    gc.disable()
    try:
        before = gc.mem_alloc()
        work()
        return gc.mem_alloc() - before
    finally:
        gc.enable()


def test_a_window_leaves_no_garbage():
    if not hasattr(gc, "mem_alloc"):
        return
    # The largest numbers on the way: the widest wave, off the middle, and a floor.
    wide = array("H", [1, 4094, 4094] * (WINDOW // 3))
    meter, draft = clamps(floor=(170, 170, 170)), Draft()
    codes = array("H", wide)

    def work():
        meter.take(0, codes, 0, WINDOW)
        meter.fill(draft)

    before = ct.add_up
    try:
        for add_up, _, _ in loops():
            ct.add_up = add_up
            for window in (wide, wave(0), wave(30)):
                for index in range(WINDOW):
                    codes[index] = window[index]
                equal(garbage(work), 0)
    finally:
        ct.add_up = before


def pair(house, sun, hertz=50, late=0.0, trim=(0, 0, 0), solar=None):
    """(current, power) on L1 of a house and a sun in A; the wave of the house comes `late` radians behind."""
    codes = array("H", [0] * (2 * WINDOW))
    for phase, amps in enumerate((house, sun)):
        for index in range(WINDOW):
            angle = 2 * math.pi * hertz * index / RATE - (late if phase == 0 else 0)
            level = (1900, 2200)[phase] + amps * CODES * math.sqrt(2) * math.sin(angle)
            codes[phase * WINDOW + index] = int(level + 0.5)
    if solar is None:
        meter = clamps(2, trim=trim)
        solar = (meter, Solar(meter, trim, 230))
    meter, solar = solar
    take(meter, codes)
    for start in range(0, WINDOW, SLICE):
        solar.take(codes, start, SLICE)
    draft = Draft()
    solar.fill(draft)
    equal((draft.phases, draft.current_ma[1]), (1, None))
    equal(abs(draft.power_w[0]), draft.current_ma[0] * 230 // 1000)
    return draft.current_ma[0] if draft.power_w[0] >= 0 else -draft.current_ma[0]


def test_house_and_sun_tell_the_grid_whichever_way_the_clamps_look():
    for hertz in (50, 60):
        for house, sun in ((10, 0), (10, 4), (4, 10), (30, 16), (0.5, 12), (63, 40)):
            for house_looks, sun_looks in ((1, 1), (-1, 1), (1, -1)):
                near(pair(house * house_looks, sun * sun_looks, hertz), 1000 * (house - sun), more=60)


def test_sun_cannot_pay_for_what_takes_no_power():
    quarter = math.pi / 2
    near(pair(10, 8, late=quarter), 1000 * math.sqrt(164), more=60)
    near(pair(4, 8, late=quarter), -8000, part=0, more=60)


def test_an_inverter_that_takes_is_told():
    for looks in (1, -1):
        meter = clamps(2)
        solar = (meter, Solar(meter, (0, 0, 0), 230))
        near(pair(5, 8 * looks, solar=solar), -3000, more=60)
        # What an inverter draws while it sleeps is nothing.
        near(pair(5, -1 * looks, solar=solar), 4000, more=60)
        with raises(Takes, "battery behind the inverter"):
            pair(5, -8 * looks, solar=solar)
        near(pair(5, 8 * looks, solar=solar), -3000, more=60)


def test_trims_of_house_and_sun():
    near(pair(20, 10, trim=(50, -50, 0)), 1000 * (21 - 9.5), more=60)
    near(pair(10, 20, trim=(50, -50, 0)), 1000 * (10.5 - 19), part=0, more=60)
