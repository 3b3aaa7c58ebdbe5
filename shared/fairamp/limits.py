"""Named limits of one charge point. Each has an owner; the lowest wins, and its name is the reason."""

HARDWARE = 0
USER = 1
BALANCE = 2
EMS = 3

NAMES = ("hardware", "user setting", "load balance", "energy management")

LEAST_MA = 6000
NO_LIMIT = 1000000


class Limits:
    """What each owner allows, in mA; 0 means no charging."""

    def __init__(self):
        self._ma = [NO_LIMIT] * len(NAMES)

    def set(self, owner: int, ma: int) -> None:
        self._ma[owner] = ma

    def get(self, owner: int) -> int:
        return self._ma[owner]

    def cause(self) -> int:
        """The owner of the lowest limit; of equal ones the first."""
        best = 0
        for owner in range(1, len(NAMES)):
            if self._ma[owner] < self._ma[best]:
                best = owner
        return best

    def offer(self) -> int:
        """What the pilot may signal: the lowest limit, or 0 when it is below what a pilot can say."""
        lowest = self._ma[self.cause()]
        return lowest if lowest >= LEAST_MA else 0
