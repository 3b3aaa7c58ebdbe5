"""Wakes a car that sleeps through an offer: once per permit, never for ever."""

from fairamp.units import Held

ASLEEP_MS = 60000
# State F, then a steady +12 V, then the offer again.
PULSE_MS = 4000
PAUSE_MS = 750
# Some cars take offence at more.
MOST = 5


class WakeUp:
    """`pilot_off` and `offer_off` shape the pulse."""

    def __init__(self, enabled: bool):
        self._enabled = enabled
        self.count = 0  # since the car came
        self.pilot_off = False  # state F, for PULSE_MS ...
        self.offer_off = False  # ... and no offer, for that and PAUSE_MS more
        self._done = False  # once for each permit
        self._asleep = Held()  # offered, and the car does not ask
        self._pulse = Held()  # `pilot_off` holds
        self._pause = Held()  # `offer_off` goes on after it

    def permit(self) -> None:
        """A new offer after none: the car may be woken once more."""
        self._done = False

    def unplugged(self) -> None:
        """Another car is another sleeper."""
        self.count = 0

    def step(self, now: int, offered: bool, asleep: bool) -> None:
        """`offered`: something is on offer now; `asleep`: the car is connected and does not ask for it."""
        if not offered:
            self.pilot_off = self.offer_off = False
        if self._pulse.ms(now, self.pilot_off) >= PULSE_MS:
            self.pilot_off = False
        if self._pause.ms(now, self.offer_off and not self.pilot_off) >= PAUSE_MS:
            self.offer_off = False
        may = offered and asleep and self._enabled and not self._done and self.count < MOST
        if self._asleep.ms(now, may and not self.offer_off) >= ASLEEP_MS:
            self._done = True
            self.count += 1
            self.pilot_off = self.offer_off = True
