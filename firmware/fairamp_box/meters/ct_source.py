"""The clamps as a source of readings: waits for a window of samples and makes currents of it."""

from fairamp.meters.clamps import SLICE, WINDOW, Clamps, Zero
from fairamp.meters.sieve import Silent
from fairamp.units import elapsed

POLL_MS = 10
# The slowest board takes its phases in turn: 600 ms for three of them, more when something held it up.
WAIT_MS = 3000
ZERO_WINDOWS = 25


class CtSource:
    """As the settings have them: so many clamps from L1 on, ratio, burden, trim, and the noise that is no current.

    For the sun there are two on one phase.
    """

    def __init__(self, board, settings, clock):
        count = settings["ct.clamps"]
        self._board = board
        self._clock = clock
        self._clamps = Clamps(
            count,
            settings["ct.ratio"],
            settings["ct.burden"],
            board.ct_span_mv,
            board.ct_ends,
            settings["ct.trim"],
            settings["ct.floor"],
        )
        self.rhythm_ms = 200 * count  # from window to window, at most
        self.hints: list = []
        self._solar = None
        self._silent = "the converter gave no samples of the clamps; restart the box"
        fuse_ma, most_ma = max(settings["site.fuse"][:count]), self._clamps.most_ma
        if fuse_ma > most_ma:
            text = "they show " + str(most_ma // 1000) + " A at most, and the main fuse has " + str(fuse_ma // 1000)
            self.hints.append(text + " A: use a smaller burden, or clamps for more")
        if count > board.cts:
            self._silent = board.name + " has inputs for " + str(board.cts) + " clamps only"
            return
        if settings["ct.solar"]:
            if not board.ct_together:
                self._silent = board.name + " cannot compare two clamps at the same moment; use a meter for the sun"
                return
            from fairamp.meters.clamps_solar import Solar

            self._solar = Solar(self._clamps, settings["ct.trim"], settings["site.voltage"])
        board.start_ct(count, clock.now)

    def where(self) -> str:
        return "clamps"

    async def read(self, draft) -> None:
        """Fills the draft with the currents of the next window, or raises a Doubt."""
        codes = await self._window()
        await self._look(codes, self._clamps.take)
        if not self._solar:
            self._clamps.fill(draft)
            return
        for start in range(0, WINDOW, SLICE):
            self._solar.take(codes, start, SLICE)
            await self._clock.sleep(0)
        self._solar.fill(draft)

    async def calibrate(self):
        """The noise of each phase in mA, for ct.floor, and used from now on; Flowing while a clamp sees a current."""
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
                raise Silent(self._silent)
            await self._clock.sleep(POLL_MS)

    async def _look(self, codes, take):
        """In slices, with a pause for the other tasks after each."""
        for phase in range(self._clamps.count):
            for start in range(0, WINDOW, SLICE):
                take(phase, codes, start, SLICE)
                await self._clock.sleep(0)
