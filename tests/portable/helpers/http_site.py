"""A device on the network that answers as the test wants."""

import asyncio

from fairamp_box.io.clock import Clock
from fairamp_box.io.http_client import get
from fairamp_box.io.streams import shut

SPEED = 10
TIMEOUT_MS = 20000
# Among the parts of an answer: until the other side has gone.
NEVER = None
HOST = "127.0.0.1"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Site:
    """A device that says what the test wants, in pieces and with pauses; each connection has the next answer.

    Tests of two files may run at once, so each has a `port` of its own.
    """

    def __init__(self, port, *answers):
        self.port = port
        self.answers = list(answers)
        self.clock = Clock(SPEED)
        self.requests = []
        self.open = 0

    async def _serve(self, reader, writer):
        self.open += 1
        try:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = await reader.read(100)
                if not piece:
                    break
                request += piece
            self.requests.append(request)
            for part in self.answers.pop(0):
                if part is NEVER:
                    await reader.read(1)
                elif isinstance(part, int):
                    await self.clock.sleep(part)
                else:
                    writer.write(part)
                    await writer.drain()
        except OSError:
            pass
        finally:
            self.open -= 1
            await shut(writer)

    async def get(self, timeout_ms=TIMEOUT_MS):
        return await get(HOST, self.port, "/page?id=0", self.clock, timeout_ms)

    def run(self, story):
        result = []

        async def all_of_it():
            listener = await asyncio.start_server(self._serve, HOST, self.port)
            try:
                result.append(await story(self))
            finally:
                listener.close()
                await listener.wait_closed()

        asyncio.run(all_of_it())
        return result[0]
