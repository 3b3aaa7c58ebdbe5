"""The report: what every car got, what every charger did, and how the fuse fared."""

from fairamp_desk.simulation.play import amps
from fairamp_desk.simulation.stories import CarStory, ChargerStory, Events, FuseStory
from fairamp_desk.twin.lockstep import Lockstep


class Report:
    """Looks on, and can be asked for what it saw, in A, kWh and s."""

    def __init__(self, lockstep: Lockstep):
        world = self._world = lockstep.world
        fuse = lockstep.box.settings["site.fuse"]
        self._events = Events()
        self._cars = [
            CarStory(car, outlet.id, car.wanted_wh, self._events) for outlet in world.outlets for car in outlet.cars
        ]
        pairs = zip(world.outlets, lockstep.points, strict=True)
        self._chargers = [ChargerStory(outlet, point, self._events) for outlet, point in pairs]
        self._meter = FuseStory(fuse)
        self._fuse = FuseStory(fuse)
        self._over = False
        self._told = 0

    def look(self, step: int) -> None:
        world = self._world
        ms = world.ms
        if len(world.happened) > self._told:
            self._note_events()
        for car in self._cars:
            car.look(ms, step)
        for charger in self._chargers:
            charger.look(ms)
        self._meter.look(world.grid_ma, step)
        over = self._fuse.look(world.total_ma, step)
        if over is not self._over:
            self._over = over
            self._events.add(ms, "overload" if over else "overload_over")

    def _note_events(self):
        for ms, what, charger in self._world.happened[self._told :]:
            self._events.add(ms, what, None if what.startswith("meter_") else charger)
        self._told = len(self._world.happened)

    def report(self) -> dict:
        """`grid`: what the meter sees; `fuse`: what flows through the main fuse, wherever the meter is."""
        return {
            "seconds": amps(self._world.ms),
            "grid": self._meter.report(),
            "fuse": self._fuse.report(),
            "cars": [car.report() for car in self._cars],
            "chargers": [charger.report() for charger in self._chargers],
            "events": self._events.report(),
        }
