"""The web server, and who may change settings there."""

from fairamp.settings.kinds import INSTALLER, LIVE, OWNER, RESTART, SECRET, WHOLE
from fairamp.settings.table import place

ROWS: tuple = (
    ("web.port", OWNER, RESTART, WHOLE, 80, "", 0, 65535),
    ("web.password", OWNER, LIVE, SECRET, "", 160),
    ("web.installer_password", INSTALLER, LIVE, SECRET, "", 160),
)
HELP = {
    "port": "port of the status page, 0 = off",
    "password": "of the owner, as the check value that `fairamp settings` makes; empty = he changes nothing there",
    "installer_password": "the same of the installer",
}


def _check_passwords(values, where, errors):
    for key in ("web.password", "web.installer_password"):
        if values[key]:
            # Only who has one needs it, and it takes space.
            from fairamp.scram import parts

            if parts(values[key]) is None:
                text = ": no check value, and a password itself is never kept; use fairamp settings TARGET set"
                errors.append(where + ": " + place(key) + text)


RULES = (_check_passwords,)
