"""The firmware's own tasks against a simulated site, in real time or faster."""

import asyncio
import os
from pathlib import Path

from boards.twin import connect
from fairamp.settings.safe import tell
from fairamp_box.app import App
from fairamp_box.io.clock import Clock
from fairamp_box.io.log import Log
from fairamp_box.keeping.kept import Keeping
from fairamp_desk.serial_port import SerialPort
from fairamp_desk.site import Site
from fairamp_desk.twin.direct import period
from fairamp_desk.twin.door import TwinDoor, address
from fairamp_desk.twin.house_meter import reserve, serve
from fairamp_desk.twin.satellite import Satellite
from fairamp_desk.twin.wires import PtyPort, answer_on, open_line
from fairamp_desk.twin.world import STEP_MS, World

WIFI = "desk"
# Messages between the boxes pass so often.
CARRY_MS = 200


class TwinClock(Clock):
    """Counts as that of a box does, and its chip knows what time it is on the site."""

    world: World | None = None

    def utc(self):
        return self.world.clock.date(self.world.ms) if self.world else None


class Twin:
    """One box and the world around it."""

    def __init__(
        self,
        site: Site,
        speed: int = 1,
        echo=lambda line: None,
        doors: list[TwinDoor] | None = None,
        state: Path | None = None,
    ):
        """`doors`: what it serves, and where; None = nothing, it has no radio. `state`: a folder that is its flash."""
        self.clock = TwinClock(speed)
        self._lines = [open_line(), open_line()]
        (meters_far, meter_fd), (ems_fd, ems_far) = self._lines
        self._far = {"meter": meters_far, "ems": ems_far}
        self.serial_device = os.ttyname(ems_far)
        self._settings = site.settings
        self._listening = reserve(site.settings)
        self._meter_port = SerialPort(site.meter_port) if site.meter_port else None
        self.world = World(site, PtyPort(meter_fd), self._meter_port or PtyPort(ems_fd), usual_clock=True)
        self.clock.world = self.world
        if doors:
            self._give_radio(address(doors))
        further = zip(site.chargers[1:], self.world.outlets[1:], strict=True)
        self.satellites = [Satellite(settings, outlet, self.clock) for settings, outlet in further]
        others = [satellite.socket for satellite in self.satellites]
        keeping = Keeping(str(state), self.world.reset_cause) if state else None
        board, log = connect(self.world), Log(self.clock, echo)
        self.app = App(board, site.settings, self.clock, log, others, doors, keeping=keeping)
        self.notes: list[str] = []  # what is to be seen for as long as it runs
        if self.app.box.coordinator.safe:
            tell(self.app.box.coordinator.safe, lambda where, text: self.notes.append(text))
        self._period = period(site.settings)
        self._looked = 0  # ms of the world, when the other chargers were moved last
        self.helpers: list[asyncio.Task] = []  # what ends with the twin

    def _give_radio(self, address):
        self.world.has_wifi, self.world.wifi_address = True, address
        if not self._settings["wifi.name"]:
            errors = self._settings.load({"wifi": {"name": WIFI}}, "twin")
            assert not errors

    async def run(self) -> None:
        """Runs until cancelled, or until the box resets itself."""
        world, settings = self.world, self._settings
        for line, meters in world.lines.items():
            answer_on(self._far[line], meters.answer, self.clock.speed)
        if not self._meter_port:
            house = serve(settings, world.grid_meter, self.clock, self._listening, self._far[settings["meter.line"]])
            self.helpers.append(asyncio.create_task(house))
        moving = asyncio.create_task(self._move())
        controlling = asyncio.create_task(self.app.run())
        try:
            # Whichever fails first ends the other, and its error is the one to show.
            done, _ = await asyncio.wait((moving, controlling), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            ending = (moving, controlling, *self.helpers)
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
            if not self.world.was_reset:
                self.app.leave("the twin was ended")
            for line in world.lines:
                asyncio.get_running_loop().remove_reader(self._far[line])

    async def _move(self):
        while not self.world.was_reset:
            now = self.clock.now()
            self.world.advance_to(now)
            self._move_satellites(now)
            await self.clock.sleep(STEP_MS)

    def _move_satellites(self, now):
        """The other chargers, whose network is a wire in here."""
        ms, before = self.world.ms, self._looked
        self._looked = ms
        if ms // self._period > before // self._period:
            for satellite in self.satellites:
                satellite.read()
            now = self.clock.now()  # not before what was just read
        for satellite in self.satellites:
            if ms // CARRY_MS > before // CARRY_MS:
                reachable = satellite.socket.id not in self.world.unreachable
                satellite.report(now, reachable)
                satellite.obey(now, reachable)
            satellite.driver.step(now)

    def close(self) -> None:
        if self._listening:
            self._listening.close()
        if self._meter_port:
            self._meter_port.close()
        for line in self._lines:
            for end in line:
                os.close(end)
