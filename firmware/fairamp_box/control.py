"""The control loop: samples in, decisions taken, outputs set; and the watchdog fed while it lives."""

from fairamp.pilot import STEADY
from fairamp.units import elapsed

STEP_MS = 20
BALANCE_MS = 200
SAMPLES = 128


class Control:
    def __init__(self, board, box, clock):
        self._board = board
        self._box = box
        self._clock = clock
        self._samples = [0] * SAMPLES
        self._duty = None
        self._contactor = None

    async def run(self) -> None:
        balanced = self._clock.now()
        while True:
            now = self._clock.now()
            if elapsed(now, balanced) >= BALANCE_MS:
                balanced = now
                self._box.balance(now)
            count = self._board.read_pilot(self._samples)
            self._box.point.step(now, self._samples, count)
            self._apply(self._box.point.duty, self._box.point.contactor)
            self._board.feed_watchdog()
            await self._clock.sleep(STEP_MS)

    def make_safe(self) -> None:
        """No offer, contactor open: how the box is left when the tasks end."""
        self._apply(STEADY, False)

    def _apply(self, duty, contactor):
        if contactor != self._contactor:
            self._board.set_contactor(contactor)
            self._board.set_light(contactor)
            self._contactor = contactor
        if duty != self._duty:
            self._board.set_pilot(duty)
            self._duty = duty
