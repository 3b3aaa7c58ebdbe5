"""The simulated car with its habits, against the charge point, at the electrical level."""

import pytest

from fairamp import view, words
from fairamp.charging import faults
from fairamp.refusals import DONE
from fairamp_desk.site import check_site
from fairamp_desk.twin.lockstep import Lockstep


class Site(Lockstep):
    """One car with its habit at one charger."""

    def __init__(self, events=(), charger=None, **car):
        content = {
            "meter": {"period": 0.2},
            "car": [{"arrives": 5} | car],
            "event": list(events),
            "charger": [charger or {}],
        }
        super().__init__(check_site(content, "test"))
        self.set_point = self.box.managers.point("manager", 0)

    def until(self, seconds, condition):
        """Fails unless the condition comes true in time."""
        point = self.box.point
        assert self.run(seconds, condition), (point.state, words.point(point), point.transitions)
        return self

    def charging(self, amps):
        return self.until(150, lambda: max(self.world.draw_ma()) >= amps * 1000)


@pytest.mark.parametrize("phases", [1, 2, 3])
def test_cars_with_one_two_and_three_phases(phases):
    site = Site(phases=phases).charging(15.9)
    site.run(40)
    assert site.world.draw_ma() == [16000 if terminal < phases else 0 for terminal in range(3)]
    assert site.box.point.terminals() == (1 << phases) - 1


def test_a_car_that_needs_14_a_waits_for_them():
    site = Site(min=14, max=20).charging(14)
    site.run(10)
    site.set_point.write(10000)
    site.run(30)
    assert site.world.draw_ma() == [0, 0, 0]
    site.set_point.write(16000)
    site.charging(14)
    assert not site.box.point.guard.faults.active and not site.opened_under_load


def test_it_leaves_at_the_end_and_the_box_is_free_again():
    site = Site(needs_kwh=0.1, leaves=300)
    site.run(200)
    assert site.box.point.session.finished
    assert abs(site.box.point.session.energy.wh - 100) <= 3
    site.run(110)
    assert site.box.point.state == "A"


def test_unplugged_under_load():
    site = Site(leaves=60).charging(15)
    site.run(50)
    assert (site.box.point.state, site.box.point.contactor) == ("A", False)
    assert not site.box.point.guard.faults.active


def test_a_slow_start_is_no_sleep():
    site = Site(quirk="slow_start").charging(15)
    assert site.world.ms > 30_000
    assert site.box.point.wakeup.count == 0


def test_a_sleeper_is_woken_once():
    site = Site(quirk="sleeps").charging(15)
    assert site.box.point.wakeup.count == 1


def test_a_late_car_is_not_accused():
    site = Site(quirk="late").charging(15)
    for ampere in (6, 16, 8, 13, 0, 16):
        site.set_point.write(ampere * 1000)
        site.run(20)
    assert site.box.point.guard.overcurrent.count == 0


def test_one_that_ignores_the_pilot_is_cut_off_and_comes_back_after_300_s():
    site = Site(quirk="ignores_pilot").charging(15)
    site.set_point.write(6000)
    site.until(12, lambda: site.box.point.guard.faults.has(faults.OVERCURRENT))
    site.run(10)
    assert not site.box.point.contactor
    assert site.opened_under_load == 1
    site.until(320, lambda: site.box.point.contactor)


def test_a_greedy_car_is_paused():
    site = Site(quirk="greedy").charging(17)
    site.set_point.write(16000)
    site.until(15, lambda: site.box.point.guard.faults.has(faults.OVERCURRENT))


def test_no_diode_no_charging():
    site = Site(quirk="no_diode")
    site.run(60)
    assert site.box.point.guard.faults.has(faults.PILOT)
    assert site.closures == 0


def test_ventilation_and_simplified_pilot():
    site = Site(quirk="ventilation")
    site.run(60)
    assert (site.closures, view.why(site.box)) == (0, "no ventilation here")
    site = Site(quirk="ventilation", charger={"ventilation": True}).charging(15)
    assert site.box.point.state == "D2"
    site = Site(quirk="simple", max=32)
    site.run(60)
    assert max(site.world.draw_ma()) == 9996
    site = Site(quirk="simple", charger={"simple_pilot": False})
    site.run(60)
    assert site.closures == 0


def test_a_half_seated_plug_never_closes_the_contactor():
    site = Site(quirk="half_seated")
    site.run(120)
    assert site.closures == 0


def test_one_that_is_full_and_nibbles_does_not_wear_the_contactor():
    site = Site(quirk="nibbles", needs_kwh=0.1)
    site.run(1800)
    # Once to charge, and once for each nibble: every 80 s.
    assert 2 < site.closures <= 25
    assert not site.box.point.guard.faults.active


def test_contacts_act_in_the_twin():
    site = Site(
        events=[{"at": 60, "what": "shed_on"}, {"at": 90, "what": "shed_off"}, {"at": 120, "what": "enable_off"}]
    )
    site.charging(15).run(65 - site.world.ms // 1000)
    assert max(site.world.draw_ma()) <= 8000
    site.run(50)
    assert max(site.world.draw_ma()) > 15000
    site.run(15)
    assert max(site.world.draw_ma()) == 0
    assert view.why(site.box) == "enable input"


def test_down_to_one_phase_and_back_with_a_real_car():
    site = Site(charger={"phase_switch": True}).charging(15)
    assert site.box.point.phases.request(site.now, False) == DONE
    site.run(100)
    assert site.world.draw_ma() == [16000, 0, 0]
    site.run(300)
    assert site.box.point.phases.request(site.now, True) == DONE
    site.run(100)
    assert site.world.draw_ma() == [16000] * 3
    assert not site.opened_under_load
