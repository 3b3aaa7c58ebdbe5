"""The log over restarts."""

from fairamp.settings.kinds import OWNER, RESTART, WHOLE

ROWS: tuple = (("diary.keep", OWNER, RESTART, WHOLE, 64, "KB", 0, 256),)
HELP = {"keep": "so much of the log is kept over restarts, some months in a quiet house; 0 = none; needs a network"}
