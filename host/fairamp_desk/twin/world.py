"""The simulated site: house, cars and meters around one box, advanced in small steps of time."""

import random

from fairamp.units import PHASES, elapsed
from fairamp_desk.site import Site
from fairamp_desk.twin.car import OPEN_MV, Car
from fairamp_desk.twin.house import House
from fairamp_desk.twin.meters import MeterLine, SimulatedMeter

STEP_MS = 20
LOW_MV = -12000


class World:
    """Told the time; moves everything that a box does not decide. It is also the wires of the twin's board."""

    cts = 0
    has_phase_relay = False
    has_wifi = False
    address = None

    def __init__(self, site: Site, meter_port, ems_port):
        settings = site.settings
        self.meter_port = meter_port
        self.ems_port = ems_port
        self.enable_closed = True
        self.shed_closed = False
        self.light = False
        self.duty = 10000
        self.contactor = False
        self.ms = 0
        self.house = House(site.loads)
        self.cars = [Car(row, settings["site.voltage"]) for row in site.cars]
        self.grid_meter = SimulatedMeter(settings["site.voltage"])
        self.own_meter = SimulatedMeter(settings["site.voltage"])
        self.line = MeterLine({settings["meter.unit"]: self.grid_meter, settings["meter.charger_unit"]: self.own_meter})
        self._grid_unit = settings["meter.unit"]
        self._including = settings["meter.location"] == "including"
        self._mapping = [int(letter) - 1 for letter in settings["charger.mapping"].split("L")[1:]]
        self._events = list(site.events)
        self._last: int | None = None
        self._noise = random.Random(1)

    def advance_to(self, now: int) -> None:
        """Moves on to the wrapped moment `now`, in steps no longer than STEP_MS."""
        if self._last is None:
            self._last = now
        left = elapsed(now, self._last)
        self._last = now
        while left > 0:
            step = min(left, STEP_MS)
            left -= step
            self.ms += step
            self._step(step)

    def _step(self, step):
        while self._events and self._events[0]["event.at"] <= self.ms:
            self._happen(self._events.pop(0)["event.what"])
        self.house.advance(self.ms)
        for car in self.cars:
            car.advance(self.ms, step, self.duty, self.contactor)
        grid = list(self.house.current_ma)
        draw = self.draw_ma()
        if self._including:
            for terminal, phase in enumerate(self._mapping):
                grid[phase] += draw[terminal]
        self.grid_meter.measure(grid, step)
        self.own_meter.measure(draw, step)

    def _happen(self, what):
        if what == "meter_lost":
            self.line.silent.add(self._grid_unit)
        elif what == "meter_back":
            self.line.silent.discard(self._grid_unit)

    def plugged(self) -> Car | None:
        return next((car for car in self.cars if car.plugged), None)

    def draw_ma(self) -> list[int]:
        """What the car draws on each terminal of the charger."""
        car = self.plugged()
        return [car.draw_ma if car and terminal < car.terminals() else 0 for terminal in PHASES]

    # ---- the wires of the twin's board

    def pilot_changed(self, duty: int) -> None:
        self.duty = duty

    def pilot_samples(self, samples) -> int:
        """Samples at any moment of the 1 kHz wave, with a little noise."""
        car = self.plugged()
        high = car.high_mv if car else OPEN_MV
        low = LOW_MV
        rand = self._noise.random
        for index in range(len(samples)):
            level = high if rand() * 10000 < self.duty else low
            samples[index] = level + int(rand() * 200) - 100
        return len(samples)

    def ct_samples(self, phase: int, samples) -> int:
        return 0

    def contactor_changed(self, on: bool) -> None:
        self.contactor = on

    def phase_relay_changed(self, three: bool) -> None:
        pass

    def light_changed(self, on: bool) -> None:
        self.light = on

    def wifi_wanted(self, name: str, password: str) -> None:
        pass

    def watchdog_started(self, ms: int) -> None:
        pass

    def watchdog_fed(self) -> None:
        pass

    def reset(self) -> None:
        pass
