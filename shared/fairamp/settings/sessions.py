"""The list of sessions that are over."""

from fairamp.settings.kinds import OWNER, RESTART, WHOLE

ROWS: tuple = (("sessions.keep", OWNER, RESTART, WHOLE, 1000, "", 0, 10000),)
HELP = {"keep": "so many of the last sessions are kept at least, 100 bytes each; 0 = none; needs a network"}
