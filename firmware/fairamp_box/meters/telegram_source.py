"""Telegrams that a utility meter sends by itself: P1 and TIC, on a serial port that only listens."""

from fairamp.meters.sieve import Silent
from fairamp.units import elapsed

# Both seven-bit dialects are read with eight bits and no parity: the frames are as long, and the parsers mask.
P1_BAUDS = (115200, 9600)
TIC_BAUDS = (9600, 1200)
# The longest that a good source is silent: DSMR 4 sends every 10 s.
PATIENCE_MS = 12000
LEAST_PATIENCE_MS = 3000
# After so long a silence the other speed is tried, even if there were good telegrams before.
GIVE_UP_MS = 60000
POLL_MS = 5
# What is parsed in one go: as much as a port holds, and the other tasks have their turn.
MOST_CHUNKS = 8


class TelegramSource:
    """`parser`: P1 or Tic. Tries the other speed whenever nothing good came for too long."""

    def __init__(self, name, port, parser, bauds, clock):
        self._name = name
        self._port = port
        self._parser = parser
        self._bauds = bauds
        self._clock = clock
        self._chunk = bytearray(64)
        self._at = self._held = 0  # what of the chunk is still to be parsed
        self._speed = 0
        self._last = None
        self._silent = 0
        self.rhythm_ms = 0  # from telegram to telegram
        self.hints = []
        self._open()

    def where(self) -> str:
        return self._name + " at " + str(self._bauds[self._speed]) + " baud"

    async def read(self, draft) -> None:
        """Waits for the next good telegram."""
        begun = self._clock.now()
        while not self._next():
            silent = elapsed(self._clock.now(), begun)
            if silent > self._patience():
                self._silent += silent
                text = self._silence()
                if not self.rhythm_ms or self._silent > GIVE_UP_MS:
                    self._speed = (self._speed + 1) % len(self._bauds)
                    self._silent = self.rhythm_ms = 0
                    self._last = None
                self._open()
                raise Silent(text)
            await self._clock.sleep(POLL_MS)
        now = self._clock.now()
        if self._last is not None and not self._silent:
            # On a bad line telegrams get lost: that must not make old ones count for longer and longer.
            self.rhythm_ms = min(elapsed(now, self._last), PATIENCE_MS)
        self._last = now
        self._silent = 0
        self._parser.fill(draft)

    def _next(self):
        """Parses what is there, up to the end of a telegram; not more than a port holds."""
        parser, port = self._parser, self._port
        for _ in range(MOST_CHUNKS):
            if self._at == self._held:
                self._at = 0
                self._held = port.readinto(self._chunk) or 0 if port.any() else 0
                if not self._held:
                    return False
            self._at += parser.feed(self._chunk, self._at, self._held - self._at)
            if parser.done:
                return True
        return False

    def _patience(self):
        return max(LEAST_PATIENCE_MS, self.rhythm_ms * 3 // 2) if self.rhythm_ms else PATIENCE_MS

    def _silence(self):
        text = (
            "no good telegram in " + str(self._patience() // 1000) + " s at " + str(self._bauds[self._speed]) + " baud"
        )
        if self._parser.problem:
            return text + "; the last one: " + self._parser.problem
        return text + "; check the wires, and that the port is switched on"

    def _open(self):
        self._port.init(self._bauds[self._speed], None, 1)
        self._port.listen()
