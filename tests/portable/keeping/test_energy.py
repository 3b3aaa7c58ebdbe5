"""Energy and session over a restart: exact where it was asked for, at most 250 Wh less where it was not."""

from bench import Bench
from empty_folder import empty

from checks import equal
from fairamp.charging.record import GONE, SIZE, UNPLUGGED, pack, readable, unpack
from fairamp_box.io.pair import Pair
from fairamp_box.keeping.energy import STEP_WH, KeptEnergy

NAMES = "end charger number lifetime_wh lifetime_mj wh mj seconds charging_s most used boot began_s began ended by card"


class Ended:
    """A record of a session that is over, by name."""

    def __init__(self, data):
        *values, self.flags = unpack(data)
        for name, value in zip(NAMES.split(), values):
            setattr(self, name, value)


class Box:
    """As much of a box as is kept."""

    estimate = None

    def __init__(self, bench, resume=True):
        self.point = bench.point
        self._resume = resume
        self.ended = []
        self.point.session.when_ended = lambda how: self.ended.append(Ended(self.record(how)))

    def record(self, end):
        return pack(self.point.session, 3, False, end)

    def recall(self, data, newest):
        self.point.session.recall(data, newest and self._resume)


class Run:
    """A charge point and what is kept of it, saved whenever it is due."""

    def __init__(self, resume=True, **charger):
        self.bench = Bench(started=False, limit=16, **charger)
        self.box = Box(self.bench, resume)
        self.kept = KeptEnergy(Pair("energies/energy"), self.box)
        assert self.kept.load()
        self.session = self.bench.point.session
        self.saved = 0

    def run(self, letter, ms):
        if letter != self.bench.letter:
            self.bench.show(letter, 0)
        for _ in range(ms // 1000):
            self.bench.run(1000)
            if self.kept.due(self.bench.now):
                self.kept.save()
                self.saved += 1
        return self


def first(**charger):
    empty("energies")
    return Run(**charger)


def test_a_loss_of_power_costs_a_quarter_of_a_kilowatt_hour_at_most():
    before = first().run("A", 3000).run("B", 3000).run("C", 330000)
    lifetime, number = before.session.lifetime.wh, before.session.number
    assert lifetime > 3 * STEP_WH
    # At the start, when it was plugged in, and for each step.
    equal(before.saved, 2 + lifetime // STEP_WH)
    after = Run()
    assert 0 <= lifetime - after.session.lifetime.wh <= STEP_WH, (lifetime, after.session.lifetime.wh)
    equal(after.session.number, number)


def test_a_restart_that_was_asked_for_costs_nothing():
    before = first().run("A", 3000).run("B", 3000).run("C", 100000)
    assert before.kept.changed()
    before.kept.save()
    energy = before.session.lifetime
    after = Run()
    equal((after.session.lifetime.wh, after.session.lifetime.rest_mj), (energy.wh, energy.rest_mj))
    assert not after.kept.changed()


def test_a_car_that_is_still_there_goes_on_with_its_session():
    before = first().run("A", 3000).run("B", 3000).run("C", 100000)
    before.kept.save()
    wh, seconds, number = before.session.energy.wh, before.session.seconds, before.session.number
    after = Run().run("C", 60000)
    equal(after.session.number, number)
    assert after.session.energy.wh > wh + 100 and after.session.seconds > seconds + 50
    equal(after.session.energy.wh, after.session.lifetime.wh)
    equal(after.box.ended, [])


def test_a_car_that_has_gone_meanwhile_ends_its_session():
    before = first().run("A", 3000).run("B", 3000).run("C", 100000)
    before.session.card, before.session.by = "04A1B2C3", "ems:alfen"
    before.kept.save()
    wh, number = before.session.energy.wh, before.session.number
    after = Run().run("A", 3000)
    (ended,) = after.box.ended
    equal((ended.end, ended.wh, ended.number), (GONE, wh, number))
    equal((ended.card, ended.by), ("04A1B2C3", "ems:alfen"))
    after.run("C", 20000)
    equal(after.session.number, number + 1)
    assert after.session.energy.wh < wh


def test_until_it_is_known_what_is_kept_is_not_written_over():
    before = first().run("A", 3000).run("B", 3000).run("C", 100000)
    before.kept.save()
    after = Run()
    assert not after.kept.due(after.bench.now) and not after.kept.changed()


def test_who_had_permission_needs_none_after_a_loss_of_power():
    for resume in (True, False):
        before = first(start="request").run("A", 3000).run("B", 3000).run("C", 5000)
        before.session.authorise()
        before.run("C", 20000)
        assert before.bench.point.contactor
        after = Run(resume=resume, start="request").run("C", 20000)
        equal(after.bench.point.contactor, resume)


def test_another_car_than_before_has_no_permission():
    before = first(start="request").run("A", 3000).run("B", 3000).run("C", 5000)
    before.session.authorise()
    before.run("C", 20000)
    after = Run(start="request").run("A", 3000).run("B", 3000).run("C", 20000)
    assert not after.bench.point.contactor


def test_who_was_stopped_stays_stopped():
    before = first().run("A", 3000).run("B", 3000).run("C", 20000)
    before.session.stop()
    before.run("C", 3000)
    after = Run().run("C", 20000)
    assert after.session.stopped and not after.bench.point.contactor


def test_a_session_that_is_over_has_its_figures():
    run = first().run("A", 3000).run("B", 3000).run("C", 330000)
    run.session.card = "\u00e4" * 30
    run.run("A", 3000)
    (ended,) = run.box.ended
    equal((ended.end, ended.charger, ended.number), (UNPLUGGED, 3, 1))
    assert 325 <= ended.charging_s <= ended.seconds <= 334, (ended.charging_s, ended.seconds)
    equal((ended.wh, ended.lifetime_wh, ended.most, ended.used), (run.session.energy.wh,) * 2 + (160, 7))
    equal((ended.began, ended.ended), (None, None))


def test_what_another_version_has_kept_is_not_written_over():
    first()
    Pair("energies/energy").save(bytes([99]) * SIZE)
    kept = KeptEnergy(Pair("energies/energy"), Box(Bench(started=False)))
    assert not kept.load()
    assert not readable(b"") and not readable(b"\1short")


def test_one_look_that_does_not_see_the_car_yet_ends_no_session_and_lifts_no_stop():
    before = first().run("A", 3000).run("B", 3000).run("C", 20000)
    before.session.stop()
    before.run("C", 3000)
    after = Run().run("A", 1000).run("C", 20000)
    equal((after.box.ended, after.session.number), ([], before.session.number))
    assert after.session.stopped and not after.bench.point.contactor


def test_that_nobody_had_to_be_asked_is_no_permission():
    first().run("A", 3000).run("B", 3000).run("C", 20000)
    after = Run(start="request").run("C", 20000)
    equal((after.session.number, after.bench.point.contactor), (1, False))


def test_where_nothing_could_be_written_a_permission_may_be_an_old_one():
    before = first(start="request").run("A", 3000).run("B", 3000).run("C", 5000)
    before.session.authorise()
    before.run("C", 20000)
    box = Box(Bench(started=False, limit=16, start="request"))
    assert KeptEnergy(Pair("energies/energy"), box).load(newest=False)
    session = box.point.session
    session.plug(0, 0)
    equal((session.number, session.authorised), (1, False))


def test_a_session_over_a_restart_tells_the_start_in_which_it_began():
    before = first().run("A", 3000).run("B", 3000).run("C", 20000)
    before.session.boot = 7
    before.kept.save()
    after = Run().run("C", 5000)
    after.run("A", 3000)
    equal(after.box.ended[0].boot, 7)


def test_a_session_that_ended_without_power_does_not_end_again_at_each_start():
    before = first().run("A", 3000).run("B", 3000).run("C", 20000)
    before.kept.save()
    equal([len(Run().run("A", 5000).box.ended) for _ in range(3)], [1, 0, 0])
