"""One phase or three: changing over without ever switching under load, and noticing what the car uses."""

from fairamp.refusals import DONE, GIVEN_UP, NO_RELAY, NOT_SWITCHED, TOO_SOON, UNDER_WAY
from fairamp.units import Held, elapsed

# Below this, nothing flows that a relay could not break.
NO_CURRENT_MA = 1000
# The steps of a change, and how long each lasts at the least or at the most.
GONE_MS = 30000  # the current has to be gone by then, or the change is given up
OPEN_MS = 500  # after opening, until the contactor is believed to be open
PILOT_OFF_MS = 5000
DEAD_MS = 2000  # with all off, before and after the relay moves
VERIFY_MS = 60000
BETWEEN_MS = 300000
TRIES = 3
# Use of phases is judged after so long of charging with a real current.
USED_MS = 20000
USED_MA = 3000

IDLE = "none"
WITHDRAWING = "offer withdrawn"
OPENING = "contactor opening"
PILOT_OFF = "pilot off"
SWITCHING = "relay switches"
SETTLING = "relay settles"
VERIFYING = "verifying"
AT_REST = (IDLE, VERIFYING)
HIDDEN = (PILOT_OFF, SWITCHING, SETTLING)


class PhaseSwitch:
    """Takes a wish and carries it out step by step. `three`: where the relay stands."""

    def __init__(self, fitted: bool, allowed: bool):
        self.fitted = fitted
        self._allowed = allowed
        self.three = True
        self.wanted = True  # three, as wished last; equal to `three` while nothing is under way
        self.stage = IDLE  # of the change, in words for people
        self._since = 0  # when that step began
        self._waiting = False  # for the time between two changes
        self._rest = Held()  # `_waiting` holds
        self.failed = 0  # changes in a row for this car; after TRIES no more

    def request(self, now: int, three: bool) -> int:
        """Starts a change; DONE when it is accepted or nothing is to be done, else the reason why not."""
        if self.holds_offer():
            return DONE if three == self.wanted else UNDER_WAY
        if three == self.three:
            return DONE
        if not self.fitted:
            return NO_RELAY
        if not self._allowed:
            return NOT_SWITCHED
        if self.failed >= TRIES:
            return GIVEN_UP
        if self._waiting:
            return TOO_SOON
        self.wanted = three
        self._go(now, WITHDRAWING)
        return DONE

    def holds_offer(self) -> bool:
        """True while there must be no offer."""
        return self.stage not in AT_REST

    def pilot_off(self) -> bool:
        """True while the car must see a box that is not available."""
        return self.stage in HIDDEN

    def unplugged(self) -> None:
        """Another car may do better."""
        self.failed = 0

    def step(self, now: int, closed: bool, draw_ma) -> None:
        """One step; `closed` unless the contactor is known to be open, `draw_ma` per terminal."""
        past = elapsed(now, self._since)
        if self._rest.ms(now, self._waiting) >= BETWEEN_MS:
            self._waiting = False
        flowing = max(draw_ma) > NO_CURRENT_MA
        name = self.stage
        if name is IDLE:
            return
        if name is WITHDRAWING:
            if not flowing and not closed:
                self._go(now, OPENING)
            elif past >= GONE_MS:
                self._fail(now)
        elif closed or flowing:
            # Something closed the contactor, or current still flows: never move the relay now.
            if name is VERIFYING:
                self._verify(now, past, draw_ma)
            else:
                self._fail(now)
        elif name is OPENING:
            if past >= OPEN_MS:
                self._go(now, PILOT_OFF)
        elif name is PILOT_OFF:
            if past >= PILOT_OFF_MS:
                self._go(now, SWITCHING)
        elif name is SWITCHING:
            if past >= DEAD_MS:
                self.three = self.wanted
                self._waiting = True
                self._go(now, SETTLING)
        elif name is SETTLING:
            if past >= DEAD_MS:
                self._go(now, VERIFYING)
        elif past >= VERIFY_MS:
            self._go(now, IDLE)

    def _verify(self, now, past, draw_ma):
        """With one phase, nothing may flow on the others; a relay that hangs shows there."""
        if not self.three and max(draw_ma[1], draw_ma[2]) > NO_CURRENT_MA:
            self._fail(now)
        elif past >= VERIFY_MS:
            self.failed = 0
            self._go(now, IDLE)

    def _fail(self, now):
        self.failed += 1
        self._waiting = True
        self._go(now, IDLE)

    def _go(self, now, name):
        self.stage = name
        self._since = now


class UsedPhases:
    """Which terminals the car really draws on; what it leaves can be shared, until it takes it back."""

    def __init__(self):
        self.mask = 7  # bit mask of the terminals that the car uses; all three until it shows otherwise
        self.drawn = 0  # bit mask of those with a current now
        self._charging = Held()  # it draws enough to judge by

    def reset(self) -> None:
        """A new car, or a new set of phases: it may use them all."""
        self.mask = 7

    def step(self, now: int, charging: bool, draw_ma) -> None:
        self.drawn = 0
        for terminal in range(3):
            if draw_ma[terminal] > NO_CURRENT_MA:
                self.drawn |= 1 << terminal
        # Taken back at once: the current flows already.
        self.mask |= self.drawn
        if self._charging.ms(now, charging and max(draw_ma) >= USED_MA) >= USED_MS:
            self.mask = self.drawn
