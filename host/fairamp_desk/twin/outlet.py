"""One charger of the simulated site: its cars, its contacts, its own meter, and the wires that it drives."""

import random
from array import array

from fairamp.charging.pilot import code
from fairamp.units import mapped
from fairamp_desk.site import Settings
from fairamp_desk.twin.car import HIGH_MV, LOW_MV, Car
from fairamp_desk.twin.meters import SimulatedMeter

# An ADC that reads every 37 us meets a 1 kHz wave at other moments each time.
SAMPLE_US = 37
WAVE_US = 1000
# Steps of the converter, of 8.8 mV each.
NOISE = 12
# After the last change of anything here, it takes so long until all has followed.
RESTLESS_MS = 2000


class Outlet:
    """Told the time; moves what the charger does not decide."""

    proximity_ohm = None
    leakage = False
    leakage_error = False

    def __init__(self, settings: Settings, cars: list[Settings]):
        self.id: int = settings["charger.id"]
        self.enable_closed = True
        self.shed_closed = False
        self.light = 0  # its colour now, a number of COLOURS in boards/interface.py; 0 = dark
        self.has_phase_relay: bool = settings["charger.phase_switch"]
        self.three = True
        self.locked = False
        self.tripped = False
        self.temperature_dc = 250
        self.duty = 10000
        self.contactor = False
        self.closures = 0
        self.opened_under_load = 0
        self.ms = 0
        self.cars = [Car(row, settings["site.voltage"]) for row in cars]
        self.meter = SimulatedMeter(settings["site.voltage"])
        self.mapping = mapped(settings["charger.mapping"])
        self._noise = random.Random(1 + self.id)
        self._shown: tuple = ()
        self._wave: tuple = ()  # what the samples show: high, low, duty
        self._moved = 0

    def advance(self, ms: int, step: int) -> None:
        """`ms` since the start, `step` since the last call."""
        self.ms = ms
        live = len(self.mapping) if self.three else 1
        for car in self.cars:
            car.advance(ms, step, self.duty, self.contactor, live)
        draw = self.draw_ma()
        self.meter.measure(draw, step)
        here = self.plugged()
        shown = (here, here and here.letter, draw, self.duty, self.contactor)
        if shown != self._shown:
            self._shown = shown
            self._moved = ms

    def is_restless(self) -> bool:
        """Did something change a moment ago?"""
        return self.ms - self._moved < RESTLESS_MS

    @property
    def output_live(self) -> bool:
        return self.contactor

    def plugged(self) -> Car | None:
        return next((car for car in self.cars if car.plugged), None)

    def draw_ma(self) -> list[int]:
        """What the car draws on each terminal."""
        car = self.plugged()
        return car.drawn_ma() if car else [0, 0, 0]

    def grid_ma(self) -> list[int]:
        """The same, on each phase of the grid."""
        draw, grid = self.draw_ma(), [0, 0, 0]
        for terminal, phase in enumerate(self.mapping):
            grid[phase] = draw[terminal]
        return grid

    # ---- the wires

    def _levels(self):
        """High and low of the pilot line, in mV."""
        car = self.plugged()
        return (car.high_mv(self.ms), car.low_mv()) if car else (HIGH_MV["A"], LOW_MV)

    def pilot_wave(self, codes) -> int:
        """What samples of the wave amount to, quickly: sorted and without noise."""
        high, low = self._levels()
        # Nobody else writes there, so most of the time it is there still.
        wave = (high, low, self.duty)
        if wave == self._wave:
            return len(codes)
        self._wave = wave
        ups = (len(codes) * self.duty + 5000) // 10000
        codes[:] = array("H", [code(low)]) * (len(codes) - ups) + array("H", [code(high)]) * ups
        return len(codes)

    def pilot_codes(self, codes) -> int:
        """Samples at any moment of the 1 kHz wave, with a little noise."""
        high, low = map(code, self._levels())
        up_us = self.duty * WAVE_US // 10000
        at = self._noise.randrange(WAVE_US)
        noise = self._noise.randrange(NOISE)
        for index in range(len(codes)):
            at = (at + SAMPLE_US) % WAVE_US
            noise = (noise * 5 + 3) % NOISE
            codes[index] = (high if at < up_us else low) + noise - NOISE // 2
        return len(codes)

    def pilot_changed(self, duty: int) -> None:
        self.duty = duty

    def contactor_changed(self, on: bool) -> None:
        if on and not self.contactor:
            self.closures += 1
        if self.contactor and not on and max(self.draw_ma()) > 1000:
            self.opened_under_load += 1
        self.contactor = on

    def phase_relay_changed(self, three: bool) -> None:
        self.three = three

    def lock_changed(self, on: bool) -> None:
        self.locked = on  # a lock that works

    def trip_changed(self, on: bool) -> None:
        self.tripped = on

    def light_changed(self, colour: int) -> None:
        self.light = colour
