"""Serves registers to energy managers over Modbus TCP, with several connections."""

import asyncio

from fairamp import commands
from fairamp.managers import load, server
from fairamp.modbus.tcp_session import TcpSession
from fairamp.units import elapsed
from fairamp_box.features.registers.masters import Masters
from fairamp_box.io.places import Guest, Places, first_to_go
from fairamp_box.io.streams import check, peer, shut

# What is served, and the setting that opens its port.
PORTS = (
    ("teltocharge", "ems.teltocharge_port"),
    ("alfen", "ems.alfen_port"),
    ("vestel", "ems.vestel_port"),
    ("mennekes", "ems.mennekes_port"),
)
CHUNK = 512
SWEEP_MS = 500
MOST_CONNECTIONS = 8
# Where a dialect sets no bounds of its own.
IDLE_MS = 600000
# A request comes in one piece. Whoever sends it byte by byte keeps others out, and nobody alive.
HALF_MS = 2000
# A client that does not take its answers.
STUCK_MS = 10000


def serve(app):
    """All that the settings name, each by itself: none of them fails with another."""
    for name, setting in PORTS:
        for door in app.network.doors_to(name, app.settings[setting]):
            app.network.serve(door, _server(app, door), "modbus")


def _server(app, door):
    async def run():
        places = app.network.places
        await TcpServer(load(door.what), app.box, app.settings, app.clock, app.log, places).run(door)

    return run


class TcpServer:
    """One dialect on one port. `places`: shared with the other servers of the box; None = it has no others."""

    def __init__(self, dialect, box, settings, clock, log, places=None):
        self.dialect = dialect
        self.connections = []
        self.refused = 0
        self._box = box
        self._server = server(dialect, box, settings)
        self._peers = [peer.strip() for peer in settings["ems.peers"].split(",") if peer.strip()]
        self._masters = Masters(dialect.masters, dialect.silence and (lambda: dialect.silence(box)))
        self._idle_ms = dialect.idle_ms or IDLE_MS
        self._clock = clock
        self._log = log
        self._places = places or Places()
        self._sweeper = None

    async def run(self, door) -> None:
        """Opens the door and serves until cancelled; whatever ends it sooner is raised."""
        listener = await self.start(door)
        self._log("modbus", self.dialect.name + " registers on port " + str(door.port))
        try:
            await self._sweeper  # type: ignore[misc]
        finally:
            self.stop()
            listener.close()

    async def start(self, door):
        """Opens the door; OSError when it cannot. The listener is returned."""
        listener = await door.open(self._serve)
        self._sweeper = asyncio.create_task(self._sweep(listener))
        return listener

    async def _serve(self, reader, writer):
        connection = None
        try:
            task = asyncio.current_task()

            def leave():
                self._forget(connection)
                task.cancel()  # type: ignore[union-attr]

            connection = Guest(peer(writer), self._clock.now(), leave)
            if self._admit(connection):
                self.connections.append(connection)
                self._masters.came(connection)
                await self._converse(connection, reader, writer)
        except (OSError, MemoryError):
            pass  # the client is gone, or there is no room for what it wants; there is nobody to tell
        finally:
            self._forget(connection)
            await shut(writer)

    async def _converse(self, connection, reader, writer):
        masters = self._masters
        session = TcpSession(self._server, connection, self._may_write(connection), lambda: masters.wrote(connection))
        chunk = bytearray(CHUNK) if hasattr(reader, "readinto") else None

        def send(buffer, size):
            connection.heard = self._clock.now()
            writer.write(bytes(memoryview(buffer)[:size]))

        while not session.broken:
            if chunk is None:
                data = await reader.read(CHUNK)
                length = len(data)
            else:
                data = chunk
                length = await reader.readinto(chunk) or 0
            if not length:
                return
            at = 0
            while at < length and not session.broken:
                at = await self._one(session, connection, data, at, length, send)
                connection.sending = True
                await writer.drain()
                connection.sending = False
            if not session.half():
                connection.half = None
            elif connection.half is None:
                connection.half = self._clock.now()

    async def _one(self, session, connection, data, at, length, send):
        """Answers one request, when it is its turn, and lets all other tasks come in before the next one."""
        turn = self._places.turn
        await turn.acquire()
        try:
            self._masters.asks(connection)
            at = session.take(data, at, length, send)
            await self._clock.sleep(0)
            return at
        finally:
            turn.release()

    def _may_write(self, connection):
        def ask():
            connection.heard = self._clock.now()
            if self._masters.may(connection):
                return True
            most = str(self._masters.most)
            self._refuse(connection.host, "it may read; so many set something already: " + most)
            return False

        return ask

    def _admit(self, newcomer):
        """Room for one more? On this port, and among all places of the box."""
        if self._peers and newcomer.host not in self._peers:
            self._refuse(newcomer.host, "not among the peers of the settings")
            return False
        if len(self.connections) >= MOST_CONNECTIONS:
            oldest = first_to_go(self.connections, newcomer)
            if oldest is None:
                self._refuse(newcomer.host, "all " + str(MOST_CONNECTIONS) + " connections are in use")
                return False
            oldest.leave()
        if self._places.admit(newcomer):
            return True
        self._refuse(newcomer.host, "all connections that this board can hold are in use")
        return False

    def _refuse(self, host, why):
        self.refused += 1
        commands.tell(self._box, "modbus", self.dialect.name + ": " + host + " refused: " + why)

    def _forget(self, connection):
        """Takes a connection off the list and tells the dialect, once."""
        self._places.left(connection)
        if connection in self.connections:
            self.connections.remove(connection)
            if self._masters.left(connection, self.connections) and self.dialect.gone:
                self.dialect.gone(self._box)

    async def _sweep(self, listener):
        """Ends what is dead, stuck, or has let its watchdog strike."""
        was_lost = False
        while True:
            await self._clock.sleep(SWEEP_MS)
            check(listener)
            now = self._clock.now()
            lost = self.dialect.lost is not None and self.dialect.lost(self._box)
            struck, was_lost = lost and not was_lost, lost
            # Whoever comes after the watchdog has struck may stay, and feed it.
            for connection in [one for one in self.connections if (struck and one.master) or self._is_over(one, now)]:
                connection.leave()

    def _is_over(self, connection, now):
        if connection.half is not None and elapsed(now, connection.half) >= HALF_MS:
            return True
        return elapsed(now, connection.heard) >= (STUCK_MS if connection.sending else self._idle_ms)

    def stop(self) -> None:
        """Ends all connections; the listener is the caller's."""
        if self._sweeper:
            self._sweeper.cancel()
        for connection in list(self.connections):
            connection.leave()
