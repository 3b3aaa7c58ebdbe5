"""All that is wired to the box: meters, car, contactor, contacts, energy manager; by the pins of its board file."""

import importlib
from types import ModuleType

from tests.chip.car import Car
from tests.chip.ems import Ems
from tests.chip.line import Line
from tests.chip.meters import OWN, Meters
from tests.chip.pico import Pico

FIRST_ADC_GPIO = 26
TEMPERATURE_CHANNEL = 4
WARM = 876  # 27 degrees
MIDDLE = 2048
# A contactor takes so long to open or close.
CONTACTOR_MS = 12
# Contacts to ground, as long as all is well.
CLOSED = ("leakage", "leakage_error", "locked", "enable")


class House:
    def __init__(self, pico: Pico, board_id: str, seed: int = 1) -> None:
        self.pico = pico
        board: ModuleType = importlib.import_module(f"boards.{board_id}")
        self.pins = {role: pin for role, pin, _ in board.PINS}
        self.amps = [5.0, 4.0, 3.0]  # of the house without the car
        self.car = Car(pico, self.pins["pilot_pwm"])
        self.meter_line = self._line("meter")
        self.ems_line = self._line("ems")
        self.meters = Meters(self.meter_line, self._amps)
        self.ems = Ems(self.ems_line, seed=seed)
        self.closed = False  # what the chip tells the contactor
        self.switched: list[tuple[float, bool]] = []
        self.duties: list[tuple[float, float]] = []
        self.feeds: list[float] = []
        self._wire()

    def _line(self, name: str) -> Line:
        tx = self.pins[f"{name}_tx"]
        return Line(self.pico, (tx + 4) // 8 % 2, self.pins[f"{name}_de"])

    def _wire(self) -> None:
        pico, pins, adc = self.pico, self.pins, self.pico.chip.adc
        for role in CLOSED:
            if role in pins:
                pico.drive(pins[role], False)
        adc.sources[pins["pilot_adc"] - FIRST_ADC_GPIO] = self.car.code
        for role in ("ct_l1", "ct_l2", "ct_l3"):
            if role in pins:
                adc.sources[pins[role] - FIRST_ADC_GPIO] = lambda nanos: MIDDLE
        adc.sources[TEMPERATURE_CHANNEL] = lambda nanos: WARM
        pico.watch(pins["contactor"], self._contactor)
        pico.chip.pwm.on_change = self._pwm_written
        pico.chip.watchdog.on_feed = lambda: self.feeds.append(pico.ms)

    def _amps(self, unit: int) -> list[float]:
        own = self.car.draws(self.closed)
        return own if unit == OWN else [house + car for house, car in zip(self.amps, own, strict=True)]

    def _contactor(self, closed: bool) -> None:
        self.closed = closed
        self.switched.append((self.pico.ms, closed))
        self.car.draws(closed)
        if "output_live" in self.pins:
            self.pico.later(CONTACTOR_MS, self._feedback)

    def _feedback(self) -> None:
        self.pico.drive(self.pins["output_live"], False if self.closed else None)

    def _pwm_written(self, number: int) -> None:
        if number == self.pins["pilot_pwm"] // 2 % 8:
            duty = round(self.car.duty(), 4)
            if not self.duties or self.duties[-1][1] != duty:
                self.duties.append((self.pico.ms, duty))

    # Waiting for what a person would see

    def until_read(self, ms: float = 30000) -> bool:
        """Both meters have answered twice."""
        return self.pico.until(lambda: min(self.meters.answered.values()) >= 2, ms, 5)

    def until_offered(self, ms: float = 15000) -> bool:
        return self.pico.until(lambda: self.car.offered() > 0, ms, 2)

    def until_closed(self, ms: float = 10000) -> bool:
        return self.pico.until(lambda: self.closed, ms, 1)

    def until_open(self, ms: float = 10000) -> bool:
        return self.pico.until(lambda: not self.closed, ms, 1)

    def charge(self) -> bool:
        """From a box that has just read its meters to a car that charges."""
        self.car.state = "B"
        if not self.until_offered():
            return False
        self.pico.run(700)
        self.car.state = "C"
        return self.until_closed()
