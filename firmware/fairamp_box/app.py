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

    def __init__(self, board, settings, clock, log, others=()):
        """`others`: sockets of further boxes that this one shares the current with."""
        self.board = board
        self.clock = clock
        self.log = log
        self.box = Box(settings, phase_relay=board.has_phase_relay, others=others)
        self.settings = settings
        # A chip forgets it when all is made.
        from fairamp_box.meter_lines import MeterLines

        meters = MeterLines(board, settings, self.box, clock, log, self._act)
        self.meter_tasks = meters.tasks
        self.push = meters.push
        lines, line = meters.lines(), None
        self.serial = None
        if not meters.uses("ems"):
            line = Rs485(board.ems_port, clock, settings["ems.serial_baud"], PARITIES[settings["ems.serial_parity"]])
            self.serial = self._serial_server(line)
            lines.append(line)
        self.control = Control(board, self.box, clock, log, Heap(lines, line, clock.now()))

    def _act(self):
        self.control.act()

    def _serial_server(self, line):
        settings = self.settings
        registers = server(load(settings["ems.serial_map"]), self.box, settings, settings["ems.serial_unit"])
        return SerialServer(registers, line, self.clock)

    async def run(self) -> None:
        """Controls until cancelled, or until the control loop itself fails."""
        tasks = [asyncio.create_task(self.keep(task.run, "meter")) for task in self.meter_tasks]
        if self.serial:
            tasks.append(asyncio.create_task(self.keep(self.serial.run, "serial")))
        if self.board.has_wifi and self.settings["wifi.name"]:
            # Boards without a radio have no sockets, and nothing that needs them may be loaded there.
            from fairamp_box.network import Network

            tasks.append(asyncio.create_task(self.keep(Network(self).run, "network")))
        self.log("app", "Fairamp " + VERSION + " on " + self.board.name)
        if not self.serial:
            self.log("serial", "a meter is on the line called ems: no registers are served there; use Modbus TCP")
        try:
            await self.control.run()
        finally:
            self.control.make_safe()
            for task in tasks:
                task.cancel()

    async def keep(self, run, name):
        """Runs a task for ever: one that fails is told of and begins anew."""
        while True:
            try:
                await run()
            except Exception as error:
                self.log(name, "failed: " + repr(error) + "; starts again in " + str(RESTART_MS // 1000) + " s")
            await self.clock.sleep(RESTART_MS)
