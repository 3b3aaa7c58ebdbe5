from checks import equal
from fairamp.charging.limits import NO_LIMIT
from fairamp.check.installation import Check
from fairamp.check.result import judge
from fairamp.meters.reading import Reading
from fairamp.units import later

TICK_MS = 200
METER_MS = 1000
RAMP_MA = 800  # per tick


def true(phase, ma):
    """A meter that shows what is there."""
    return phase, ma


class Scene:
    """A house, its two meters and one car. `meter(phase, ma)`: where and what the house meter shows of a current."""

    def __init__(self, terminals=1, phases=(0, 1, 2), including=True, allowed=16000, meter=true, start=0):
        self.house = [4000, 6500, 3000]
        self.grid, self.own = Reading(), Reading()
        self.check = Check(self.grid, self.own, phases, including)
        self.terminals = terminals
        self.phases = phases
        self.allowed = allowed
        self.meter = meter
        self.including = including
        self.now = start
        self.ms = 0
        self.draw = 0
        self.limits = []
        self.said = []
        self.connected = self.alone = self.follows = True
        self.meter_ms = METER_MS
        self.noise_ma = 0
        self._chance = 1

    def _noise(self):
        self._chance = self._chance * 1103 % 65521
        return self._chance % (2 * self.noise_ma + 1) - self.noise_ma if self.noise_ma else 0

    def _read(self):
        for terminal in range(3):
            self.own.current_ma[terminal] = self.draw if terminal < self.terminals else 0
        through = [ma + self._noise() for ma in self.house]
        if self.including:
            for terminal in range(self.terminals):
                through[self.phases[terminal]] += self.draw
        for phase in range(3):
            shown, ma = self.meter(phase, through[phase])
            self.grid.current_ma[shown] = ma
        self.own.accept(self.now)
        self.grid.accept(self.now)

    def tick(self):
        if self.ms % self.meter_ms == 0:
            self._read()
        limit = self.check.step(self.now, self.connected, self.alone, 6000)
        self.limits.append(limit)
        if self.check.says not in self.said:
            self.said.append(self.check.says)
        offer = min(self.allowed, limit) if self.connected and self.allowed else 0
        if self.follows:
            self.draw += max(-5 * RAMP_MA, min(RAMP_MA, offer - self.draw))
        self.now = later(self.now, TICK_MS)
        self.ms += TICK_MS

    def run(self, seconds=700):
        """Until it has concluded: (works, result)."""
        end = self.ms + 1000 * seconds
        while not self.check.done and self.ms < end:
            self.tick()
        return self.check.works, self.check.result

    def concludes(self, result, text="", left_open=""):
        found = self.run()
        equal(found, (result == "works", result))
        assert text in self.check.conclusion, self.check.conclusion
        assert left_open in self.check.left_open, self.check.left_open
        equal((self.check.says, self.check.step(self.now, True, True, 6000)), ("done", NO_LIMIT))
        equal(self.limits[-1], NO_LIMIT)
        return self


def swapped(phase, ma):
    return (1, 0, 2)[phase], ma


def test_a_right_installation_works_with_any_car():
    Scene().concludes("works", "gave way by 8.5 A", "Only L1")
    Scene(3).concludes("works", "on L1, L2 and L3", "one-phase car.")
    Scene(2).concludes("works", "on L1 and L2", "three-phase car")
    equal(Scene(1, (1,)).concludes("works", "on L2").check.left_open, "")
    Scene(1, (2, 0, 1)).concludes("works", "on L3")


def test_it_only_lowers_takes_two_minutes_and_tells_what_it_does():
    scene = Scene(3)
    scene.run()
    assert scene.ms < 120000, scene.ms
    equal(sorted(set(scene.limits)), [6000, 14000, NO_LIMIT])
    equal(len(scene.said), 8)
    assert "look 1 of 5" in scene.said[2] and "lowered" in scene.said[3], scene.said
    state = scene.check.state()
    equal((state["done"], state["works"], state["pairs"], state["charger_ma"]), (True, True, 4, [8500] * 3))
    equal(scene.check.seconds, scene.ms // 1000)


def test_the_clock_rolls_over():
    for before in range(0, 90000, 15000):
        Scene(start=(1 << 30) - before).concludes("works")


def test_swapped_phases():
    Scene(meter=swapped).concludes("phase order", "draws on L1, and the meter shows it on L2")
    Scene(meter=swapped).concludes("phase order", "charger.mapping to L2L3L1 or L2L1L3;")
    Scene(meter=swapped).concludes("phase order", "clamps or wires of L1 and L2 at")
    Scene(1, (0,), meter=swapped).concludes("phase order", "charger.mapping to L2;")
    Scene(2, meter=lambda phase, ma: ((0, 2, 1)[phase], ma)).concludes("phase order", "to L3L1L2 or L1L3L2;")
    # The box itself has the other order, and the meter is right.
    scene = Scene(1, (0, 1, 2))
    scene.check = Check(scene.grid, scene.own, (1, 2, 0), True)
    scene.concludes("phase order", "to L1L2L3 or L1L3L2;")


def test_reversed_clamps():
    Scene(meter=lambda phase, ma: (phase, -ma)).concludes("reversed", "reversed on L1:")
    Scene(3, meter=lambda phase, ma: (phase, -ma if phase == 1 else ma)).concludes("reversed", "reversed on L2:")
    both = Scene(meter=lambda phase, ma: ((1, 0, 2)[phase], -ma)).concludes("phase order", "shows it on L2")
    assert "reversed on L2" in both.check.conclusion


def test_location():
    scene = Scene(3)
    scene.including = False
    scene.concludes("not seen", 'meter.location to "excluding"')
    Scene(3, including=False).concludes("works", "without the charger", "known load")
    scene = Scene(3, including=False)
    scene.including = True
    scene.concludes("seen", 'Set it to "including"')
    Scene(3, meter=lambda phase, ma: (phase, 0 if phase == 1 else ma)).concludes("not seen", "charger on L2:")


def test_scale():
    scene = Scene(3, meter=lambda phase, ma: (phase, ma * 3 // 2))
    scene.concludes("scale", "1.50 times on L1, 1.50 times on L2, 1.50 times on L3")
    Scene(meter=lambda phase, ma: (phase, ma * 2 // 3)).concludes("scale", "0.66 times on L1")
    Scene(meter=lambda phase, ma: (phase, ma // 10)).concludes("scale", "0.10 times on L1")
    Scene(meter=lambda phase, ma: (phase, ma * 11 // 10)).concludes("works")
    # Whole amperes are a coarse meter, not a wrong one.
    Scene(3, allowed=10000, meter=lambda phase, ma: (phase, ma // 1000 * 1000)).concludes("works")


def test_clamps_cannot_see_the_direction():
    def clamps(house, terminals=1):
        scene = Scene(terminals, meter=lambda phase, ma: (phase, abs(ma)))
        scene.house = house
        scene.grid.directed = False
        return scene

    clamps([4000, 2000, 0], 3).concludes("works")
    clamps([-20000, 0, 0]).concludes("feeding in", "repeat without sun")
    clamps([-10000, 0, 0]).concludes("scale", "repeat without sun")
    scene = Scene(3, meter=lambda phase, ma: (phase, -ma))
    scene.grid.directed = True
    assert "sun" not in scene.concludes("reversed").check.conclusion


def test_noise_takes_longer_and_too_much_is_told():
    quiet, noisy, wild = Scene(), Scene(), Scene()
    noisy.noise_ma = 6000
    wild.noise_ma = 25000
    quiet.concludes("works")
    noisy.concludes("works")
    assert noisy.check.pairs > quiet.check.pairs == 4, noisy.check.pairs
    wild.concludes("restless", "ovens")
    noisy = Scene(meter=swapped)
    noisy.noise_ma = 6000
    noisy.concludes("phase order", "shows it on L2")


def test_a_kettle_in_between_does_not_fool_it():
    scene = Scene()
    for second, ma in ((22, 13000), (200, 4000)):
        while scene.ms < 1000 * second and not scene.check.done:
            scene.tick()
        scene.house[0] = ma
    scene.concludes("works")
    assert scene.check.pairs > 4


def test_without_a_car_or_with_too_little():
    scene = Scene()
    scene.connected = False
    scene.concludes("no car", "plug one in")
    equal((scene.said, scene.check.seconds), (["plug in a car and let it charge", "done"], 300))
    scene = Scene(allowed=8000)
    scene.concludes("too little", "9 A or more")
    assert scene.check.seconds < 130, scene.check.seconds
    scene = Scene(allowed=0)
    scene.run(100)
    scene.allowed = 16000
    scene.concludes("works")
    scene = Scene()
    scene.run(40)
    scene.connected = False
    scene.concludes("no car")


def test_a_car_that_does_not_follow():
    scene = Scene()
    scene.run(10)
    scene.follows = False
    scene.concludes("does not follow", "another car")
    assert "waiting for the car to lower its current" in scene.said, scene.said


def test_other_cars_are_waited_for():
    scene = Scene()
    scene.alone = False
    scene.run(60)
    equal(scene.said, ["plug in a car and let it charge", "stop the other cars: only this one may charge"])
    scene.alone = True
    scene.concludes("works")
    scene = Scene()
    scene.alone = False
    scene.concludes("others")


def test_a_lost_meter():
    for name in ("grid", "own"):
        scene = Scene()
        scene.run(30)
        getattr(scene, name).stale = True
        scene.meter_ms = 1000000000
        scene.concludes("meter lost", "the log says")
        assert scene.check.seconds < 100
    # Back in time, it goes on.
    scene = Scene()
    scene.run(30)
    scene.grid.stale = True
    scene.meter_ms = 40000
    scene.run(40)
    scene.meter_ms = METER_MS
    scene.concludes("works")


def test_a_meter_that_is_slow():
    scene = Scene(3)
    scene.meter_ms = 10000
    scene.concludes("works")


def test_a_draw_that_never_rests():
    scene = Scene()
    while not scene.check.done:
        scene.allowed = 16000 if scene.ms // 7000 % 2 else 11000
        scene.tick()
    scene.concludes("not sure", "never steady")
    assert 600 <= scene.check.seconds <= 601


def test_the_charger_s_own_meter_in_another_order():
    result, text, _ = judge((0, 8000, 0), (8000, 0, 0), (0, 1, 2), True, True, 3)
    equal(result, "phase order")
    assert "own meter" in text


def test_what_fits_nothing_is_not_guessed():
    result, text, _ = judge((9000, 0, 0), (3000, 3000, 3000), (0, 1, 2), True, True, 3)
    equal(result, "not sure")
    assert "rose by 9.0 A, 0.0 A, 0.0 A and the phases of the meter by 3.0 A, 3.0 A, 3.0 A" in text, text
