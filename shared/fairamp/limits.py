"""Named limits of one charge point. Each has an owner; the lowest wins, and its name is the reason.

The list is open: what is not part of every charge point adds its own.
"""

from fairamp.pilot import LEAST_MA

(HARDWARE, GRID, USER, CABLE, SIMPLE_PILOT, BALANCE, TEMPERATURE, EMS, SHEDDING, ENABLE) = range(10)

# Name for people, and cause as register 36 of a TeltoCharge numbers it, which knows fewer.
OWNERS = (
    ("hardware", 0),
    ("maximum from the grid", 1),
    ("user setting", 2),
    ("cable", 3),
    ("simplified pilot", 4),
    ("load balance", 6),
    ("temperature", 7),
    ("energy management", 6),
    ("load shedding", 1),
    ("enable input", 2),
)
# What the others are called there.
CAUSE_OF_OTHERS = 6

NO_LIMIT = 1000000


class Limits:
    """What each owner allows, in mA; 0 means no charging."""

    def __init__(self):
        self._others = []  # names of the owners beyond OWNERS
        self._ma = [NO_LIMIT] * len(OWNERS)
        self._ma[BALANCE] = 0  # until somebody has looked at the house
        self._lowest: "int | None" = BALANCE  # the owner of what binds; None = to be found anew

    def add(self, name: str) -> int:
        """One more owner; its number."""
        if name not in self._others:
            self._others.append(name)
            self._ma.append(NO_LIMIT)
        return len(OWNERS) + self._others.index(name)

    def set(self, owner: int, ma: int) -> None:
        if self._ma[owner] != ma:
            self._ma[owner] = ma
            self._lowest = None

    def get(self, owner: int) -> int:
        return self._ma[owner]

    def cause(self) -> int:
        """The owner of the lowest limit; of equal ones the first."""
        if self._lowest is None:
            best = 0
            for owner in range(1, len(self._ma)):
                if self._ma[owner] < self._ma[best]:
                    best = owner
            self._lowest = best
        return self._lowest

    def without(self, owner: int) -> int:
        """The lowest of all others."""
        lowest = NO_LIMIT
        for other in range(len(self._ma)):
            if other != owner and self._ma[other] < lowest:
                lowest = self._ma[other]
        return lowest

    def name(self) -> str:
        """What binds, in words."""
        owner = self.cause()
        return OWNERS[owner][0] if owner < len(OWNERS) else self._others[owner - len(OWNERS)]

    def code(self) -> int:
        """What binds, as register 36 numbers it."""
        owner = self.cause()
        return OWNERS[owner][1] if owner < len(OWNERS) else CAUSE_OF_OTHERS

    def offer(self) -> int:
        """What the pilot may signal: the lowest limit, or 0 when it is below what a pilot can say."""
        lowest = self._ma[self.cause()]
        return lowest if lowest >= LEAST_MA else 0
