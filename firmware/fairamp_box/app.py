"""Starts the tasks, watches over them, and leaves the box safe when they end."""

import asyncio

from fairamp import VERSION
from fairamp.box import Box
from fairamp.maps import load, server
from fairamp_box.control import Control
from fairamp_box.heap import Heap
from fairamp_box.rs485 import PARITIES, Rs485
from fairamp_box.serial_server import SerialServer

RESTART_MS = 5000


class App:
    """All tasks of one box."""

    def __init__(self, board, settings, clock, log, others=(), doors=None):
        """`others`: sockets of further boxes that this one shares the current with. `doors`: see network.Network."""
        self.board = board
        self.clock = clock
        self.log = log
        self.box = Box(settings, phase_relay=board.has_phase_relay, others=others)
        self.settings = settings
        self._tasks: list = []
        # A chip forgets it when all is made.
        from fairamp_box.meter_lines import MeterLines

        meters = MeterLines(board, settings, self.box, clock, log, self._act)
        self.meter_tasks = meters.tasks
        self.push = meters.push
        self.meter_on_network = meters.on_network
        lines, line = meters.lines(), None
        self.serial = None
        if not meters.uses("ems"):
            line = Rs485(board.ems_port, clock, settings["ems.serial_baud"], PARITIES[settings["ems.serial_parity"]])
            self.serial = self._serial_server(line)
            lines.append(line)
        self._network = self._on_network(doors)
        self.control = Control(board, self.box, clock, log, Heap(lines, line, clock.now()))

    def _act(self):
        self.control.act()

    def _serial_server(self, line):
        settings = self.settings
        registers = server(load(settings["ems.serial_map"]), self.box, settings, settings["ems.serial_unit"])
        return SerialServer(registers, line, self.clock)

    def _on_network(self, doors):
        if not (self.board.has_wifi and self.settings["wifi.name"]):
            return None
        # Boards without a radio have no sockets, and nothing that needs them may be loaded there.
        from fairamp_box.network import Network

        return Network(self, doors)

    async def run(self) -> None:
        """Controls until cancelled, or until the control loop itself fails."""
        for task in self.meter_tasks:
            self.start(task.run, "meter")
        if self.serial:
            self.start(self.serial.run, "serial")
        if self._network:
            self.start(self._network.run, "network")
        self.log("app", "Fairamp " + VERSION + " on " + self.board.name)
        if not self.serial:
            other = "; use Modbus TCP" if self._network else ""
            self.log("serial", "a meter is on the line called ems: no registers are served there" + other)
        try:
            await self.control.run()
        finally:
            self.control.make_safe()
            for task in self._tasks:
                task.cancel()

    def start(self, run, name):
        """A task that is kept as long as the box runs."""
        self._tasks.append(asyncio.create_task(self.keep(run, name)))

    async def keep(self, run, name):
        """Runs a task until it has come to its end: one that fails is told of and begins anew."""
        failed = False
        while True:
            try:
                if failed:
                    await self.clock.sleep(RESTART_MS)
                await run()
                return
            except Exception as error:
                failed = True
                self._tell(name, error)

    def _tell(self, name, error):
        try:
            self.log(name, "failed: " + repr(error) + "; starts again in " + str(RESTART_MS // 1000) + " s")
        except Exception:
            pass  # where memory is short, this takes some, too; that the task begins anew counts for more
