"""Serves the registers of one dialect on one serial line."""

from fairamp.modbus.server import RtuSession, Server
from fairamp.units import elapsed


class SerialServer:
    def __init__(self, server: Server, line, clock):
        self.session = RtuSession(server)
        self._line = line
        self._clock = clock

    async def run(self) -> None:
        line = self._line
        while True:
            count = await line.first()
            line.talking = True
            try:
                await self._answer(count)
            finally:
                line.end()

    async def _answer(self, count):
        """From the first bytes of a frame to the end of its answer, if it gets one."""
        session, line = self.session, self._line
        reply = None
        while count and reply is None:
            reply = session.feed(line.chunk, count)
            if reply is None:
                missing = session.missing()
                count = await line.more(missing, line.takes_ms(missing) + line.gap_ms)
        if reply is None:
            reply = session.silence()
        if reply is not None:
            # The line belongs to the primary until 3.5 characters have passed.
            await self._clock.sleep(max(0, line.gap_ms - elapsed(self._clock.now(), line.heard)))
            await line.send(reply, len(reply))
