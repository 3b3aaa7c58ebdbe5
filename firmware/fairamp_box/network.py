"""The box on a network: joins it, serves there, announces itself, and joins again when the network was lost."""

import asyncio

from fairamp.maps import load
from fairamp_box.mdns_task import MdnsTask, services
from fairamp_box.tcp_server import TcpServer

# Dialect, and the setting that opens its port.
PORTS = (
    ("teltocharge", "ems.teltocharge_port"),
    ("alfen", "ems.alfen_port"),
    ("vestel", "ems.vestel_port"),
    ("mennekes", "ems.mennekes_port"),
)
LOOK_MS = 500
# A try to join that took so long is begun anew.
JOIN_MS = 15000


class Network:
    """`app`: whose registers and values are served."""

    def __init__(self, app):
        self._app = app
        self._settings = app.settings
        self._ports = None  # by dialect, once they are open
        self._known = None  # the address that was announced
        self._announcing = None

    async def run(self) -> None:
        try:
            while True:
                await self._join()
                if self._ports is None:
                    self._ports = await self._serve("0.0.0.0")
                self._announce(self._app.board.address())
                await self._app.clock.sleep(LOOK_MS)
        finally:
            if self._announcing:
                self._announcing.cancel()

    async def _join(self):
        """Returns once there is an address."""
        board, clock, waited = self._app.board, self._app.clock, JOIN_MS
        while board.address() is None:
            if waited >= JOIN_MS:
                board.join_wifi(self._settings["wifi.name"], self._settings["wifi.password"])
                waited = 0
            await clock.sleep(LOOK_MS)
            waited += LOOK_MS

    async def _serve(self, host):
        """Opens the servers that the settings name; the ports by dialect."""
        app, settings, ports = self._app, self._settings, {}
        for name, key in PORTS:
            port = settings[key]
            if port:
                await TcpServer(load(name), app.box, settings, app.clock, app.log).start(host, port)
                ports[name] = port
                app.log("modbus", name + " registers on port " + str(port))
        port = settings["web.port"]
        if port:
            from fairamp_box.web import WebServer

            await WebServer(app.box, app.push).start(host, port)
            app.log("web", "live values on port " + str(port) + " at /api/status")
        return ports

    def _announce(self, address):
        if address is None or address == self._known:
            return
        app, settings = self._app, self._settings
        app.log("network", "joined " + settings["wifi.name"] + " as " + address)
        if self._announcing:
            self._announcing.cancel()
        found = services(settings["box.name"], address, self._ports, settings["web.port"])
        self._announcing = asyncio.create_task(MdnsTask(address, found, app.clock, app.log).run())
        self._known = address
