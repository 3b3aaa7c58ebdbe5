"""The box on a network: joins it, opens what is served there, and joins again when the network was lost."""

import asyncio
import gc

from fairamp.host_name import host_name
from fairamp_box.io.places import Places
from fairamp_box.io.streams import Door

HOST = "0.0.0.0"
LOOK_MS = 500
# A try to join that took so long is begun anew.
JOIN_MS = 15000


class Network:
    """`app`: what is served. `doors`: where; None = on all addresses, as the settings say."""

    def __init__(self, app, doors=None):
        self._app = app
        self._settings = settings = app.settings
        self._given = doors
        self.host = host_name(settings["box.name"])
        self.doors: list = []  # all that are served
        self._servers: list = []  # (run, its name in the log) until they are started
        self._followers: list = []
        self._known = ""  # the address that they know
        self._following: list = []
        # One is for whoever knocks while all others are in use, and one for a meter on the network.
        self.places = Places(app.board.connections - 1 - app.meter_on_network)

    # ---- for what is served here, before it runs

    def doors_to(self, what: str, port: int) -> list:
        """Where that is to be served. `port`: of the settings, 0 = nowhere."""
        if self._given is not None:
            return [door for door in self._given if door.what == what]
        return [Door(what, HOST, port)] if port else []

    def serve(self, door, run, name: str) -> None:
        """`run()`, which opens that door, is kept alive from the first address on; who comes first opens first."""
        self.doors.append(door)
        self._servers.append((run, name))

    def follow(self, run) -> None:
        """`run(address)` is kept alive while the box has that address, and begun anew with another one."""
        self._followers.append(run)

    def has_heap(self, least, where, instead):
        """Is so much memory free, in bytes? If not, it is told what is to be done `instead`."""
        if not hasattr(gc, "mem_free"):
            return True
        gc.collect()
        free = gc.mem_free()
        if free < least:
            what = "left out: " + str(free // 1000) + " KB of memory are free, " + str(least // 1000) + " are needed; "
            self._app.log(where, what + instead)
        return free >= least

    # ----

    async def run(self) -> None:
        try:
            while True:
                await self._join()
                while self._servers:
                    self._app.start(*self._servers[0])
                    self._servers.pop(0)
                self._tell(self._app.board.address())
                await self._app.clock.sleep(LOOK_MS)
        finally:
            self._leave_off()

    async def _join(self):
        """Returns once there is an address."""
        board, clock, waited = self._app.board, self._app.clock, JOIN_MS
        while board.address() is None:
            self._app.box.offline = True
            if waited >= JOIN_MS:
                board.join_wifi(self._settings["wifi.name"], self._settings["wifi.password"], self.host)
                waited = 0
            await clock.sleep(LOOK_MS)
            waited += LOOK_MS
        self._app.box.offline = False

    def _tell(self, address):
        if address is None or address == self._known:
            return
        self._app.log("network", "joined " + self._settings["wifi.name"] + " as " + address)
        self._known = address
        self._leave_off()
        for run in self._followers:
            self._following.append(asyncio.create_task(self._app.keep(_at(run, address), "network")))

    def _leave_off(self):
        for task in self._following:
            task.cancel()
        self._following = []


def _at(run, address):
    return lambda: run(address)
