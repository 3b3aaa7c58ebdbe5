"""Two clamps on one phase: the first around the cable to the house, the second around that of a solar inverter.

The house only takes, and the inverter only gives: so their waves go together, whichever way the clamps look, and what
is left of one without the other comes from the grid, or goes there. An inverter with a battery behind it takes as well:
once the waves go against each other instead, nothing can be told.
"""

from fairamp.meters.clamps import WINDOW, products, root
from fairamp.meters.sieve import Doubt

# Below this, in squares over a window, the sun is not up: about 0.1 A.
DARK = WINDOW
# From here on it is no stray current of an inverter that sleeps.
SURE_MA = 2000


class Takes(Doubt):
    kind = "inverter takes current"


class Solar:
    """Give it every window that `clamps` has taken, both phases of it."""

    def __init__(self, clamps, trim, voltage: int):
        self._clamps = clamps
        self._trim = (1000 + trim[0], 1000 + trim[1])
        self._voltage = voltage
        self._shared = 0
        self._together = 0  # 1 or -1: how the clamps look at each other, as it was seen first

    def take(self, codes, start: int, count: int) -> None:
        """Looks at some samples of both clamps."""
        if start == 0:
            self._shared = 0
        self._shared += products(codes, start, count, WINDOW)

    def fill(self, draft) -> None:
        """What the connection of the house carries; the power has the sign."""
        clamps = self._clamps
        draft.phases = 1
        draft.resolution_ma = clamps.resolution_ma
        ma, exports = self._grid()
        watts = ma * self._voltage // 1000
        draft.current_ma[0] = ma
        draft.power_w[0] = -watts if exports else watts

    def _grid(self):
        """(mA, does it flow out?)"""
        clamps = self._clamps
        house, sun = clamps.squares[0], clamps.squares[1]
        first, second = clamps.means[0], clamps.means[1]
        rests = clamps.rests
        shared = self._shared - WINDOW * first * second - first * rests[1] - second * rests[0]
        shared -= rests[0] * rests[1] // WINDOW
        self._check(shared, house, sun)
        shared = abs(shared)
        one, other = self._trim
        noise = clamps.floor[0], clamps.floor[1]
        if one != other:
            # In codes of the first clamp.
            sun = sun * other // one * other // one
            shared = shared * other // one
        sun -= noise[1]
        if sun <= 4 * noise[1] + DARK:
            return clamps.rms_ma(0, house - noise[0]), False
        if house < sun and shared < sun:
            # Of what flows out, the part that a car on the same phase can use.
            spare = (sun - shared) // root(sun)
            return clamps.rms_ma(0, spare * spare), True
        return clamps.rms_ma(0, house - noise[0] + sun - 2 * shared), False

    def _check(self, shared, house, sun):
        """Takes, when the waves go the other way than they did first."""
        clamps = self._clamps
        if min(clamps.rms_ma(0, house), clamps.rms_ma(1, sun)) < SURE_MA or 2 * abs(shared) < root(house) * root(sun):
            return
        together = 1 if shared > 0 else -1
        if self._together not in (0, together):
            raise Takes("with a battery behind the inverter, two clamps cannot tell the grid; use a meter")
        self._together = together
