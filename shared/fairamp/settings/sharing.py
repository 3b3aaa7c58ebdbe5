"""How the sockets share what is left for them, and what they may draw together."""

from fairamp.settings.kinds import CHOICE, EACH, INSTALLER, LIVE, NUMBER, OWNER, PER_PHASE, PROFILE, WHOLE, A, S

ROWS: tuple = (
    ("sharing.operator_limit", OWNER, LIVE, PER_PHASE, (9999, 9999, 9999), "A", 0, 9999, A),
    ("sharing.downgrade", OWNER, LIVE, EACH, (0, 0, 0), "A", 0, 1000, A),
    ("sharing.profile", OWNER, LIVE, PROFILE, ()),
    ("sharing.profile_zone", OWNER, LIVE, CHOICE, "utc", ("utc", "local")),
    ("sharing.probe_current", OWNER, LIVE, NUMBER, 14, "A", 0, 80, A, 6),
    ("sharing.imbalance_at", INSTALLER, LIVE, CHOICE, "chargers", ("chargers", "meter")),
    ("sharing.mode", OWNER, LIVE, CHOICE, "equal", ("equal", "fifo", "combined")),
    ("sharing.fifo_percent", OWNER, LIVE, WHOLE, 50, "%", 0, 100),
    ("sharing.turn_period", OWNER, LIVE, NUMBER, 900, "s", 60, 36000, S),
    ("sharing.imbalance", INSTALLER, LIVE, NUMBER, 0, "A", 0, 1000, A, 6),
    ("sharing.step", OWNER, LIVE, NUMBER, 1, "A", 0.1, 6, A),
)
HELP = {
    "operator_limit": "most that all chargers may draw together, to be changed at any time",
    "downgrade": "by so much the operator limit falls while the downgrade contact is closed",
    "profile": "most that all chargers may draw together, by the hour of the day; the lowest without a clock",
    "profile_zone": "its hours: utc, or local as clock.zone has it",
    "probe_current": "a new session begins with this for one minute, where several share; 0 = not",
    "imbalance_at": "phases may not differ: those of the chargers, or those of the meter",
    "mode": "how sockets share",
    "fifo_percent": "part served in order of arrival, combined mode",
    "turn_period": "length of a turn when not all minimums fit",
    "imbalance": "most that phases may differ, 0 = off",
    "step": "offers move in steps of this",
}
NEEDS = {
    "downgrade": "a contact with the function downgrade",
    "probe_current": "several sockets, sharing.mode = equal",
    "profile_zone": "sharing.profile",
    "imbalance_at": "sharing.imbalance",
    "fifo_percent": "sharing.mode = combined",
    "turn_period": "several sockets",
}
