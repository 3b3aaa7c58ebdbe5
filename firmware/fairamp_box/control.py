"""The control loop: samples in, decisions taken, outputs set; and the watchdog fed while it lives."""

import os

from fairamp.pilot import STEADY
from fairamp.units import elapsed

STEP_MS = 20
BALANCE_MS = 200


class Control:
    def __init__(self, board, box, clock, log):
        self._board = board
        self._box = box
        self._clock = clock
        self._log = log
        self._duty = None
        self._contactor = None
        self._three = None
        self._lock = None
        self._trip = None
        self._light = None
        self._told = 0

    async def run(self) -> None:
        balanced = self._clock.now()
        self._look()
        while True:
            now = self._clock.now()
            if elapsed(now, balanced) >= BALANCE_MS:
                balanced = now
                self._look()
                self._box.balance(now)
                self._tell()
                self._restart_if_asked()
            inputs = self._box.inputs
            inputs.count = self._board.read_pilot(inputs.samples)
            inputs.enable_closed = self._board.enable_closed()
            inputs.shed_closed = self._board.shed_closed()
            inputs.leakage = self._board.leakage()
            self._box.step(now)
            point = self._box.point
            self._apply(point.duty, point.contactor)
            self._apply_slow(point)
            self._board.feed_watchdog()
            await self._clock.sleep(max(1, STEP_MS - elapsed(self._clock.now(), now)))

    def make_safe(self) -> None:
        """No offer, contactor open: how the box is left when the tasks end, whatever was done before."""
        self._contactor = self._duty = None
        self._apply(STEADY, False)

    def _look(self):
        """What does not change in the blink of an eye."""
        board, inputs = self._board, self._box.inputs
        inputs.proximity_ohm = board.proximity_ohm()
        inputs.temperature_dc = board.temperature_dc()
        inputs.leakage_test_failed = board.leakage_error()
        inputs.output_live = board.output_live()
        inputs.locked = board.locked()
        inputs.chance = int.from_bytes(os.urandom(3), "big")
        self._box.utc = self._clock.utc()

    def _restart_if_asked(self):
        """Restarts the chip once nothing flows: the offer is withdrawn first, as for any other stop."""
        box = self._box
        if not box.reboot:
            return
        box.point.session.stop()
        if not box.point.contactor:
            self._log("app", "restarts, as was asked over Modbus")
            box.reboot = False
            self._board.reset()

    def _apply(self, duty, contactor):
        if contactor != self._contactor:
            self._contactor = contactor
            self._board.set_contactor(contactor)
        if duty != self._duty:
            self._duty = duty
            self._board.set_pilot(duty)

    def _apply_slow(self, point):
        # After a reset the contactor may just have opened: the relay waits until all rests.
        if point.started and point.phases.three != self._three:
            self._three = point.phases.three
            self._board.set_phase_relay(self._three)
        if point.lock != self._lock:
            self._lock = point.lock
            self._board.set_lock(self._lock)
        if point.guard.trip != self._trip:
            self._trip = point.guard.trip
            self._board.set_trip(self._trip)
        if point.contactor != self._light:
            self._light = point.contactor
            self._board.set_light(self._light)

    def _tell(self):
        """New transitions of the charge point, for the log."""
        point = self._box.point
        fresh = min(point.changes - self._told, len(point.transitions))
        self._told = point.changes
        for _, before, after, reason in point.transitions[len(point.transitions) - fresh :] if fresh else ():
            texts = point.guard.faults.texts()
            self._log("charge point", before + " -> " + after + ", " + reason + (": " + texts[0] if texts else ""))
