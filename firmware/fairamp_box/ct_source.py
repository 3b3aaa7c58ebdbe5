"""The clamps as a source of readings: waits for a window of samples and makes currents of it."""

from fairamp.ct import SLICE, WINDOW, Clamps, Zero
from fairamp.meters.sieve import Silent
from fairamp.units import elapsed

POLL_MS = 10
# The slowest board takes its phases in turn: 600 ms for three of them, more when something held it up.
WAIT_MS = 3000
ZERO_WINDOWS = 25


class CtSource:
    """`count` clamps from L1 on, of a `kind` in fairamp.ct.CLAMPS; `trim` in 0.1 % and `floor_ma` per phase."""

    def __init__(self, board, clock, count, kind, burden_mohm, trim, floor_ma):
        if count > board.cts:
            raise ValueError(str(count) + " clamps, but " + board.name + " has inputs for " + str(board.cts))
        self._board = board
        self._clock = clock
        self._clamps = Clamps(count, kind, burden_mohm, board.ct_span_mv, board.ct_ends, trim, floor_ma)
        self.most_ma = self._clamps.most_ma
        board.start_ct(count, clock.now)

    async def read(self, draft) -> None:
        """Fills the draft with the currents of the next window, or raises a Doubt."""
        await self._look(await self._window(), self._clamps.take)
        self._clamps.fill(draft)

    async def calibrate(self):
        """The noise floor of each phase in mA, to be kept; Flowing while a clamp sees a current."""
        zero = Zero(self._clamps)
        for _ in range(ZERO_WINDOWS):
            codes = await self._window()
            await self._look(codes, self._clamps.take)
            await self._look(codes, zero.take)
        floors = zero.floor_ma()
        self._clamps.subtract(floors)
        return floors

    async def _window(self):
        begun = self._clock.now()
        while True:
            codes = self._board.ct_window()
            if codes is not None:
                return codes
            if elapsed(self._clock.now(), begun) >= WAIT_MS:
                raise Silent("the converter gave no samples of the clamps in " + str(WAIT_MS // 1000) + " s; restart")
            await self._clock.sleep(POLL_MS)

    async def _look(self, codes, take):
        """In slices, with a pause for the other tasks after each."""
        for phase in range(self._clamps.count):
            for start in range(0, WINDOW, SLICE):
                take(phase, codes, start, SLICE)
                await self._clock.sleep(0)
