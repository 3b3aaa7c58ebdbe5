"""Named limits of one charge point. Each has an owner; the lowest wins, and its name is the reason.

The list is open: what is not part of every charge point adds its own. The lowest of all but one is what a charge point
tells the coordinator, whose grant is that one.
"""

from fairamp.charging.pilot import LEAST_MA

(HARDWARE, GRID, USER, CABLE, SIMPLE_PILOT, TEMPERATURE, EMS, SHEDDING, ENABLE, BALANCE) = range(10)

# How register 36 of a TeltoCharge numbers them, which knows fewer; and all that were added.
CAUSES = (0, 1, 2, 3, 4, 7, 6, 1, 2, 6)
CAUSE_OF_ADDED = 6

NO_LIMIT = 1000000


class Limits:
    """What each owner allows, in mA; 0 means no charging."""

    def __init__(self):
        self.added: list = []  # names of the owners beyond those above
        # Of each owner. Nothing is granted until somebody has looked at the house.
        self._ma = [NO_LIMIT] * BALANCE + [0]
        self.least_ma = LEAST_MA  # less is not offered: the charger's own minimum
        self.vacant = False  # what is granted is to be shown only: a car has to be shared with before it has it
        self._lowest: "int | None" = None  # the owner of the lowest but the grant; None = to be found anew

    def add(self, name: str) -> int:
        """One more owner; its number."""
        if name not in self.added:
            self.added.append(name)
            self._ma.append(NO_LIMIT)
        return len(CAUSES) + self.added.index(name)

    def set(self, owner: int, ma: int) -> None:
        """One of its own."""
        if self._ma[owner] != ma:
            self._ma[owner] = ma
            self._lowest = None

    def grant(self, ma: int, vacant: bool = False) -> None:
        """What the coordinator gives; `vacant`: to nobody, it is what a car would have."""
        self._ma[BALANCE] = ma
        self.vacant = vacant

    def get(self, owner: int) -> int:
        return self._ma[owner]

    def own_ma(self) -> int:
        """The lowest of its own."""
        return self._ma[self._own()]

    def cause(self) -> int:
        """The owner of the lowest limit; of equal ones an own one, and the first."""
        own = self._own()
        return BALANCE if self._ma[BALANCE] < self._ma[own] else own

    def code(self) -> int:
        """The owner of the lowest limit, as register 36 numbers it."""
        owner = self.cause()
        return CAUSES[owner] if owner < len(CAUSES) else CAUSE_OF_ADDED

    def offer(self) -> int:
        """What the pilot may signal: the lowest limit, or 0 when it is below the least that may be."""
        lowest = self._ma[self.cause()]
        return lowest if lowest >= self.least_ma else 0

    def _own(self):
        if self._lowest is None:
            best = 0
            for owner in range(1, len(self._ma)):
                if owner != BALANCE and self._ma[owner] < self._ma[best]:
                    best = owner
            self._lowest = best
        return self._lowest
