"""What the light says of a box that is in each of these states, and how it blinks."""

from waves import fill

from checks import equal
from fairamp import commands, light, view
from fairamp.box import Box
from fairamp.light_words import WORDS
from fairamp.settings import Settings
from fairamp.status import status
from fairamp.units import TICKS_MASK, later

HIGH_MV = {"A": 12000, "B": 9000, "C": 6000, "D": 3000}
START = TICKS_MASK - 60000  # the clock rolls over in the middle


class Site:
    """A box, its house, its two meters and one car that takes what it is offered."""

    def __init__(self, **sections):
        settings = Settings()
        charger = {"max": 16, "leakage": "contact"}
        charger.update(sections.pop("charger", {}))
        sections["charger"] = charger
        equal(settings.load(sections, "test"), [])
        self.box = Box(settings)
        self.box.now = START
        self.house_ma = 2000
        self.letter = "A"
        self.car_ma = 32000  # it draws no more
        self.silent = False  # the house meter
        self.box.inputs.temperature_dc = 250
        self._looks = 0

    def run(self, seconds):
        box = self.box
        for tick in range(50 * seconds):
            box.now = later(box.now, 20)
            letter = "B" if self.letter == "C" and box.point.duty == 10000 else self.letter
            fill(box.inputs.codes, HIGH_MV[letter], -12000, box.point.duty)
            box.inputs.count = len(box.inputs.codes)
            if tick % 10 == 0:
                self._read()
                box.balance(box.now)
            box.step(box.now)
        return self

    def _read(self):
        self._looks += 1
        box, jitter = self.box, self._looks % 7
        flows = min(box.point.offer_ma, self.car_ma) if box.point.contactor else 0
        grid, own = box.coordinator.grid, box.own
        for phase in range(3):
            own.current_ma[phase] = flows and flows - jitter
            own.voltage_mv[phase] = 230000 + jitter
            grid.current_ma[phase] = self.house_ma + flows + jitter
            grid.power_w[phase] = grid.current_ma[phase] * 230 // 1000
            own.power_w[phase] = own.current_ma[phase] * 230 // 1000
        own.accept(box.now)
        if not self.silent:
            grid.accept(box.now)

    def plug(self, letter="C", seconds=20):
        self.letter = letter
        return self.run(seconds)


def charging(**sections):
    site = Site(**sections).run(5).plug()
    assert site.box.point.contactor, view.why(site.box)
    return site


def restarts():
    site = charging()
    commands.restart(site.box, "test")
    return site.run(1)


def welded():
    site = Site()
    site.box.inputs.output_live = True
    return site.run(5)


def safe_mode():
    site = Site()
    site.box.wrong_settings = ["[site] fuse is missing"]
    return site.run(5)


def leaks():
    site = charging()
    site.box.inputs.leakage = True
    return site.run(1)


def hot():
    site = charging()
    site.box.inputs.temperature_dc = 990
    return site.run(1)


def checked():
    site = charging()
    equal(commands.start_check(site.box, "test"), 0)
    return site.run(1)


def unauthorised():
    return Site(charger={"start": "request"}).run(5).plug()


def stopped():
    site = charging()
    commands.stop(site.box, "test")
    return site.run(2)


def meter_lost():
    site = charging()
    site.silent = True
    return site.run(15)


def warm():
    site = charging(charger={"warn_temperature": 50})
    site.box.inputs.temperature_dc = 550
    return site.run(1)


def delayed():
    site = Site(charger={"start_delay": 600}).run(5)
    site.box.inputs.chance = 300000
    return site.plug()


def no_power():
    site = Site()
    site.house_ma = 24000
    return site.run(5).plug()


def reduced():
    site = Site()
    site.house_ma = 15000
    return site.run(5).plug(seconds=40)


def finished():
    return Site().run(5).plug("B")


def no_network():
    site = Site().run(5)
    site.box.offline = True
    return site


def ready():
    return Site().run(5)


SCENES = {
    light.RESTARTS: restarts,
    light.REPAIR: welded,
    light.SAFE_MODE: safe_mode,
    light.UNPLUG: leaks,
    light.PAUSE: hot,
    light.CHECK: checked,
    light.PERMISSION: unauthorised,
    light.START: stopped,
    light.LOST: meter_lost,
    light.WARNING: warm,
    light.DELAY: delayed,
    light.NO_CURRENT: no_power,
    light.REDUCED: reduced,
    light.CHARGES: charging,
    light.OFFERED: finished,
    light.NO_NETWORK: no_network,
    light.READY: ready,
}


def said(site):
    return WORDS[view.light(site.box)]


def test_each_row_is_what_some_box_says():
    equal(sorted(SCENES), list(range(len(light.LOOKS))))
    equal(len(WORDS), len(light.LOOKS))
    for row, scene in SCENES.items():
        equal((said(scene()), row), (WORDS[row], row))


def test_whatever_keeps_a_car_waiting_looks_alike():
    site = charging(charger={"shed_current": 0})
    site.box.wire(True, True)
    equal((said(site.run(8)), view.why(site.box)), (WORDS[light.NO_CURRENT], "load shedding"))
    site = charging()
    point = commands.set_point(site.box, "alfen", 60000)
    commands.set_current(site.box, "ems:alfen", point, 0)
    equal((said(site.run(8)), view.why(site.box)), (WORDS[light.NO_CURRENT], "energy management"))
    site = charging(charger={"shed_function": "suspend"})
    site.box.wire(True, True)
    equal(said(site.run(8)), WORDS[light.NO_CURRENT])
    # Nor is a box ready that would give the next car nothing.
    equal(said(site.plug("A", 3)), WORDS[light.NO_CURRENT])


def test_what_limits_a_car_that_charges_is_seen_whoever_does_it():
    site = charging()
    point = commands.set_point(site.box, "alfen", 60000)
    commands.set_current(site.box, "ems:alfen", point, 10000)
    equal(said(site.run(2)), WORDS[light.REDUCED])
    equal(said(charging(charger={"limit": 10})), WORDS[light.REDUCED])


def test_what_charger_cable_or_car_cannot_is_no_limit():
    equal(said(charging(charger={"max": 10})), WORDS[light.CHARGES])
    site = Site(charger={"max": 32})
    site.box.inputs.proximity_ohm = 680
    equal(said(site.run(5).plug()), WORDS[light.CHARGES])
    site = Site()
    site.car_ma = 9000
    site.run(5).plug(seconds=120)
    equal((view.why(site.box), said(site)), ("the car draws no more", WORDS[light.CHARGES]))


def test_a_meter_or_a_manager_that_is_not_heard_looks_alike():
    site = Site()
    site.silent = True
    equal(said(site.run(5)), WORDS[light.LOST])
    site = Site(ems={"required": True}).run(5).plug()
    equal((said(site), view.why(site.box)), (WORDS[light.LOST], "energy manager silent, failsafe current"))
    site = Site(supply={"mode": "ems"}).run(5)
    equal((said(site), view.why(site.box)), (WORDS[light.LOST], "waiting until an energy manager sets a current"))
    site = charging(meter={"fallback": [12, 12, 12]})
    site.silent = True
    equal((said(site.run(15)), view.why(site.box)), (WORDS[light.LOST], "meter lost, load to expect"))
    site = charging()
    site.box.own.stale = True
    equal(said(site), WORDS[light.LOST])


def test_what_matters_more_hides_what_matters_less():
    site = meter_lost()
    site.box.offline = True
    site.box.inputs.temperature_dc = 850
    equal(said(site.run(1)), WORDS[light.PAUSE])
    site.box.inputs.leakage = True
    equal(said(site.run(1)), WORDS[light.UNPLUG])
    site.box.wrong_settings = ["[site] fuse is missing"]
    equal(said(site), WORDS[light.SAFE_MODE])
    commands.restart(site.box, "test")
    equal(said(site), WORDS[light.RESTARTS])


def test_a_check_that_is_over_is_not_shown_any_more():
    site = checked().plug("A", 2)
    box = site.box
    for _ in range(5 * 610):  # no car comes: it gives up after 10 minutes
        box.now = later(box.now, 200)
        site._read()
        box.balance(box.now)
    assert box.check.done
    equal(said(site), WORDS[light.READY])


def test_after_a_fault_it_still_waits_by_itself():
    site = hot()
    site.box.inputs.temperature_dc = 250
    site.run(5)
    equal((view.faulty(site.box), said(site)), (False, WORDS[light.PAUSE]))


def test_a_car_that_cannot_charge_here_is_to_be_unplugged():
    equal(said(Site().run(5).plug("D")), WORDS[light.UNPLUG])


def test_page_and_programs_read_the_same_words():
    shown = status(reduced().box)["light"]
    equal(shown, {"meaning": "charges with less than charger and cable could", "pattern": "**************--"})


def test_without_a_break_or_nearly_it_is_lit_only_while_the_contactor_is_closed():
    for row, look in enumerate(light.LOOKS):
        equal((row, look & light.ON in (light.ON, light.GAPS)), (row, row in (light.CHARGES, light.REDUCED)))


def test_a_person_can_tell_the_patterns_apart():
    kinds = {look & light.ON for look in light.LOOKS}
    equal(len(kinds), 7)
    told = set()
    for pattern in kinds:
        turned = pattern
        for _ in range(light.PARTS):
            turned = turned >> 1 | (turned & 1) << light.PARTS - 1
            assert turned not in told, pattern
        told.add(pattern)


def test_a_pattern_begins_anew_every_two_seconds_and_the_roll_over_is_not_seen():
    for pattern in (light.ON, light.GAPS, light.SLOW, light.FLASH, light.TWO, light.THREE, light.FAST):
        for ms in range(0, 4096, 64):
            look = pattern | light.WHITE << light.PARTS
            now = light.lit(look, ms)
            equal(now, light.WHITE * (pattern >> ms // 128 % 16 & 1))
            equal(light.lit(look, ms + 2048), now)
            # As if the clock went on.
            equal(light.lit(look, later(TICKS_MASK + 1 - 2048, ms)), now)
