"""A charge point with a car that is a resistor and a diode, for tests that look at one thing at a time."""

from fairamp.charging import pilot
from fairamp.charging.point import ChargePoint, Inputs
from fairamp.settings import Settings
from fairamp.units import later

STEP = 20
HIGH = {"A": 12000, "B": 9000, "C": 6000, "D": 3000, "E": 0}
# Samples on 128 moments of a wave, at a rate that never meets the same phase twice.
PHASE_STEP = 371


class Bench:
    """`letter` is what the car shows; `draw` what it draws on its terminals while the contactor is closed."""

    def __init__(self, allowed=16000, clock=0, started=True, phase_relay=False, reading_ms=200, **charger):
        settings = Settings()
        site = {}
        for name in ("least_voltage", "most_voltage"):
            if name in charger:
                site[name] = charger.pop(name)
        errors = settings.load({"charger": charger, "site": site}, "bench")
        assert not errors, errors
        self.point = ChargePoint(settings, phase_relay=phase_relay)
        self.point.limits.grant(allowed)
        self.inputs = Inputs()
        self.inputs.measured = True
        self.inputs.voltage_mv = [230000, 230000, 230000]
        self.now = clock
        self.ms = 0
        self.letter = "A"
        self.diode = True
        self.blind = False
        self.welded = False
        self.draw = None  # per terminal; None = what it is offered
        self._reading_ms = reading_ms
        self._phase = 0
        if started:
            self.run(2200)

    def run(self, ms=STEP):
        """Lets time pass, step by step."""
        for _ in range(max(1, ms // STEP)):
            self.step()
        return self

    def step(self):
        self.now = later(self.now, STEP)
        self.ms += STEP
        self._sample()
        if self.ms % self._reading_ms == 0:
            self._measure()
        self.point.step(self.now, self.inputs)

    def show(self, letter, ms=STEP):
        """The car changes its resistor, and time passes."""
        self.letter = letter
        return self.run(ms)

    def charge(self, ms=1000):
        """Plugs in and charges."""
        self.show("B", 400)
        return self.show("C", ms)

    def _sample(self):
        inputs, duty = self.inputs, self.point.duty
        high = HIGH[self.letter]
        low = 0 if self.letter == "E" else -12000 if self.diode or self.letter == "A" else -high
        high, low = pilot.code(high), pilot.code(low)
        for index in range(128):
            self._phase = (self._phase + PHASE_STEP) % 10000
            inputs.codes[index] = high if self._phase < duty else low
        inputs.count = 0 if self.blind else 128

    def _measure(self):
        inputs = self.inputs
        closed = self.point.contactor and self.letter in "CD"
        if self.draw is not None:
            drawn = self.draw if self.point.contactor or self.welded else (0, 0, 0)
        else:
            offered = pilot.current(self.point.duty) if closed else 0
            others = offered if self.point.phases.three else 0
            drawn = (offered, others, others)
        inputs.power_w = 0
        for terminal in range(3):
            inputs.draw_ma[terminal] = drawn[terminal]
            inputs.power_w += drawn[terminal] * 230 // 1000
        inputs.reading += 1
        inputs.read_at = self.now
