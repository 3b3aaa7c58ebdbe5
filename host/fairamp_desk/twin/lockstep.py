"""World and box in one step, as fast as the machine can: the same decisions as in real time, without waiting."""

from collections.abc import Callable

from fairamp.box import Box
from fairamp.reading import Reading
from fairamp.units import later
from fairamp_desk.site import Site
from fairamp_desk.twin.meters import SimulatedMeter
from fairamp_desk.twin.world import STEP_MS, World

BALANCE_MS = 200


class Lockstep:
    """One site; `start` is the moment on the wrapped clock at which it begins."""

    def __init__(self, site: Site, start: int = 0):
        self.world = World(site, None, None)
        self.box = Box(site.settings, phase_relay=self.world.has_phase_relay)
        self.now = start
        self._period = site.settings["meter.period"]
        self.closures = 0
        self.opened_under_load = 0

    def run(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Lets time pass; True when `until` came true, and then no further."""
        for _ in range(int(seconds * 1000) // STEP_MS):
            self.step()
            if until and until():
                return True
        return False

    def step(self) -> None:
        world, box = self.world, self.box
        self.now = later(self.now, STEP_MS)
        world.advance_to(self.now)
        if world.ms % self._period < STEP_MS:
            _read(world.own_meter, box.own, self.now)
            if not world.grid_silent():
                _read(world.grid_meter, box.coordinator.grid, self.now)
        if world.ms % BALANCE_MS == 0:
            box.balance(self.now)
        inputs = box.inputs
        inputs.count = world.pilot_samples(inputs.samples)
        inputs.enable_closed, inputs.shed_closed = world.enable_closed, world.shed_closed
        inputs.output_live, inputs.locked = world.output_live, world.locked
        inputs.temperature_dc = world.temperature_dc
        box.step(self.now)
        self._apply()

    def _apply(self):
        world, point = self.world, self.box.point
        self.closures += point.contactor and not world.contactor
        self.opened_under_load += world.contactor and not point.contactor and max(world.draw_ma()) > 1000
        world.pilot_changed(point.duty)
        world.contactor_changed(point.contactor)
        world.phase_relay_changed(point.phases.three)
        world.lock_changed(point.lock)


def _read(meter: SimulatedMeter, reading: Reading, now: int) -> None:
    for phase in range(3):
        reading.current_ma[phase] = round(meter.amps[phase] * 1000)
        reading.voltage_mv[phase] = round(meter.volts[phase] * 1000)
        reading.power_w[phase] = round(meter.volts[phase] * meter.amps[phase])
    reading.accept(now)
