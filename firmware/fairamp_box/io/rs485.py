"""A serial line with a direction pin, for tasks: sends, and waits for what comes instead of asking again and again."""

import asyncio

from fairamp.units import elapsed

# How often it is looked for bytes that may come at any moment.
POLL_MS = 2
# So long it is looked for them without a pause when they are due.
CLOSE_MS = 2
LOOKS = 40
# As machine.UART has them.
PARITIES = {"N": None, "E": 0, "O": 1}
# A driver that never reports the end of sending must not hold the line.
STUCK_MS = 50
CHUNK = 128
# No buffer of a UART holds more of them.
CHUNKS = 8


class Rs485:
    """`gap_ms`: 3.5 characters of silence, which end a frame; rounded up. What comes is in `chunk`.

    `talking`: somebody is in the middle of a frame, an answer is due or on its way. `ended`: when an answer was out, or
    in; None = there was none yet.
    """

    def __init__(self, port, clock, baud: int = 9600, parity=None, stop: int = 1):
        self._port = port
        self._clock = clock
        bits = 1 + 8 + (parity is not None) + stop
        self._char_us = bits * 1000000 // baud
        # From 19200 baud up, the standard has a fixed 1.75 ms.
        self._gap_us = max(self._char_us * 7 // 2, 1750)
        self.gap_ms = (self._gap_us + 999) // 1000
        self._format = (baud, parity, stop)
        self.chunk = bytearray(CHUNK)
        self._first = bytearray(1)
        self._rest = memoryview(self.chunk)[1:]
        self.talking = False
        self.ended: "int | None" = None
        self._heard = clock.moment_us()  # when bytes came last
        self.reopen()

    def reopen(self) -> None:
        """Sets the port up again, which heals a UART that got stuck."""
        self._port.init(*self._format)
        self._port.listen()
        stream = self._port.stream
        self._stream = None if stream is None else asyncio.StreamReader(stream)

    def takes_ms(self, length: int) -> int:
        """How long so many bytes are on the line."""
        return length * self._char_us // 1000

    def quiet(self) -> bool:
        """Does nobody talk now, nor begin to?"""
        return not self.talking and not self._port.any()

    async def gap(self) -> None:
        """Returns when 3.5 characters have passed since bytes came: until then the line belongs to the other side."""
        clock = self._clock
        left = self._gap_us - clock.past_us(self._heard)
        while left > 0:
            # A sleep of 3 ms takes between 2 and 3.
            await clock.sleep(max(1, left // 1000))
            left = self._gap_us - clock.past_us(self._heard)

    def end(self) -> None:
        """The exchange is over."""
        self.talking = False
        self.ended = self._clock.now()

    async def send(self, data, length: int) -> None:
        """Sends data[:length]; the driver is off again when this returns, however it returns."""
        port, clock = self._port, self._clock
        try:
            port.send(data if len(data) == length else memoryview(data)[:length])
            takes = self.takes_ms(length) + 1
            begun = clock.now()
            await clock.sleep(takes)
            while not port.sent() and elapsed(clock.now(), begun) < takes + STUCK_MS:
                await clock.sleep(1)
        finally:
            port.listen()

    async def first(self) -> int:
        """Waits for bytes, however long; how many have come."""
        port, clock = self._port, self._clock
        count = 0
        if self._stream is None:
            while not port.any():
                await clock.sleep(POLL_MS)
            count = port.readinto(self.chunk) or 0
        elif await self._stream.readinto(self._first):  # type: ignore[attr-defined]
            self.chunk[0] = self._first[0]
            count = 1 + (port.readinto(self._rest) or 0)
        self._heard = clock.moment_us()
        return count

    async def more(self, missing: int, ms: int) -> int:
        """How many bytes have come; 0 when none came for so many ms.

        So many are `missing` before there is anything to do: until they can be there, it is not looked for them.
        """
        port, clock = self._port, self._clock
        begun = clock.now()
        takes = self.takes_ms(max(0, missing - port.any()))
        await clock.sleep(min(ms, takes))
        # The last one is about to come, and the silence after it counts from then on.
        for _ in range(LOOKS):
            if port.any() >= missing or elapsed(clock.now(), begun) >= min(ms, takes + CLOSE_MS):
                break
            await clock.sleep(0)
        while not port.any():
            if elapsed(clock.now(), begun) >= ms:
                return 0
            await clock.sleep(POLL_MS)
        self._heard = clock.moment_us()
        return port.readinto(self.chunk) or 0

    def flush(self) -> None:
        """Throws away what came unasked."""
        for _ in range(CHUNKS):
            if not (self._port.any() and self._port.readinto(self.chunk)):
                break
