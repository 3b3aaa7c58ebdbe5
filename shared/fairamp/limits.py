"""Named limits of one charge point. Each has an owner; the lowest wins, and its name is the reason.

All but one are its own: the lowest of them is what it tells the coordinator, whose grant then bounds the offer.
"""

from fairamp.pilot import LEAST_MA

(HARDWARE, GRID, USER, CABLE, SIMPLE_PILOT, TEMPERATURE, EMS, SHEDDING, SCHEDULE, ENABLE, CHECK, BALANCE) = range(12)

# How register 36 of a TeltoCharge numbers them, which knows fewer.
CAUSES = (0, 1, 2, 3, 4, 7, 6, 1, 1, 2, 6, 6)

NO_LIMIT = 1000000


class Limits:
    """What each owner allows, in mA; 0 means no charging."""

    def __init__(self):
        self._ma = [NO_LIMIT] * BALANCE  # of each of the own ones
        self._lowest: "int | None" = None  # the owner of the lowest of these; None = to be found anew
        self._granted_ma = 0  # nothing, until somebody has looked at the house

    def set(self, owner: int, ma: int) -> None:
        """One of its own."""
        if self._ma[owner] != ma:
            self._ma[owner] = ma
            self._lowest = None

    def grant(self, ma: int) -> None:
        """What the coordinator gives."""
        self._granted_ma = ma

    def get(self, owner: int) -> int:
        return self._granted_ma if owner == BALANCE else self._ma[owner]

    def own_ma(self) -> int:
        """The lowest of its own."""
        return self._ma[self._own()]

    def cause(self) -> int:
        """The owner of the lowest limit; of equal ones an own one, and the first."""
        own = self._own()
        return BALANCE if self._granted_ma < self._ma[own] else own

    def offer(self) -> int:
        """What the pilot may signal: the lowest limit, or 0 when it is below what a pilot can say."""
        lowest = min(self._granted_ma, self._ma[self._own()])
        return lowest if lowest >= LEAST_MA else 0

    def _own(self):
        if self._lowest is None:
            best = 0
            for owner in range(1, len(self._ma)):
                if self._ma[owner] < self._ma[best]:
                    best = owner
            self._lowest = best
        return self._lowest
