"""Who says what there is for the chargers: the house meter, the limits alone, or an energy manager."""

from fairamp import meters
from fairamp.settings.kinds import CHOICE, INSTALLER, RESTART
from fairamp.settings.table import place

ROWS: tuple = (("supply.mode", INSTALLER, RESTART, CHOICE, "dynamic", ("dynamic", "static", "ems")),)
HELP = {
    "mode": "dynamic: the house meter says; static: the fuse is for the chargers alone; ems: an energy manager says",
}
# What is said of a house meter that nobody reads: its usual value.
UNREAD = (
    ("meter.model", meters.USUAL),
    ("meter.custom", None),
    ("meter.unit", None),
    ("meter.host", ""),
    ("meter.port", None),
    ("meter.location", "including"),
    ("meter.fallback", (9999000, 9999000, 9999000)),
    ("sharing.imbalance_at", "chargers"),
)


def check_unread(values, where, errors):
    """Whoever describes a house meter wants it to be read."""
    mode = values["supply.mode"]
    if mode == "dynamic":
        return
    for name, usual in UNREAD:
        value = values[name]
        if (tuple(value) if isinstance(value, list) else value) != usual:
            text = ": is for a house meter, and with [supply] mode = " + mode + " none is read: leave it out, "
            errors.append(where + ": " + place(name) + text + "or set [supply] mode = dynamic")


RULES = (check_unread,)
