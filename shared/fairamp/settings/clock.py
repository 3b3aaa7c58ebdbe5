"""What clocks on the wall show here."""

from fairamp.settings.kinds import LIVE, OWNER, TEXT
from fairamp.units import UTC

ROWS: tuple = (("clock.zone", OWNER, LIVE, TEXT, UTC, 60),)
HELP = {
    "zone": "time zone as POSIX writes it: CET-1CEST,M3.5.0,M10.5.0/3 in Berlin, GMT0BST,M3.5.0/1,M10.5.0 in London"
}
