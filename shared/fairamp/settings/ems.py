"""Energy managers: what they may do, and what holds while they are silent."""

from fairamp.settings.kinds import FLAG, LIVE, NUMBER, OWNER, RESTART, A

ROWS: tuple = (
    ("ems.required", OWNER, RESTART, FLAG, False),
    ("ems.safe_current", OWNER, RESTART, NUMBER, 6, "A", 0, 80, A, 6),
    ("ems.allow_start_stop", OWNER, LIVE, FLAG, True),
)
HELP = {
    "required": "failsafe holds until an energy manager has come",
    "safe_current": "failsafe while an energy manager is silent; 0 pauses",
    "allow_start_stop": "energy managers may start and stop a session",
}
