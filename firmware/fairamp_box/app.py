"""Starts the tasks, watches over them, and leaves the box safe when they end."""

import asyncio

from fairamp import VERSION
from fairamp.box import Box
from fairamp.maps import NAMES, load
from fairamp_box.control import Control
from fairamp_box.meter_lines import MeterLines
from fairamp_box.modbus_tasks import SerialServer, TcpServer, registers
from fairamp_box.rs485 import PARITIES, Rs485

RESTART_MS = 5000
JOIN_MS = 15000


class App:
    """All tasks of one box."""

    def __init__(self, board, settings, clock, log, others=()):
        """`others`: sockets of further boxes that this one shares the current with."""
        self.board = board
        self.clock = clock
        self.log = log
        self.box = Box(settings, phase_relay=board.has_phase_relay, others=others)
        self.control = Control(board, self.box, clock, log)
        self.meters = MeterLines(board, settings, self.box, clock, log)
        self.settings = settings
        self.serial = None if self.meters.uses("ems") else self._serial_server(board, clock)

    def _serial_server(self, board, clock):
        settings = self.settings
        line = Rs485(board.ems_port, clock, settings["ems.serial_baud"], PARITIES[settings["ems.serial_parity"]])
        dialect = load(settings["ems.serial_map"])
        serial = registers(dialect, self.box, settings, settings["ems.serial_unit"])
        return SerialServer(serial, line, clock)

    def tcp_server(self, name: str) -> TcpServer:
        """The registers of one dialect, to be started on a port."""
        return TcpServer(load(name), self.box, self.settings, self.clock, self.log)

    async def serve(self, host: str):
        """Opens the network servers that the settings name; the ports by dialect."""
        ports = {}
        for name in NAMES:
            port = self.settings["ems." + name + "_port"]
            if port:
                await self.tcp_server(name).start(host, port)
                ports[name] = port
                self.log("modbus", name + " registers on port " + str(port))
        port = self.settings["web.port"]
        if port:
            # Only a box with a network pays for this, and for what announces it.
            from fairamp_box.web import WebServer

            await WebServer(self.box, self.meters.push).start(host, port)
            self.log("web", "live values on port " + str(port) + " at /api/status")
        return ports

    async def run(self) -> None:
        """Controls until cancelled, or until the control loop itself fails."""
        tasks = [asyncio.create_task(self.keep(task.run, "meter")) for task in self.meters.tasks]
        if self.serial:
            tasks.append(asyncio.create_task(self.keep(self.serial.run, "serial")))
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


async def run(app, settings) -> None:
    """The box, and its network where it has one."""
    network = None
    if app.board.has_wifi and settings["wifi.name"]:
        network = asyncio.create_task(app.keep(lambda: _network(app, settings), "network"))
    try:
        await app.run()
    finally:
        if network:
            network.cancel()


async def _network(app, settings):
    """Joins the network, serves on it, announces it, and joins again when it was lost."""
    from fairamp_box.mdns_task import MdnsTask, services

    ports = known = announcing = None
    while True:
        address = app.board.address()
        if address is None:
            app.board.join_wifi(settings["wifi.name"], settings["wifi.password"])
            await app.clock.sleep(JOIN_MS)
            continue
        if ports is None:
            ports = await app.serve("0.0.0.0")
        if address != known:
            app.log("network", "joined " + settings["wifi.name"] + " as " + address)
            if announcing:
                announcing.cancel()
            found = services(settings["box.name"], address, ports, settings["web.port"])
            announcing = asyncio.create_task(MdnsTask(address, found, app.clock, app.log).run())
            known = address
        await app.clock.sleep(1000)
