"""The ports of the twin. They are opened before it lives, so that a busy one ends it and the others can be told."""

import asyncio
import re

from fairamp_box.io.streams import Door
from fairamp_desk.errors import Failure

LOOPBACK = "127.0.0.1"
# An address by which others on the local network reach this machine.
REACHABLE = re.compile(r"(?!127\.|0\.)\d+(\.\d+){3}")


class TwinDoor(Door):
    """`option`: who wants it, for errors. Whoever comes before the twin serves has to wait a little."""

    announced = False

    def __init__(self, what: str, where: tuple[str, int], option: str):
        super().__init__(what, *where)
        self._option = option
        self._opened = asyncio.Event()
        self._listener: asyncio.Server

    async def reserve(self) -> str:
        """HOST:PORT, with the number that any free one has come to."""
        try:
            self._listener = await asyncio.start_server(self._meet, self.host, self.port)
        except OSError as error:
            why = error.strerror or str(error)
            raise Failure(
                f"{self._option}: {self.host}:{self.port} cannot be used: {why}; "
                f"choose another, for example {self._option} 127.0.0.1:0"
            ) from None
        self.port = self._listener.sockets[0].getsockname()[1]
        return f"{self.host}:{self.port}"

    async def open(self, serve):
        if not self._listener.is_serving():
            await self.reserve()
        self._serve = serve
        self._opened.set()
        return self._listener

    async def _meet(self, reader, writer):
        await self._opened.wait()
        await self._serve(reader, writer)


def address(doors: list[TwinDoor]) -> str:
    """The one that the twin has on its network; the doors there are announced."""
    found = next((door.host for door in doors if REACHABLE.fullmatch(door.host)), None)
    for door in doors:
        door.announced = door.host == found
    return found or LOOPBACK
