"""The control loop: samples in, decisions taken, outputs set; and the watchdog fed while it lives."""

import os

from fairamp import commands
from fairamp.charging.pilot import STEADY
from fairamp.units import elapsed, later
from fairamp_box.status_light import StatusLight

STEP_MS = 20
BALANCE_MS = 200
# So long a decision and its step take on a small chip: what comes nearer to the next tick waits for it.
ACT_MS = 8
# What hardly changes is looked at so often.
CLOCK_MS = 1000
# So many steps in a row may fail for want of memory before the outputs are made safe: the contactor is open in 100 ms.
MOST_FAILED = 3
# That memory is short is told so often at most.
SHORT_MS = 60000
SHORT = "too little memory is free: offers fall to the safe current; restart the box, or switch off what takes memory"


class Control:
    """`heap`: what collects the garbage between two ticks; None = somebody else does.

    `keeper`: writes between two ticks, None = nothing is kept. `leave(words)`: called before a restart.
    `supervisor`: the watchdog is fed while it watches.

    Want of memory never ends it: what cannot be decided falls to what is safe, and the next tick tries again.
    """

    def __init__(self, board, box, clock, log, heap=None, keeper=None, leave=None, supervisor=None):
        self._board = board
        self._box = box
        self._clock = clock
        self._log = log
        self._heap = heap
        self._keeper = keeper
        self._leave = leave
        self._supervisor = supervisor
        self._watched = True  # by the supervisor, at the last look
        self._duty = None
        self._contactor = None
        self._three = None
        self._lock = None
        self._trip = None
        self._light = StatusLight(board, box, log)
        self.errands: list = []  # what shall be done once right after a tick, as it delays the next one
        self._told = 0
        self._failed = 0  # steps in a row, for want of memory
        self._short: "int | None" = None  # when that was told last; None = never
        self._balanced = self._looked = self._told_time = clock.now()  # when that was, the last time
        self._due = clock.now()  # the next tick
        self._waits = False  # a new reading, for that tick
        levels = box.point.pilot_line.levels
        levels.calibrate(board.pilot_span_mv)
        border, bottom, top = levels.charging()
        board.watch_contactor(border, bottom, top)

    async def run(self) -> None:
        clock = self._clock
        self._look()
        self._tell_time()
        while True:
            now = clock.now()
            self._step(now)
            if self._watched:
                self._board.feed_watchdog()
            self._light.show(now)
            # Not before the tick: what takes longer would make it late.
            if self._waits:
                self._act(now)
            elif elapsed(now, self._balanced) >= BALANCE_MS:
                self._balance(now)
            if elapsed(now, self._looked) >= BALANCE_MS:
                self._see_to_the_rest(now)
            tidied = self._heap.tidy(now) if self._heap else False
            if not tidied:
                self._do_rest(now)
            self._due = later(now, STEP_MS)
            await clock.sleep(max(1, STEP_MS - elapsed(clock.now(), now)))

    def _do_rest(self, now):
        """One thing at a time of what would have made a tick late."""
        if self.errands and (self._heap is None or self._heap.quiet()):
            self.errands.pop(0)()
        elif self._keeper:
            self._keeper.step(now, self._heap)

    def act(self) -> None:
        """There is a new reading of the house: it is acted on at once, unless that would make the next tick late."""
        now = self._clock.now()
        self._waits = 0 < elapsed(self._due, now) < ACT_MS
        if not self._waits:
            self._act(now)

    def _act(self, now):
        self._waits = False
        self._balance(now)
        self._step(now)

    def _balance(self, now):
        self._balanced = now
        try:
            self._box.balance(now)
        except MemoryError:
            self._box.fall_to_safe(now)
            self._tell_short(now)

    def _see_to_the_rest(self, now):
        self._looked = now
        if self._supervisor:
            self._watched = self._supervisor.watches(now)
        try:
            self._look()
            self._light.look(now)
            self._tell()
            self._restart_if_asked()
        except MemoryError:
            self._tell_short(now)

    def _step(self, now):
        try:
            self._decide(now)
            self._failed = 0
        except MemoryError:
            self._failed += 1
            if self._failed >= MOST_FAILED:
                self.make_safe()
                self._box.point.fell()
            self._tell_short(now)

    def _tell_short(self, now):
        if self._short is None or elapsed(now, self._short) >= SHORT_MS:
            self._short = now
            self._log("control", SHORT)

    def _decide(self, now):
        board, box = self._board, self._box
        inputs, point = box.inputs, box.point
        if board.contactor_fell():
            self._contactor = False
            point.fell()
            self._log("charge point", "contactor opened at once: the pilot line left C")
        inputs.count = board.read_pilot(inputs.codes)
        commands.contacts(box, board.enable_closed(), board.shed_closed())
        inputs.leakage = board.leakage()
        box.step(now)
        self._apply(point.duty, point.contactor)
        self._apply_slow(point)

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
        if elapsed(self._looked, self._told_time) >= CLOCK_MS:
            self._tell_time()

    def _tell_time(self):
        self._told_time = self._looked
        self._box.look_at_clock(self._looked, self._clock.utc())
        self._box.inputs.chance = int.from_bytes(os.urandom(3), "big")

    def _restart_if_asked(self):
        """Restarts the chip once nothing flows: whoever asks for it takes the offer away."""
        box = self._box
        if box.restart_for and not box.point.contactor and not box.point.offer_ma:
            words = "as asked by " + box.restart_for
            self._log("app", "restarts, " + words)
            box.restart_for = ""
            if self._leave:
                self._leave(words)
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

    def _tell(self):
        """New transitions of the charge point, for the log."""
        point = self._box.point
        fresh = min(point.changes - self._told, len(point.transitions))
        self._told = point.changes
        for _, before, after, reason in point.transitions[len(point.transitions) - fresh :] if fresh else ():
            texts = point.guard.faults.texts()
            what = ": " + texts[0] if texts else ""
            if self._box.wrong_settings:
                # A fault may come of them: safe mode says what to write, and a second cure would contradict it.
                what = what.partition(";")[0]
            self._log("charge point", before + " -> " + after + ", " + reason + what)
