"""What holds an offer where it is, in words, for whoever shows it. A box that shows nothing does not load this."""

from fairamp.cause import of_box, of_point
from fairamp.charging.faults import FAULTS
from fairamp.reasons import FALLBACK, FAULT, METER_LOST, NO_READING, PROBING, TURN_OF

# By the numbers of the reasons: first the limits, by their owners ...
WORDS = (
    "hardware",
    "maximum from the grid",
    "user setting",
    "cable",
    "simplified pilot",
    "temperature",
    "energy management",
    "load shedding",
    "enable input",
    "load balance",
    # ... then what the charge point has to say ...
    "%s",
    "waiting after a fault",
    "no ventilation here",
    "stopped by the user",
    "start is delayed",
    "waiting for permission",
    "phases are changed: %s",
    "the car has finished",
    # ... and what comes with a grant.
    "waiting for the first meter reading",
    "load balance",
    "no network: keeps its safe current",
    "suspended by a contact, goes on by itself afterwards",
    "meter lost, safe current",
    "waiting: turn of %s for %d min",
    "waiting for power",
    "probing what the car needs",
    "rising again, slowly",
    "waiting until others have reduced",
    "the car draws no more",
    # Others that hold it.
    "%s",
    # What bounds all chargers together.
    "profile of the day",
    "operator limit",
    "operator limit, downgraded by a contact",
    "feeder of the chargers",
    "phases must not differ more",
    "meter lost, load to expect",
    "energy management of all chargers",
    "energy manager silent, failsafe current",
    "less for a moment: does the house meter show it?",
    "waiting until an energy manager sets a current",
)
# The state of the house meter, as `coordinator.meter` numbers it.
METER = (
    "no meter reading yet",
    "live",
    "meter lost",
    "meter lost for more than 2 minutes",
    "no house meter: the fuse is for the chargers alone",
)
# Instead of the last one, where the settings leave it to him.
MANAGED = "no house meter: an energy manager says what there is"
MOST_NAMED = 4


def text(reason: int, values=()) -> str:
    """One reason, with the values that belong to it."""
    if reason == PROBING and values:
        return "waiting: the car at " + str(values[0]) + " is probed for a minute"
    if reason == TURN_OF:
        values = (_named(values[0]), values[1])
    elif reason == FAULT:
        said = FAULTS[values[0]][2]
        if len(values) > 1:
            said += ": " + str(values[2] // 100 / 10) + " A, and " + str(values[1] // 100 / 10) + " A were allowed"
        values = (said,)
    return WORDS[reason] % values if values else WORDS[reason]


def granted(grant) -> str:
    """Why a socket gets what it gets."""
    return text(grant.reason, grant.values)


def point(of) -> str:
    """What a charge point alone knows of it."""
    return text(*of_point(of))


def meter(box) -> str:
    """How the house meter does."""
    return MANAGED if box.managers.alone else METER[box.coordinator.meter]


def why(box) -> str:
    """What holds the offer of a box where it is."""
    reason, values = of_box(box)
    words = text(reason, values)
    if reason == NO_READING:
        return words + ": " + _silent(box)
    lost = box.coordinator.grid.stale or box.own.stale
    if lost and reason not in (METER_LOST, FALLBACK):
        return words + "; " + WORDS[METER_LOST]
    return words


def _silent(box) -> str:
    """The meters that have never told anything."""
    if box.own.number:
        return "house meter"
    return "charger meter" if box.coordinator.grid.number or box.coordinator.unread else "house meter and charger meter"


def _named(ids) -> str:
    """Sockets by their numbers, or how many they are."""
    if len(ids) > MOST_NAMED:
        return str(len(ids)) + " others"
    texts = [str(id) for id in ids]
    return ", ".join(texts[:-1]) + " and " + texts[-1] if len(texts) > 1 else texts[0]
