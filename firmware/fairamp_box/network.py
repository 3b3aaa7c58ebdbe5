"""The box on a network: joins it, serves there, announces itself, and joins again when the network was lost."""

import asyncio
import gc

from fairamp.host_name import host_name
from fairamp.maps import load
from fairamp_box.places import Places
from fairamp_box.tcp_server import TcpServer

# Dialect, and the setting that opens its port.
PORTS = (
    ("teltocharge", "ems.teltocharge_port"),
    ("alfen", "ems.alfen_port"),
    ("vestel", "ems.vestel_port"),
    ("mennekes", "ems.mennekes_port"),
)
HOST = "0.0.0.0"
LOOK_MS = 500
# A try to join that took so long is begun anew.
JOIN_MS = 15000
# What is left out where less is free, so that the registers have room: bytes for loading it, and to work with.
WEB_BYTES = 40000
MDNS_BYTES = 16000


class Network:
    """`app`: whose registers and values are served."""

    def __init__(self, app):
        self._app = app
        self._settings = settings = app.settings
        self._host = host_name(settings["box.name"])
        self._ports = {name: settings[key] for name, key in PORTS if settings[key]}
        self._serving = False
        self._known = ""  # the address that was announced
        self._announcing = None
        # One is for whoever knocks while all others are in use, and one for a meter on the network.
        self.places = Places(app.board.connections - 1 - app.meter_on_network, 1 if settings["web.port"] else 0)

    async def run(self) -> None:
        try:
            while True:
                await self._join()
                if not self._serving:
                    self._serve()
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
                board.join_wifi(self._settings["wifi.name"], self._settings["wifi.password"], self._host)
                waited = 0
            await clock.sleep(LOOK_MS)
            waited += LOOK_MS

    def _serve(self):
        """What the settings name, each by itself: none of them fails with another. Registers go first."""
        self._serving = True
        for name in self._ports:
            self._app.start(self._registers(name), "modbus")
        if self._settings["web.port"]:
            self._app.start(self._web, "web")

    def _registers(self, name):
        app = self._app

        async def run():
            server = TcpServer(load(name), app.box, app.settings, app.clock, app.log, self.places)
            await server.run(HOST, self._ports[name])

        return run

    async def _web(self):
        app = self._app
        if self._has_room(WEB_BYTES, "web", "set [web] port = 0, or take a board with more memory"):
            from fairamp_box.web import WebServer

            server = WebServer(app.box, app.push, places=self.places)
            await server.run(HOST, self._settings["web.port"], app.log)

    def _announce(self, address):
        if address is None or address == self._known:
            return
        self._app.log("network", "joined " + self._settings["wifi.name"] + " as " + address)
        if self._announcing:
            self._announcing.cancel()
        self._announcing = asyncio.create_task(self._app.keep(self._mdns, "network"))
        self._known = address

    async def _mdns(self):
        app = self._app
        # Asked before anything of it is loaded.
        from fairamp_box.mdns_port import is_taken

        if is_taken():
            app.log("network", "found as " + self._host + ".local, which MicroPython itself announces")
        elif self._has_room(MDNS_BYTES, "network", "the box does not announce itself; enter its address by hand"):
            from fairamp_box.mdns_task import MdnsTask, services

            found = services(self._settings["box.name"], self._known, self._ports, self._settings["web.port"])
            await MdnsTask(self._known, found, app.clock, app.log).run()

    def _has_room(self, least, where, instead):
        if not hasattr(gc, "mem_free"):
            return True
        gc.collect()
        free = gc.mem_free()
        if free < least:
            what = "left out: " + str(free // 1000) + " KB of memory are free, " + str(least // 1000) + " are needed; "
            self._app.log(where, what + instead)
        return free >= least
