"""The light that people see at the box."""

from fairamp import light, view
from fairamp.units import elapsed
from fairamp_box.heap import drop

# What somebody has to see to is told in the log, too, once it has been so for so long.
TELL_MS = 10000


class StatusLight:
    def __init__(self, board, box, log):
        self._board = board
        self._box = box
        self._log = log
        self._row = -1  # of the table; none yet
        self._since = 0  # moment from which it is shown
        self._told = True
        self._look = 0
        self._lit = -1  # the colour that it has now, 0 = dark; not known

    def look(self, now: int) -> None:
        """What is to be shown?"""
        row = view.light(self._box)
        if row != self._row:
            self._row, self._since = row, now
            self._look = light.LOOKS[row]
            self._told = not light.asks(self._look)
        elif not self._told and elapsed(now, self._since) >= TELL_MS:
            self._told = True
            self._tell()

    def _tell(self):
        try:
            # Seldom needed, and words take space.
            from fairamp.light_words import WORDS
        except MemoryError:
            return  # what is wrong has its own entry in the log
        self._log("light", WORDS[self._row])
        drop(("fairamp.light_words",))

    def show(self, now: int) -> None:
        """To be called in each tick; leaves no garbage behind."""
        colour = light.lit(self._look, now)
        if colour != self._lit:
            self._lit = colour
            try:
                self._board.set_light(colour)
            except OSError:
                pass  # one that hangs behind a radio chip may fail: that ends no charging
