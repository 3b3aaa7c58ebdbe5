"""The web server."""

from fairamp.settings.kinds import OWNER, RESTART, WHOLE

ROWS: tuple = (("web.port", OWNER, RESTART, WHOLE, 80, "", 0, 65535),)
HELP = {"port": "port of the status page, 0 = off"}
