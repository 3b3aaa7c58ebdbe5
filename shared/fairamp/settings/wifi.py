"""The network that the box joins."""

from fairamp.settings.kinds import OWNER, RESTART, SECRET, TEXT

ROWS: tuple = (
    ("wifi.name", OWNER, RESTART, TEXT, "", 32),
    ("wifi.password", OWNER, RESTART, SECRET, "", 63),
)
HELP = {
    "name": "network to join, empty = none",
    "password": "its password",
}
NEEDS = {"name": "a board with a radio", "password": "wifi.name"}
