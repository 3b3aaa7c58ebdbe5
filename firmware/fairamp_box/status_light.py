"""The light that people see at the box."""

from fairamp import light, view
from fairamp.units import elapsed

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
        self._pattern = self._colour = 0
        self._lit = -1  # the colour that it has now, 0 = dark; not known

    def look(self, now: int) -> None:
        """What is to be shown?"""
        row = view.light(self._box)
        if row != self._row:
            self._row, self._since = row, now
            _, self._pattern, self._colour = light.ROWS[row]
            self._told = self._pattern not in light.ASKING
        elif not self._told and elapsed(now, self._since) >= TELL_MS:
            self._told = True
            self._log("light", view.light_words(self._box))

    def show(self, now: int) -> None:
        """To be called in each tick; leaves no garbage behind."""
        # As light.lit has it: a call in each tick counts on a small chip.
        colour = self._colour if self._pattern >> (now >> 7 & 15) & 1 else 0
        if colour != self._lit:
            self._lit = colour
            try:
                self._board.set_light(colour)
            except OSError:
                pass  # one that hangs behind a radio chip may fail: that ends no charging
