"""Serves the registers of one dialect on one serial line."""

from fairamp.modbus.server import RtuSession, Server


class SerialServer:
    def __init__(self, server: Server, line, clock):
        self.session = RtuSession(server)
        self._line = line
        self._clock = clock

    async def run(self) -> None:
        chunk = bytearray(64)
        session, line = self.session, self._line
        while True:
            count = await line.receive(chunk, line.gap_ms)
            reply = session.feed(chunk, count) if count else session.silence()
            if reply is None:
                continue
            # The line belongs to the primary until 3.5 characters have passed.
            await self._clock.sleep(line.gap_ms)
            await line.send(reply, len(reply))
