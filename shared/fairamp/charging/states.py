"""The states of a charge point, and every way from one to another with its reason."""

A, B1, B2, C1, C2, D1, D2, E, F = STATES = ("A", "B1", "B2", "C1", "C2", "D1", "D2", "E", "F")

# From the state of each line to that of each column, both in the order above; a dot where there is no way.
_CHANGES = (
    #  A B1 B2 C1 C2 D1 D2 E F
    ". p p i . i . l f "  # A
    "u . o a a v v l f "  # B1
    "u w . g a g v l f "  # B2
    "u e e . o v v l f "  # C1
    "u e e w . v v l f "  # C2
    "u e e c c . o l f "  # D1
    "u e e c c w . l f "  # D2
    "u . . . . . . . f "  # E
    "x x . x . x . l . "  # F
)
_REASONS = {
    "p": "car plugged in",
    "i": "car plugged in, asks at once",
    "u": "car unplugged",
    "o": "offer signalled",
    "w": "offer withdrawn",
    "a": "car asks for energy",
    "g": "car asks as the offer goes",
    "e": "car ends",
    "v": "car asks for ventilation",
    "c": "car needs no ventilation",
    "l": "pilot line fails",
    "f": "fault",
    "x": "fault over",
}


def reason(before: str, after: str) -> str:
    """Why it goes from one state to another; KeyError when there is no such way."""
    return _REASONS[_CHANGES[2 * (len(STATES) * STATES.index(before) + STATES.index(after))]]
