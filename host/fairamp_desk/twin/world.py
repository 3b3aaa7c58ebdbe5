"""The simulated site: house, cars and meters around one box, advanced in small steps of time."""

import random

from fairamp.units import elapsed
from fairamp_desk.site import Site
from fairamp_desk.twin.car import HIGH_MV, LOW_MV, Car
from fairamp_desk.twin.clamps import ClampInputs
from fairamp_desk.twin.house import House
from fairamp_desk.twin.house_meter import serial_lines
from fairamp_desk.twin.meters import SimulatedMeter

STEP_MS = 20
# An ADC that reads every 37 us meets a 1 kHz wave at other moments each time.
SAMPLE_US = 37
WAVE_US = 1000


class World:
    """Told the time; moves everything that a box does not decide. It is also the wires of the twin's board."""

    cts = 3
    has_wifi = False
    address = None
    proximity_ohm = None
    leakage = False
    leakage_error = False

    def __init__(self, site: Site, meter_port, ems_port):
        settings = site.settings
        self.meter_port = meter_port
        self.ems_port = ems_port
        self.enable_closed = True
        self.shed_closed = False
        self.light = False
        self.has_phase_relay = settings["charger.phase_switch"]
        self.three = True
        self.locked = False
        self.tripped = False
        self.temperature_dc = 250
        self.duty = 10000
        self.contactor = False
        self.ms = 0
        self.house = House(site.loads)
        self.cars = [Car(row, settings["site.voltage"]) for row in site.cars]
        self.grid_meter = SimulatedMeter(settings["site.voltage"])
        self.own_meter = SimulatedMeter(settings["site.voltage"])
        self.lines = serial_lines(settings, self.grid_meter, self.own_meter)
        self._including = settings["meter.location"] == "including"
        self._mapping = [int(letter) - 1 for letter in settings["charger.mapping"].split("L")[1:]]
        self._events = list(site.events)
        self._last: int | None = None
        self._clamps: ClampInputs | None = None
        self._grid_ma = [0, 0, 0]
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
            self.happen(self._events.pop(0)["event.what"])
        self.house.advance(self.ms)
        for car in self.cars:
            car.advance(self.ms, step, self.duty, self.contactor)
        grid = list(self.house.current_ma)
        draw = self.draw_ma()
        if self._including:
            for terminal, phase in enumerate(self._mapping):
                grid[phase] += draw[terminal]
        self._grid_ma = grid
        self.grid_meter.measure(grid, step)
        self.own_meter.measure(draw, step)

    @property
    def output_live(self) -> bool:
        return self.contactor

    def happen(self, what: str) -> None:
        """One of the events of a site, now."""
        if what == "meter_back":
            self.grid_meter.faults.clear()
        elif what.startswith("meter_"):
            self.grid_meter.faults.add(what[len("meter_") :])
        elif what in ("enable_on", "enable_off"):
            self.enable_closed = what == "enable_on"
        else:
            self.shed_closed = what == "shed_on"

    def grid_silent(self) -> bool:
        return "lost" in self.grid_meter.faults

    def plugged(self) -> Car | None:
        return next((car for car in self.cars if car.plugged), None)

    def draw_ma(self) -> list[int]:
        """What the car draws on each terminal of the charger; one phase only behind a relay that says so."""
        car = self.plugged()
        if car is None:
            return [0, 0, 0]
        drawn = car.drawn_ma()
        return drawn if self.three else [drawn[0], 0, 0]

    # ---- the wires of the twin's board

    def pilot_changed(self, duty: int) -> None:
        self.duty = duty

    def pilot_samples(self, samples) -> int:
        """Samples at any moment of the 1 kHz wave, with a little noise."""
        car = self.plugged()
        high = car.high_mv(self.ms) if car else HIGH_MV["A"]
        low = car.low_mv() if car else LOW_MV
        up_us = self.duty * WAVE_US // 10000
        at = self._noise.randrange(WAVE_US)
        noise = self._noise.randrange(100)
        for index in range(len(samples)):
            at = (at + SAMPLE_US) % WAVE_US
            noise = (noise * 21 + 17) % 100
            samples[index] = (high if at < up_us else low) + noise - 50
        return len(samples)

    def ct_started(self, phases: int) -> None:
        self._clamps = ClampInputs(phases, 1)

    def ct_window(self):
        return self._clamps.window(self._grid_ma) if self._clamps and self._clamps.due(self.ms) else None

    def contactor_changed(self, on: bool) -> None:
        self.contactor = on

    def phase_relay_changed(self, three: bool) -> None:
        self.three = three

    def lock_changed(self, on: bool) -> None:
        self.locked = on  # a lock that works

    def trip_changed(self, on: bool) -> None:
        self.tripped = on

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
