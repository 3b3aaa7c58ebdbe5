"""The pilot line as the car leaves it: a letter that does not flicker, and a diode that was seen."""

from fairamp.charging import pilot
from fairamp.units import Held, elapsed

# Times in ms; those of the standard with its sequence numbers.
LEAVE_MS = 20  # C or D -> anything: the second look in a row decides; contactor open within 100 ms (8.1)
ASK_MS = 240  # B -> C or D; contactor closed within 3 s (4)
OTHER_MS = 100
BLIND_MS = 500  # a line that cannot be read for so long is faulty


class PilotLine:
    """`letter`: A, B, C, D, or E for a faulty line. `diode`: seen since it was last asked for."""

    def __init__(self):
        self.levels = pilot.Levels()  # high and low level of the last look
        self._keep("A")
        self.diode = False
        self._candidate = "A"  # what the last look said; becomes the letter when it stays
        self._candidate_since = 0  # when it said that first
        self._away = Held()  # looks away from C or D, while energy flows
        self._blind = Held()  # nothing to be seen on the line: then it is E

    def _keep(self, letter):
        """From now on it is this letter, as long as the level stays between these two."""
        self.letter = letter
        self._above_mv, self._upto_mv = pilot.span(letter)

    def step(self, now: int, codes, count: int, duty: int) -> None:
        """Codes of the converter that were taken while `duty` was on the line."""
        if duty == pilot.NOT_AVAILABLE:
            # With -12 V on the line nothing can be seen of the car.
            self._blind.ms(now, False)
            self._candidate = self.letter
            return
        levels = self.levels
        levels.take(codes, count, duty)
        if self._blind.ms(now, not levels.known) >= BLIND_MS:
            self._candidate = "E"
            self._keep("E")
        if not levels.known:
            return
        letter = self.letter
        if not self._above_mv < levels.high_mv <= self._upto_mv:
            letter = pilot.letter(levels.high_mv, letter)
        if duty < pilot.STEADY and letter in "BCD":
            if levels.diode():
                self.diode = True
            else:
                letter = "E"
        self._debounce(now, letter)

    def settled(self) -> bool:
        """Did the latest look agree with the letter?"""
        return self.levels.known and self._candidate == self.letter

    def _debounce(self, now, letter):
        if letter != self._candidate:
            self._candidate = letter
            self._candidate_since = now
        if letter == self.letter:
            self._away.ms(now, False)
            return
        away = self._away.ms(now, self.letter in "CD" and letter not in "CD")
        if self.letter in "CD" and letter not in "CD":
            # Whatever it becomes: while energy flows, the second look away from it counts.
            if away >= LEAVE_MS:
                self._keep(letter)
        elif elapsed(now, self._candidate_since) >= (
            ASK_MS if letter in "CD" and self.letter not in "CD" else OTHER_MS
        ):
            self._keep(letter)
