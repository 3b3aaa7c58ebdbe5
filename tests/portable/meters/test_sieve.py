from checks import equal, raises
from fairamp.meters.draft import Draft
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Frozen, Half, Implausible, Sieve
from fairamp.units import TICKS_MASK, later


def draft(amps=(5000, 3000, 1000), watts=(1150, -690, 230), volts=(230000, 230000, 230000), phases=3, resolution=1):
    made = Draft()
    made.phases = phases
    made.lively = True
    made.resolution_ma = resolution
    for phase in range(phases):
        made.current_ma[phase] = amps[phase]
        made.power_w[phase] = watts[phase]
        made.voltage_mv[phase] = volts[phase]
    return made


def sieve(period=0):
    return Sieve([25000, 25000, 25000], 230, period)


def coarse():
    """Of a meter that tells 10 mA and 0.1 V, whose digits may stand still for a while."""
    return draft(resolution=10)


def frozen_after(one, made, every=1000):
    """Milliseconds for which the same values are believed."""
    reading = Reading()
    for ms in range(0, 4000000, every):
        try:
            one.sift(made, reading, ms)
        except Frozen:
            assert reading.stale
            return ms
    return None


def refused(kind, text, **values):
    reading = Reading()
    with raises(kind, text):
        sieve().sift(draft(**values), reading, 0)
    equal((reading.number, reading.current_ma), (0, [0, 0, 0]))


def test_the_power_tells_the_direction():
    reading = Reading()
    assert sieve().sift(draft(), reading, 1000)
    equal(reading.current_ma, [5000, -3000, 1000])
    equal((reading.total_w, reading.number, reading.taken, reading.directed), (690, 1, 1000, True))
    # A current that has a sign already is not turned twice.
    assert sieve().sift(draft(amps=(5000, -3000, -1000)), reading, 1000)
    equal(reading.current_ma, [5000, -3000, 1000])


def test_without_power_all_counts_as_import():
    reading = Reading()
    sieve().sift(draft(amps=(5000, -3000, 0), watts=(None, None, None)), reading, 0)
    equal(reading.current_ma, [5000, 3000, 0])
    assert not reading.directed


def test_a_missing_current_comes_from_the_power():
    reading = Reading()
    sieve().sift(draft(amps=(None, None, 0), watts=(1150, -690, 0), volts=(230000, None, 230000)), reading, 0)
    equal(reading.current_ma, [5000, -3000, 0])
    refused(Half, "no current of L2", amps=(5000, None, 0), watts=(1150, None, 0))


def test_a_one_phase_meter_says_nothing_about_the_others():
    reading = Reading()
    sieve().sift(draft(phases=1), reading, 0)
    equal((reading.phases, reading.current_ma), (1, [5000, 0, 0]))


def test_what_no_house_with_this_fuse_can_show():
    refused(Implausible, "current L1 = 126000", amps=(126000, 0, 0), watts=(28980, 0, 0))
    refused(Implausible, "current L3 = 400000", amps=(0, 0, 400000), watts=(0, 0, 92000))
    refused(Implausible, "voltage L2", volts=(230000, 655350, 230000))
    refused(Implausible, "no voltage on any phase", volts=(0, 0, 49000), amps=(0, 0, 0), watts=(0, 0, 0))
    # A phase that is not wired has none.
    sieve().sift(draft(volts=(230000, 0, 0), amps=(1000, 0, 0), watts=(230, 0, 0)), Reading(), 0)
    # A real overload passes, up to five times the fuse.
    reading = Reading()
    sieve().sift(draft(amps=(100000, 0, 0), watts=(23000, 0, 0)), reading, 0)
    equal(reading.current_ma[0], 100000)


def test_power_and_current_have_to_go_together():
    # In the dangerous direction: a current that is too small for its power ...
    refused(Implausible, "L1: 4600 W do not go with 2000 mA", amps=(2000, 0, 0), watts=(4600, 0, 0))
    # ... and the other way round, where it would pause a car for nothing.
    refused(Implausible, "L1: 230 W do not go with 90000 mA", amps=(90000, 0, 0), watts=(230, 0, 0))
    # A power factor of 0.6 is no lie.
    assert sieve().sift(draft(amps=(10000, 0, 0), watts=(1400, 0, 0)), Reading(), 0)
    # Whole amperes: 1 A may be 1.49 A.
    assert sieve().sift(draft(amps=(1000, 0, 0), watts=(340, 0, 0), resolution=1000), Reading(), 0)


def test_frequency():
    for chz, wanted in ((5000, 5000), (50000, 5000), (6000, 6000)):
        one = draft()
        one.frequency_chz = chz
        reading = Reading()
        sieve().sift(one, reading, 0)
        equal(reading.frequency_chz, wanted)
    one.frequency_chz = 123
    with raises(Implausible, "frequency"):
        sieve().sift(one, Reading(), 0)


def test_the_same_digits_for_too_long_are_frozen_across_the_roll_over():
    one, reading = sieve(), Reading()
    start = TICKS_MASK - 30000
    for ms in range(0, 60000, 1000):
        assert one.sift(coarse(), reading, later(start, ms))
    assert not reading.stale
    for ms in (60000, 61000, 600000, TICKS_MASK - 5):
        with raises(Frozen, "same values for 60 s"):
            one.sift(coarse(), reading, later(start, ms))
    equal(reading.number, 1)
    assert reading.stale
    assert one.sift(draft(volts=(230100, 230000, 230000)), reading, 0)
    equal((reading.number, reading.stale), (2, False))


def test_a_meter_that_tells_milliamperes_or_millivolts_is_frozen_after_10_s():
    equal(frozen_after(sieve(), draft()), 10000)
    equal(frozen_after(sieve(2000), draft(), 2000), 10000)
    # A charger without a car: only its voltage lives.
    idle = ((0, 0, 0), (0, 0, 0))
    equal(frozen_after(sieve(), draft(*idle)), 60000)
    equal(frozen_after(sieve(), draft(*idle, volts=(230000, 230012, 230000), resolution=10)), 10000)
    # So little of a current is as coarse as its voltage.
    equal(frozen_after(sieve(), draft((99, 0, 0), (0, 0, 0))), 60000)
    equal(frozen_after(sieve(), coarse()), 60000)
    # Slow ones have to show it twice.
    equal(frozen_after(sieve(9000), draft(), 9000), 18000)
    equal(frozen_after(sieve(9000), coarse(), 9000), 270000)


def test_an_energy_that_was_asked_for_late_does_not_hide_a_frozen_meter():
    one, made = sieve(), draft()
    for ms in range(0, 10000, 1000):
        made.energy_wh = 1000 + ms // 5000
        assert one.sift(made, Reading(), ms)
    with raises(Frozen, "same values for 10 s"):
        one.sift(made, Reading(), 10000)


def test_how_long_values_may_stay_the_same_can_be_set_while_it_runs():
    one = sieve(2000)
    for seconds, found in ((5, 6), (30, 30), (120, 120), (0, 10)):
        one.settle(2000, 1000 * seconds)
        equal(frozen_after(one, draft(volts=(229900, 0, 0)), 2000), 1000 * found)
        one.sift(coarse(), Reading(), 0)
    # Whoever sets it means coarse ones, too.
    one.settle(2000, 8000)
    equal(frozen_after(one, coarse(), 2000), 8000)


def test_the_same_digits_keep_a_reading_alive_but_are_no_new_one():
    # A page that shows the telegram of 10 s ago: with the draw of now, it would tell a house that never was.
    one, reading = sieve(), Reading()
    one.sift(coarse(), reading, 0)
    reading.problem = "no page"
    assert one.sift(coarse(), reading, 2000)
    equal((reading.number, reading.taken, reading.problem), (1, 2000, ""))
    # What was too old to act on is new when it comes back.
    reading.stale = True
    assert one.sift(coarse(), reading, 20000)
    equal((reading.number, reading.taken, reading.stale), (2, 20000, False))


def test_a_slow_meter_has_more_time_before_it_is_frozen():
    one = sieve(period=10000)
    one.sift(coarse(), Reading(), 0)
    assert one.sift(coarse(), Reading(), 299000)
    with raises(Frozen, "300 s"):
        one.sift(coarse(), Reading(), 300000)


def test_whole_amperes_may_stand_still():
    one = sieve()
    whole = draft(volts=(None, None, None))
    whole.lively = False
    for ms in range(0, 300000, 10000):
        assert one.sift(whole, Reading(), ms)


def test_the_same_time_stamp_is_no_new_reading():
    one, reading = sieve(), Reading()
    stamped = draft()
    stamped.stamp = 5
    assert one.sift(stamped, reading, 0)
    assert not one.sift(stamped, reading, 1000)
    equal((reading.number, reading.taken), (1, 0))
    # Neither does it become one with age, nor is that left unsaid.
    reading.stale = True
    assert not one.sift(stamped, reading, 59000)
    with raises(Frozen, "same values for 60 s"):
        one.sift(stamped, reading, 60000)
    equal((reading.number, reading.taken, reading.stale), (1, 0, True))
    stamped.stamp = 6
    assert one.sift(stamped, reading, 61000)


def test_an_alarm_counts_at_once_and_leaves_the_rest():
    one, reading = sieve(), Reading()
    one.sift(draft(), reading, 0)
    alarm = Draft()
    alarm.urgent = True
    alarm.current_ma[1] = 33000
    assert one.sift(alarm, reading, 100)
    equal(reading.current_ma, [5000, 33000, 1000])
    equal(reading.total_w, sum(reading.power_w))
    alarm.current_ma[1] = 999000
    with raises(Implausible, "current L2"):
        one.sift(alarm, reading, 200)


def test_an_alarm_about_one_phase_is_no_word_about_phases_that_nobody_knows():
    alarm = Draft()
    alarm.urgent = True
    alarm.current_ma[1] = 33000
    reading = Reading()
    with raises(Half, "no current of L1"):
        sieve().sift(alarm, reading, 0)
    equal((reading.number, reading.current_ma), (0, [0, 0, 0]))
    one = sieve()
    one.sift(draft(), reading, 0)
    reading.stale = True
    with raises(Half, "no current of L1"):
        one.sift(alarm, reading, 100000)
    assert reading.stale
    alarm.current_ma[0] = alarm.current_ma[2] = 1000
    assert one.sift(alarm, reading, 100000)
    equal(reading.current_ma, [1000, 33000, 1000])
