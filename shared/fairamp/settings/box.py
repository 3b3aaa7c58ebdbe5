"""What the box calls itself."""

from fairamp.settings.kinds import INSTALLER, LIVE, OWNER, RESTART, TEXT

ROWS: tuple = (
    ("box.name", OWNER, LIVE, TEXT, "Fairamp", 32),
    ("box.serial", INSTALLER, RESTART, TEXT, "000001", 20),
)
HELP = {
    "name": "name that energy managers see; the network knows a new one after a restart",
    "serial": "serial number that energy managers see",
}
