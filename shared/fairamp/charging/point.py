"""One charge point after IEC 61851-1 mode 3: what the car says, and what the box answers.

`step()` is called every 20 ms with what was measured. It decides duty, contactor, relay and lock, and leaves no
garbage behind while nothing changes.
"""

from array import array

from fairamp.charging import limits, pilot
from fairamp.charging.faults import UNSTEADY, WELDED
from fairamp.charging.guard import Guard
from fairamp.charging.limits import Limits
from fairamp.charging.phases import NO_CURRENT_MA, PhaseSwitch, UsedPhases
from fairamp.charging.pilot_line import PilotLine
from fairamp.charging.session import Session
from fairamp.charging.states import B1, B2, C1, C2, D1, D2, A, E, F, reason
from fairamp.charging.wakeup import WakeUp
from fairamp.units import Held, elapsed

# Times in ms; those of the standard with its sequence numbers.
WITHDRAWN_MS = 6000  # a car has 3 s to stop (10.1); opened under load only after 6 s (10.2)
RAISE_MS = 5000  # a car has 5 s to follow a duty
UNAVAILABLE_MS = 4000  # F is signalled for so long; then a steady +12 V, to see when the car goes
REST_MS = 2500  # the contactor stays open for so long, however fast a car changes its mind
START_MS = 2000  # after a reset, until relays rest
SIMPLE_MS = 4000  # wants energy from the first moment and for so long: a simplified pilot
SIMPLE_MA = 10000
KEPT_TRANSITIONS = 20

LOCK_AUTO, LOCK_ALWAYS, LOCK_RELEASED = 0, 1, 2


class Inputs:
    """What is measured and switched at one charge point; None = the box has no such part."""

    def __init__(self):
        self.codes = array("H", [0] * 128)  # of the converter on the pilot line
        self.count = 0  # how many of them are good
        self.draw_ma = [0, 0, 0]  # per terminal
        self.voltage_mv = [0, 0, 0]  # per terminal, in front of the contactor
        self.power_w = 0  # of all terminals; never negative
        self.measured = False  # are draw, voltage and power known and fresh?
        self.enable_closed = True  # as the settings understand the contacts: it may charge ...
        self.shed_closed = False  # ... and has to shed load
        self.proximity_ohm = None  # the resistor in the plug of the cable
        self.temperature_dc = None  # 0.1 degrees
        self.leakage = False  # what the sensor says
        self.leakage_test_failed = False  # and whether it is well
        self.output_live = None  # voltage behind the contactor?
        self.locked = None  # does the contact of the socket lock say so?
        self.reading = 0  # number of the reading that draw, voltage and power are from
        self.read_at = 0  # when it was taken
        self.chance = 0  # any number, for the random delay


class ChargePoint:
    """Decides `duty`, `contactor`, `phases.three` and `lock`; all else is there to be looked at."""

    def __init__(self, settings, phase_relay: bool = False):
        self._settings = settings
        self.limits = Limits()
        self.pilot_line = PilotLine()
        self.guard = Guard(settings)
        self.limits.set(limits.GRID, min(settings["site.fuse"]))
        self.settle(settings)
        self.session = Session(settings["charger.start"], settings["charger.start_delay"] // 1000)
        self.phases = PhaseSwitch(phase_relay, settings["charger.phase_switch"])
        self.used = UsedPhases()
        self.wakeup = WakeUp(settings["charger.wake"])
        self.state = A  # one of `states`; what `_state` said at the last step
        self.offer_ma = 0  # signalled: 0, or from 6 A up; down at once, up at most every 5 s
        self.duty = pilot.STEADY  # 0.01 %; STEADY = +12 V, NOT_AVAILABLE = -12 V
        self.contactor = False  # is it to be closed?
        self.lock = False  # is the socket to be locked?
        self.lock_mode = LOCK_AUTO  # one of the three above; released ends with the car
        self.simple = False  # the car wanted energy from the first moment: it cannot be told how much
        self.fresh = False  # do the inputs hold a reading that was not there before?
        self.transitions: list = []  # the latest, as (moment, from, to, reason)
        self.changes = 0  # how many there were
        self._before = 0  # moment of the last step
        self.started = False  # relays rest since the reset; nothing is offered before, and it stays True
        self._running = Held()  # since the first step
        self._reading = 0  # number of the reading at the last step
        self._was_free = False  # was there a moment without a car, since the start?
        self._at_once = False  # asked for energy from the first moment
        self._asking = Held()  # how long `_at_once` holds
        self._raised = None  # moment of the last raise; None = none for this car, so that it may rise at once
        self._withdrawn = Held()  # the contactor is still closed without an offer
        self._rest = Held()  # it is open
        self._unavailable = Held()  # a fault stops: -12 V for a while, so that the car sees it
        self._shed = False  # load shedding holds; with `charger.shed_latch` longer than its contact

    def reset_shedding(self) -> None:
        """Ends a load shedding that is set to stay, if its contact is open again."""
        self._shed = False

    def terminals(self) -> int:
        """Bit mask of the terminals that an offer loads: those that the car uses, as far as is known."""
        return (self.used.mask if self.phases.three else 1) | self.used.drawn

    def fell(self) -> None:
        """The board has opened the contactor by itself."""
        self.contactor = False

    def settle(self, settings) -> None:
        """Adopts the limits of the settings."""
        self.limits.set(limits.HARDWARE, settings["charger.max"])
        self.limits.set(limits.USER, settings["charger.limit"])
        self.limits.least_ma = settings["charger.min"]
        self.guard.settle(settings)

    def step(self, now: int, inputs: Inputs) -> None:
        """Looks at everything once and decides."""
        ms = elapsed(now, self._before) if self.started else 0
        self._before = now
        self.started = self.started or self._running.ms(now, True) >= START_MS
        self.fresh = inputs.measured and inputs.reading != self._reading
        self._reading = inputs.reading
        self.pilot_line.step(now, inputs.codes, inputs.count, self.duty)
        self._follow_session(now, ms, inputs)
        self.guard.check(now, self, inputs)
        self._set_limits(inputs)
        self._signal(now)
        self._enter(now)
        self._switch(now, inputs)
        self._set_lock(inputs)
        three = self.phases.three
        self.phases.step(now, not self._is_open(inputs), inputs.draw_ma)
        if self.phases.three is not three:
            self.used.reset()
        self.used.step(now, self.contactor and inputs.measured, inputs.draw_ma)

    # ---- the session

    def _follow_session(self, now, ms, inputs):
        session = self.session
        if self.pilot_line.letter == "A":
            # The first looks may not have seen a car that is there.
            self._was_free = self._was_free or (self.started and self.pilot_line.settled())
            if self._was_free and session.interrupted:
                session.end_interrupted(session.interrupted)
            if session.connected:
                session.unplug()
                self._forget_car()
        elif self.pilot_line.letter in "BCD" and not session.connected:
            session.plug(now, inputs.chance)
            # A car that was there before us may have charged until our reset: only where simplified pilots are denied
            # it has to show that it has none.
            self._at_once = self._was_free or not self._settings["charger.simple_pilot"]
        if self.pilot_line.letter == "B":
            self._at_once = self.simple = False
        if self._asking.ms(now, self._at_once) >= SIMPLE_MS:
            self.simple = True
        if self.contactor and self.fresh:
            most = max(inputs.draw_ma)
            if most > NO_CURRENT_MA:
                session.drew(most, self.used.drawn)
        session.step(now, ms, inputs.power_w if inputs.measured else 0, self.contactor)

    def _forget_car(self):
        self.guard.overcurrent.forget()
        self.phases.unplugged()
        self.used.reset()
        self.wakeup.unplugged()
        self.simple = self._at_once = self.pilot_line.diode = False
        self._raised = None

    # ---- limits and the offer

    def _set_limits(self, inputs):
        settings = self._settings
        self.limits.set(limits.ENABLE, limits.NO_LIMIT if self._enabled(inputs) else 0)
        if inputs.shed_closed:
            self._shed = True
        elif not settings["charger.shed_latch"]:
            self._shed = False
        self.limits.set(limits.SHEDDING, settings["charger.shed_current"] if self._shed else limits.NO_LIMIT)
        allowed = SIMPLE_MA if settings["charger.simple_pilot"] else 0
        self.limits.set(limits.SIMPLE_PILOT, allowed if self.simple else limits.NO_LIMIT)

    def _enabled(self, inputs):
        return inputs.enable_closed or not self._settings["charger.enable_input"]

    def _signal(self, now):
        """The offer follows the limits: down at once, up at most every 5 s."""
        wanted = self.limits.offer() if self._may_offer() else 0
        if wanted > self.offer_ma:
            if self._raised is not None and elapsed(now, self._raised) < RAISE_MS:
                wanted = self.offer_ma
            else:
                self._raised = now
                if not self.offer_ma:
                    self._permit()
        self.offer_ma = wanted
        self.wakeup.step(now, self.offer_ma > 0, self.pilot_line.letter == "B" and not self.session.finished)
        self._set_duty(now)

    def _permit(self):
        """An offer after none: diode and sleep are judged anew."""
        self.pilot_line.diode = False
        self.wakeup.permit()

    def _may_offer(self):
        if not self.started or self.pilot_line.letter not in "BCD" or not self.guard.allows():
            return False
        if self._at_once and not self.simple:
            return False  # not yet known whether this is a simplified pilot
        return self.session.may_charge() and not self.phases.holds_offer() and not self.limits.vacant

    def _set_duty(self, now):
        # A faulty line itself is not driven low: it is to be seen when it is whole again.
        unavailable = self._unavailable.ms(now, self.guard.faults.stops())
        faulty = self.guard.faults.stops() and self.pilot_line.letter not in "AE" and unavailable < UNAVAILABLE_MS
        hidden = (self.phases.pilot_off() or self.wakeup.pilot_off) and not self.contactor
        if faulty or hidden:
            self.duty = pilot.NOT_AVAILABLE
        elif self.wakeup.offer_off or not self.offer_ma:
            self.duty = pilot.STEADY
        else:
            self.duty = pilot.duty(self.offer_ma)

    def _is_open(self, inputs):
        """Is the contactor known to be open, and not only told to be?"""
        if self.contactor or inputs.output_live or self.guard.faults.has(WELDED):
            return False
        return inputs.output_live is False or inputs.measured

    def _set_lock(self, inputs):
        connected = self.session.connected
        if self.lock_mode == LOCK_RELEASED and not connected:
            self.lock_mode = LOCK_AUTO
        flows = self.contactor or self.guard.faults.has(WELDED) or max(inputs.draw_ma) > NO_CURRENT_MA
        if flows:
            self.lock = connected
        elif self.guard.faults.stops() or self.guard.faults.has(UNSTEADY):
            # The remedy for most faults is another cable.
            self.lock = False
        elif self.lock_mode == LOCK_ALWAYS:
            self.lock = connected
        else:
            self.lock = connected and self.lock_mode == LOCK_AUTO and self.session.may_charge()

    # ---- state and contactor

    def _enter(self, now):
        state = self._state()
        if state is self.state:
            return
        self.transitions.append((now, self.state, state, reason(self.state, state)))
        self.changes += 1
        if len(self.transitions) > KEPT_TRANSITIONS:
            self.transitions.pop(0)
        if state is B2 and self.session.charged and (self.state is C2 or self.state is D2):
            # It stopped although energy was offered: it has what it wanted.
            self.session.finished = True
        elif state is C2 or state is D2:
            self.session.finished = False
        self.state = state

    def _state(self):
        if self.pilot_line.letter == "E":
            return E
        if self.guard.faults.stops():
            return F
        letter = self.pilot_line.letter
        if letter == "A":
            return A
        offered = pilot.NOT_AVAILABLE < self.duty < pilot.STEADY
        if letter == "B":
            return B2 if offered else B1
        if letter == "C":
            return C2 if offered else C1
        return D2 if offered else D1

    def _switch(self, now, inputs):
        """The contactor: closed in C2 and D2 with a proven diode, open at once when the car leaves or a fault stops."""
        charging = self.state is C2 or self.state is D2
        stopping = self.state is C1 or self.state is D1
        withdrawn = self._withdrawn.ms(now, stopping and self.contactor)
        rested = self._rest.ms(now, not self.contactor) >= REST_MS
        if charging:
            sure = self.pilot_line.diode and self.pilot_line.settled() and inputs.locked is not False
            self.contactor = self.contactor or (sure and rested)
        elif not stopping or withdrawn >= WITHDRAWN_MS or self.guard.overcurrent.at_once:
            self.contactor = False
