"""The box on a network: joins it, serves there, announces itself, and joins again when the network was lost."""

import asyncio
import gc

from fairamp.host_name import host_name
from fairamp.maps import load
from fairamp_box.places import Places
from fairamp_box.streams import Door
from fairamp_box.tcp_server import TcpServer

WEB = "web"
# What is served, and the setting that opens its port.
PORTS = (
    ("teltocharge", "ems.teltocharge_port"),
    ("alfen", "ems.alfen_port"),
    ("vestel", "ems.vestel_port"),
    ("mennekes", "ems.mennekes_port"),
    (WEB, "web.port"),
)
HOST = "0.0.0.0"
LOOK_MS = 500
# A try to join that took so long is begun anew.
JOIN_MS = 15000
# What is left out where less is free, so that the registers have room: bytes for loading it, and to work with.
WEB_BYTES = 40000
MDNS_BYTES = 16000


class Network:
    """`app`: whose registers and values are served. `doors`: where; None = on all addresses, as the settings say."""

    def __init__(self, app, doors=None):
        self._app = app
        self._settings = settings = app.settings
        self._host = host_name(settings["box.name"])
        if doors is None:
            doors = [Door(what, HOST, settings[key]) for what, key in PORTS if settings[key]]
        self.doors = doors
        self._serving = False
        self._known = ""  # the address that was announced
        self._announcing = None
        # One is for whoever knocks while all others are in use, and one for a meter on the network.
        self.places = Places(app.board.connections - 1 - app.meter_on_network, WEB in [door.what for door in doors])

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
        for door in self.doors:
            self._app.start(self._server(door), WEB if door.what == WEB else "modbus")

    def _server(self, door):
        app = self._app

        async def run():
            if door.what != WEB:
                await TcpServer(load(door.what), app.box, app.settings, app.clock, app.log, self.places).run(door)
            elif self._has_room(WEB_BYTES, WEB, "set [web] port = 0, or take a board with more memory"):
                from fairamp_box.web import WebServer

                await WebServer(app.box, app.push, places=self.places).run(door, app.log)

        return run

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
        ports, interface = {}, HOST
        for door in self.doors:
            if door.announced:
                ports[door.what], interface = door.port, door.host
        if not ports:
            return
        # Asked before anything of it is loaded.
        from fairamp_box.mdns_port import is_taken

        if is_taken():
            app.log("network", "found as " + self._host + ".local, which MicroPython itself announces")
        elif self._has_room(MDNS_BYTES, "network", "the box does not announce itself; enter its address by hand"):
            from fairamp_box.mdns_task import MdnsTask, services

            web = ports.pop(WEB, 0)
            found = services(self._settings["box.name"], self._known, ports, web)
            await MdnsTask(self._known, found, app.clock, app.log, interface).run()

    def _has_room(self, least, where, instead):
        if not hasattr(gc, "mem_free"):
            return True
        gc.collect()
        free = gc.mem_free()
        if free < least:
            what = "left out: " + str(free // 1000) + " KB of memory are free, " + str(least // 1000) + " are needed; "
            self._app.log(where, what + instead)
        return free >= least
