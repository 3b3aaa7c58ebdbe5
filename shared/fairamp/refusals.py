"""Why something that was asked for is not done: a number for programs, and words for people."""

(
    DONE,
    NOT_ALLOWED,
    NO_CARD,
    NOT_WIRED,
    NO_RELAY,
    NOT_SWITCHED,
    TOO_SOON,
    GIVEN_UP,
    UNDER_WAY,
    CHECK_RUNS,
    NO_MEMORY,
    NOTHING_SHED,
    SAFE_MODE,
    NO_REGISTER,
    NO_VALUE,
    READ_ONLY,
) = range(16)

WORDS = (
    "",
    "the setting [ems] allow_start_stop is off",
    "the card has no number",
    "not wired for these phases",
    "no relay for phases",
    "the setting [charger] phase_switch is off",
    "too soon after the last change",
    "given up after failed changes; unplug the car to try again",
    "a change is under way",
    "a check is running already: GET /api/check tells how far it is",
    "too little memory is free for a check; restart the box and ask again",
    "no load is shed, or its contact is still closed",
    "the settings are wrong: mend them first, see wrong_settings in /api/status",
    "it does not exist, or cannot be written",
    "not one of its values",
    "the setting [ems] read_only is on",
)
