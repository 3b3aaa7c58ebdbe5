"""One charge point: what the car says on the pilot, and what the box answers with duty and contactor."""

from fairamp import pilot
from fairamp.limits import Limits
from fairamp.units import elapsed

# A car has to stop drawing within 3 s after its offer is withdrawn; one that does not is cut off after 6 s.
WITHDRAWN_MS = 6000
RAISE_MS = 5000
# A pilot that cannot be read for this long is treated as a fault.
BLIND_MS = 1000

NOT_CONNECTED = "not connected"
CONNECTED = "connected"
CHARGING = "charging"
STOPPING = "stopping"
FAULT = "fault"


class ChargePoint:
    """Told the samples and the time; decides duty and contactor."""

    def __init__(self):
        self.limits = Limits()
        self.levels = pilot.Levels()
        self.letter = "A"
        self.state = NOT_CONNECTED
        self.offer_ma = 0
        self.duty = pilot.STEADY
        self.contactor = False
        self._withdrawn = None
        self._raised = None
        self._seen = None

    def step(self, now: int, samples, count: int) -> None:
        """One look at the pilot and one decision."""
        self.levels.take(samples, count, pilot.NOT_AVAILABLE < self.duty < pilot.STEADY)
        if self.levels.known:
            self._seen = now
            self.letter = self._letter()
        elif self._seen is None or elapsed(now, self._seen) > BLIND_MS:
            self._seen = None
            self.letter = "E"
        self._signal(now)
        self._switch(now)

    def _letter(self):
        letter = pilot.state(self.levels.high_mv)
        if letter in "BCD" and self.duty < pilot.STEADY and self.levels.low_mv > pilot.LOW_ENOUGH_MV:
            return "E"
        return letter

    def _signal(self, now):
        """The offer follows the limits: down at once, up at most every 5 s."""
        wanted = self.limits.offer() if self.letter in "BC" else 0
        if wanted > self.offer_ma:
            if self._raised is not None and elapsed(now, self._raised) < RAISE_MS:
                return
            self._raised = now
        self.offer_ma = wanted
        self.duty = pilot.duty(wanted)

    def _switch(self, now):
        if self.letter == "A":
            self._open(NOT_CONNECTED)
            self._raised = None
        elif self.letter == "B":
            self._open(CONNECTED)
        elif self.letter != "C":
            self._open(FAULT)
        elif self.offer_ma:
            # The diode shows only on a switching line, so the first look at C with an offer comes a step later.
            if self.levels.known and self.levels.low_mv < pilot.LOW_ENOUGH_MV:
                self.contactor = True
                self.state = CHARGING
            self._withdrawn = None
        elif self.contactor:
            if self._withdrawn is None:
                self._withdrawn = now
                self.state = STOPPING
            elif elapsed(now, self._withdrawn) >= WITHDRAWN_MS:
                self._open(CONNECTED)
        else:
            self.state = CONNECTED

    def _open(self, state):
        self.contactor = False
        self._withdrawn = None
        self.state = state
