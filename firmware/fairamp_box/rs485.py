"""A serial line with a direction pin, for tasks: send all, then listen at once."""

from fairamp.units import elapsed

POLL_MS = 1
# As machine.UART has them.
PARITIES = {"N": None, "E": 0, "O": 1}
# A driver that never reports the end of sending must not hold the line.
STUCK_MS = 50


class Rs485:
    """`gap_ms`: 3.5 characters of silence, which end a frame; rounded up."""

    def __init__(self, port, clock, baud: int = 9600, parity=None, stop: int = 1):
        self._port = port
        self._clock = clock
        bits = 1 + 8 + (parity is not None) + stop
        self._char_us = bits * 1000000 // baud
        # From 19200 baud up, the standard has a fixed 1.75 ms.
        self.gap_ms = (max(self._char_us * 7 // 2, 1750) + 999) // 1000
        self._way = (baud, parity, stop)
        self.reopen()

    def reopen(self) -> None:
        """Sets the port up again, which heals a UART that got stuck."""
        self._port.init(*self._way)
        self._port.direction(False)

    def takes_ms(self, length: int) -> int:
        """How long so many bytes are on the line."""
        return length * self._char_us // 1000

    async def send(self, data, length: int) -> None:
        """Sends data[:length]; the driver is off again when this returns, however it returns."""
        port = self._port
        port.direction(True)
        try:
            port.write(data if len(data) == length else memoryview(data)[:length])
            takes = self.takes_ms(length)
            begun = self._clock.now()
            await self._clock.sleep(takes)
            while not port.txdone() and elapsed(self._clock.now(), begun) < takes + STUCK_MS:
                pass
        finally:
            port.direction(False)

    async def receive(self, buffer, ms: int) -> int:
        """Bytes that came, as soon as some are there; 0 after so many ms of silence."""
        begun = self._clock.now()
        while True:
            if self._port.any():
                return self._port.readinto(buffer) or 0
            if elapsed(self._clock.now(), begun) >= ms:
                return 0
            await self._clock.sleep(POLL_MS)

    def flush(self, buffer) -> None:
        """Throws away what came unasked."""
        while self._port.any() and self._port.readinto(buffer):
            pass
