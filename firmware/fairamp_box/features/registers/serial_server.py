"""Serves the registers of one dialect on one serial line."""

from fairamp.modbus.server import RtuSession, Server


class SerialServer:
    def __init__(self, server: Server, line):
        self.session = RtuSession(server)
        self._line = line

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
            await line.gap()
            await line.send(reply, len(reply))
