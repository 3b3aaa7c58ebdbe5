"""A car on the pilot line, as IEC 61851-1 has it: a diode, a resistor for each state, and it draws what is offered."""

import random

from tests.chip.pico import MS, Pico

# Volts while the pilot is high; a diode hides the car while it is low.
STATES = {"A": 12000, "B": 9000, "C": 6000, "D": 3000}
LOW = -12000
# The converter behind the resistors of the board's table: millivolts on the line at code 0, and for 4096 codes.
ZERO, SPAN = -14667, 35967
NOISE = [random.Random(7).randrange(-2, 3) for _ in range(997)]
PWM_FUNCTION = 4
LEAST_DUTY, MOST_DUTY = 0.08, 0.97
# How a car begins to draw: it waits, then takes more and more. Less is taken at once.
WAIT_MS, AMPS_PER_MS = 800.0, 0.008


class Car:
    """`most` in A; `phases` that it uses; `diode` False is a faulty car."""

    def __init__(self, pico: Pico, pwm_pin: int, most: float = 16.0, phases: int = 3) -> None:
        self.pico = pico
        self.pin = pwm_pin
        self.most = most
        self.phases = phases
        self.diode = True
        self.state = "A"
        self._amps = 0.0
        self._looked = 0.0
        self._since: float | None = None

    def high(self, nanos: float) -> bool:
        """The chip's pilot output. Let go, as in a reset, a resistor keeps it high."""
        pin = self.pico.chip.gpio[self.pin]
        if pin.function_select == PWM_FUNCTION:
            return self.pico.chip.pwm.level(self.pin, nanos)
        return self.pico.output(self.pin, floating=True)

    def code(self, nanos: float) -> int:
        """What the converter sees on the pilot line."""
        millivolts = STATES[self.state]
        if not self.high(nanos):
            millivolts = LOW if self.diode or self.state == "A" else -millivolts
        return (millivolts - ZERO) * 4096 // SPAN + NOISE[int(nanos / 1000) % len(NOISE)]

    def duty(self) -> float:
        """Part of the time that the pilot is high."""
        if self.pico.chip.gpio[self.pin].function_select == PWM_FUNCTION:
            shape = self.pico.chip.pwm.shape(self.pin)
            return shape[1] if shape else 0.0
        return float(self.high(self.pico.ms * MS))

    def offered(self) -> float:
        """A, by the duty; 0 outside of what means current."""
        duty = self.duty()
        if not LEAST_DUTY <= duty <= MOST_DUTY:
            return 0.0
        return duty * 60 if duty <= 0.85 else (duty * 100 - 64) * 2.5

    def draws(self, closed: bool) -> list[float]:
        """A per phase, now; asked for often enough to see when it may begin."""
        now = self.pico.ms
        target = min(self.most, self.offered()) if closed and self.state in "CD" else 0.0
        if not target:
            self._since = None
        elif self._since is None:
            self._since = now
        begun = self._since is not None and now - self._since >= WAIT_MS
        more = AMPS_PER_MS * (now - max(self._looked, (self._since or 0.0) + WAIT_MS)) if begun else 0.0
        self._amps = min(target, self._amps + max(0.0, more))
        self._looked = now
        return [self._amps if phase < self.phases else 0.0 for phase in range(3)]
