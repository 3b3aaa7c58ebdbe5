"""Whether the other end of a network is there."""

from fairamp.units import elapsed

# So long without a message, and it counts as gone. Both ends go by it.
NETWORK_MS = 3000


class Hearing:
    """When a message came last."""

    def __init__(self):
        self._heard = None  # the moment; None = never, or so long ago that it does not count

    def note(self, now: int) -> None:
        """A message has come."""
        self._heard = now

    def lasts(self, now: int) -> bool:
        """To be called several times per second: a moment that is never cleared seems fresh again after days."""
        if self._heard is not None and elapsed(now, self._heard) >= NETWORK_MS:
            self._heard = None
        return self._heard is not None
