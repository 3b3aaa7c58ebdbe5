"""World and boxes in one step, as fast as the machine can: the same decisions as in real time, without waiting.

`quick`: takes long steps while nothing changes. Without it every step has 20 ms, as on a chip.
"""

from collections.abc import Callable
from functools import partial

from fairamp import commands, meters
from fairamp.box import Box
from fairamp.units import elapsed, later
from fairamp_box.control import BALANCE_MS
from fairamp_box.meters.lines import charger_meter, house_meter
from fairamp_box.meters.task import MeterTask
from fairamp_desk.site import Site
from fairamp_desk.twin.direct import charger_source, house_source, period, read, silent
from fairamp_desk.twin.satellite import Driver, Satellite
from fairamp_desk.twin.world import STEP_MS, World

QUIET_MS = 1000
# In one round of readings, the meters of the chargers come first.
LEAD_MS = 50
BUSY_MS = 40


class Moment:
    """A clock that stands still while the tasks look at it."""

    def __init__(self, ms: int):
        self.ms = ms

    def now(self) -> int:
        return self.ms


class Lockstep:
    """One site; `start` is the moment on the wrapped clock at which it begins."""

    def __init__(self, site: Site, start: int = 0, quick: bool = False):
        self.world = World(site, None, None)
        outlets = self.world.outlets
        pairs = zip(site.chargers[1:], outlets[1:], strict=True)
        self._clock = Moment(start)
        self.satellites = [Satellite(settings, outlet, self._clock, quick) for settings, outlet in pairs]
        sockets = [satellite.socket for satellite in self.satellites]
        self.box = Box(site.settings, phase_relay=outlets[0].has_phase_relay, others=sockets)
        self.points = [self.box.point, *(satellite.point for satellite in self.satellites)]
        wire = partial(commands.contacts, self.box)
        self.drivers = [Driver(self.box.point, self.box.inputs, wire, outlets[0], quick)]
        self.drivers += [satellite.driver for satellite in self.satellites]
        self.now = start
        self._quick = quick
        self._period = period(site.settings)
        self._balanced = start
        self._second = -1  # of the world, when the box last looked at its clock
        house = house_source(site.settings, self.world.grid_meter)
        self._house = house_meter(house, site.settings, self.box.coordinator.grid, self._balance)
        self._own = None
        together = [self._house]
        if site.settings["meter.charger_model"] != meters.NONE:
            own = charger_source(site.settings, self.world.own_meter)
            self._own = charger_meter(own, site.settings, self.box.own)
            together.append(self._own)
        self._meters = MeterTask(together, site.settings, self._clock, silent)
        self._looked = [0] * len(outlets)

    @property
    def closures(self) -> int:
        return self.world.outlets[0].closures

    @property
    def opened_under_load(self) -> int:
        return self.world.outlets[0].opened_under_load

    def run(self, seconds: float, until: Callable[[], bool] | None = None) -> bool:
        """Lets time pass; True when `until` came true, and then no further."""
        end = self.world.ms + int(seconds * 1000)
        while self.world.ms < end:
            self.step(end - self.world.ms)
            if until and until():
                return True
        return False

    def step(self, most: int = STEP_MS) -> int:
        """One step, of at most so many ms; how long it was."""
        world = self.world
        step = min(most, self._stride() if self._quick else STEP_MS)
        before = world.ms
        self.now = later(self.now, step)
        world.step(step)
        if world.ms // self._period > before // self._period:
            self._read()
        if world.ms // 1000 > self._second:
            self._second = world.ms // 1000
            self.box.look_at_clock(self.now, world.clock.date(world.ms))
        if elapsed(self.now, self._balanced) >= BALANCE_MS:
            self._balance()
        for index, driver in enumerate(self.drivers):
            if self._needs_look(index, driver):
                self._looked[index] = world.ms
                driver.step(self.now)
        return step

    def _stride(self):
        """How long nothing is expected to change."""
        world = self.world
        ms = world.ms
        if any(driver.is_restless() for driver in self.drivers):
            return BUSY_MS - ms % BUSY_MS
        stride = min(QUIET_MS - ms % QUIET_MS, self._period - ms % self._period)
        change = world.next_change()
        return stride if change is None else max(1, min(stride, change - ms))

    def _needs_look(self, index, driver):
        """In quick time, a socket without a car, or one at rest, is looked at once per second."""
        return not self._quick or driver.is_restless() or self.world.ms - self._looked[index] >= QUIET_MS

    def _read(self):
        """One round; a new reading of the house is acted on at once."""
        self._clock.ms = later(self.now, -LEAD_MS)
        self._read_chargers()
        self._clock.ms = self.now
        if not self.box.coordinator.unread:
            read(self._meters, self._house)

    def _read_chargers(self):
        if self._own:
            read(self._meters, self._own)
        for satellite in self.satellites:
            satellite.read()

    def _balance(self):
        now = self._balanced = self.now
        reached = [(satellite, satellite.socket.id not in self.world.unreachable) for satellite in self.satellites]
        for satellite, reachable in reached:
            satellite.report(now, reachable)
        self.box.balance(now)
        for satellite, reachable in reached:
            satellite.obey(now, reachable)
