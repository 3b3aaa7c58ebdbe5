"""Through what the bench and its companion on the chip talk: words of the watchdog, and numbers of marks."""

# Words of the watchdog that survive resets.
MARKS, MAIL = 5, 6
SAVE = 1
FEED, PILOT, STEP, BALANCE = 2, 4, 6, 8
