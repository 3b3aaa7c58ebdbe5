"""The computer at the other end of the USB cable, with a terminal on it."""

from collections import deque
from collections.abc import Callable

from rp2040py.usb.cdc import USBCDC

PACKET = 64
# Polling, and a packet on its way.
TURN_NANOS = 50_000


class Terminal(USBCDC):
    """Says nothing while it has nothing to say; rp2040py's answers each question with an empty packet, 10 us later."""

    def __init__(self, chip, heard: Callable[[bytes], object]) -> None:
        super().__init__(chip.usb_ctrl)
        self.on_serial_data = heard
        self._to_send: deque[int] = deque()
        self._asked: int | None = None
        self._turn = chip.clock.create_alarm(self._answer)
        self._others = self.usb.on_endpoint_read
        self.usb.on_endpoint_read = self._read
        self._forget = self.usb.on_reset
        self.usb.on_reset = self._unplugged

    @property
    def connected(self) -> bool:
        return self._initialized

    @property
    def unsent(self) -> int:
        return len(self._to_send)

    def type(self, data: bytes) -> None:
        self._to_send.extend(data)
        self._consider()

    def _read(self, endpoint: int, size: int) -> None:
        if endpoint == self._out_endpoint:
            self._asked = min(size, PACKET)
            self._consider()
        else:
            self._others(endpoint, size)

    def _consider(self) -> None:
        if self._asked is not None and self._to_send and not self._turn.scheduled:
            self._turn.schedule(TURN_NANOS)

    def _answer(self) -> None:
        if self._asked is None:
            return
        count, self._asked = min(self._asked, len(self._to_send)), None
        self.usb.endpoint_read_done(self._out_endpoint, bytes(self._to_send.popleft() for _ in range(count)))

    def _unplugged(self) -> None:
        self._asked = None
        self._turn.cancel()
        self._to_send.clear()
        self._forget()
