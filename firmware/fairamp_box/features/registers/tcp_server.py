"""Serves registers to energy managers over Modbus TCP, with several connections."""

import asyncio

from fairamp import commands
from fairamp.managers import load, server
from fairamp.modbus.tcp_session import TcpSession
from fairamp.units import elapsed
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
# Where a dialect sets no bounds of its own.
MOST_CONNECTIONS = 8
IDLE_MS = 600000
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
        self._most = dialect.masters or MOST_CONNECTIONS
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
                await self._converse(connection, reader, writer)
        except OSError:
            pass  # the client is gone; there is nobody to tell
        finally:
            self._forget(connection)
            await shut(writer)

    async def _converse(self, connection, reader, writer):
        session = TcpSession(self._server)
        chunk = bytearray(CHUNK) if hasattr(reader, "readinto") else None

        def send(buffer, size):
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
            connection.heard = self._clock.now()
            session.feed(data, length, send)
            connection.sending = True
            await writer.drain()
            connection.sending = False

    def _admit(self, newcomer):
        """Room for one more? On this port, and among all places of the box."""
        if self._peers and newcomer.host not in self._peers:
            self._refuse(newcomer.host, "not among the peers of the settings")
            return False
        if len(self.connections) >= self._most:
            oldest = first_to_go(self.connections, newcomer)
            if oldest is None:
                self._refuse(newcomer.host, "all " + str(self._most) + " connections are in use")
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
            if self.dialect.gone:
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
            for connection in list(self.connections):
                most = STUCK_MS if connection.sending else self._idle_ms
                # Whoever comes after the watchdog has struck may stay, and feed it.
                if struck or elapsed(now, connection.heard) >= most:
                    connection.leave()

    def stop(self) -> None:
        """Ends all connections; the listener is the caller's."""
        if self._sweeper:
            self._sweeper.cancel()
        for connection in list(self.connections):
            connection.leave()
