"""The chip's terminal on a TCP port of this computer, so that commands for real chips reach the emulated one."""

import contextlib
import socket
import time
from collections.abc import Callable

from tests.chip.pico import Pico

SLICE_MS = 1.0
# What may wait for the chip; the rest stays with the sender.
WAITING = 512
NAP_S = 0.001


class Cable:
    def __init__(self, pico: Pico) -> None:
        self.pico = pico
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self._client: socket.socket | None = None
        self._sent = 0
        self.url = f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    def close(self) -> None:
        self._hang_up()
        self._server.close()

    def serve(self, done: Callable[[], bool]) -> None:
        """Lets the chip run until then: as fast as it can while there is something to do, else not faster than real."""
        chip = self.pico.chip
        while not done():
            slept, printed = chip.slept, len(self.pico.text)
            self.pico.run(SLICE_MS)
            heard = self._carry()
            if not heard and len(self.pico.text) == printed and chip.slept - slept > 0.9e6 * SLICE_MS:
                time.sleep(NAP_S)

    def _carry(self) -> bool:
        if self._client is None:
            with contextlib.suppress(BlockingIOError):
                self._client, _ = self._server.accept()
                self._client.setblocking(False)
                self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sent = len(self.pico.text)
            return False
        try:
            return self._to_chip() | self._from_chip()
        except OSError:
            self._hang_up()
            return False

    def _to_chip(self) -> bool:
        assert self._client
        if self.pico.terminal.unsent > WAITING:
            return True
        try:
            data = self._client.recv(4096)
        except BlockingIOError:
            return False
        if not data:
            self._hang_up()
            return False
        self.pico.type(data)
        return True

    def _from_chip(self) -> bool:
        if self._client is None or len(self.pico.text) == self._sent:
            return False
        with contextlib.suppress(BlockingIOError):
            self._sent += self._client.send(self.pico.text[self._sent :])
        return True

    def _hang_up(self) -> None:
        if self._client:
            self._client.close()
        self._client = None
