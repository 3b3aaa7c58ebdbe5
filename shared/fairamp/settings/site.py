"""The connection of the house: its fuse, and what of it stays free."""

from fairamp.settings.kinds import EACH, INSTALLER, LIVE, MV, NUMBER, PER_PHASE, RESTART, WHOLE, A

ROWS: tuple = (
    ("site.fuse", INSTALLER, RESTART, PER_PHASE, (25, 25, 25), "A", 6, 1000, A),
    ("site.voltage", INSTALLER, RESTART, NUMBER, 230, "V", 100, 260),
    ("site.safe_current", INSTALLER, LIVE, NUMBER, 6, "A", 0, 1000, A, 6),
    ("site.least_voltage", INSTALLER, RESTART, NUMBER, 196, "V", 100, 260, MV),
    ("site.most_voltage", INSTALLER, RESTART, NUMBER, 264, "V", 200, 300, MV),
    ("site.feeder", INSTALLER, LIVE, PER_PHASE, (9999, 9999, 9999), "A", 0, 9999, A),
    ("site.margin", INSTALLER, LIVE, WHOLE, 0, "%", 0, 90),
    ("site.headroom", INSTALLER, LIVE, EACH, (0, 0, 0), "A", 0, 1000, A),
)
HELP = {
    "fuse": "main fuse of each phase",
    "voltage": "nominal voltage between phase and neutral",
    "safe_current": "per phase, for all sockets together while the meter is lost",
    "least_voltage": "below this the mains is faulty",
    "most_voltage": "above this the mains is faulty",
    "feeder": "most that all chargers may draw together, which is what their own feeder carries",
    "margin": "of the fuse that stays free; at least 10 A have to remain",
    "headroom": "of the fuse that stays free, in amperes; of each phase, where they differ",
}
