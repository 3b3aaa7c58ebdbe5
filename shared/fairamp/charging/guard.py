"""Watches one charge point for everything that may go wrong, and keeps the limits that belong to it."""

from fairamp.charging import faults, limits, pilot
from fairamp.charging.derating import Derating
from fairamp.charging.faults import Faults
from fairamp.charging.overcurrent import OverCurrent
from fairamp.charging.phases import NO_CURRENT_MA
from fairamp.charging.unsteady import Unsteady
from fairamp.units import Held

LOCKOUT_MS = 30000  # without a fault, before the next offer
WELDED_MS = 2000
NO_OUTPUT_MS = 2000
VOLTAGE_MS = 1000
NOT_LOCKED_MS = 3000
CABLE_MS = 1000
SENSOR_MS = 5000
ABSENT_MV = 50000  # a phase that is not wired shows less


class Guard:
    """`faults` says what is wrong, `locked_out` that it was so a moment ago, `trip` that the mains must be cut."""

    def __init__(self, settings):
        self._settings = settings
        self._least_mv = settings["site.least_voltage"]
        self._most_mv = settings["site.most_voltage"]
        self._has_leakage_sensor = settings["charger.leakage"] != "none"
        self.faults = Faults()
        self.overcurrent = OverCurrent()
        self._unsteady = Unsteady()
        self.trip = False  # the breaker is to be tripped, because the contactor does not open
        self.locked_out = False  # a fault was there less than LOCKOUT_MS ago
        self.ventilation = False  # has the car asked for it?
        self._derating = Derating(
            settings["charger.warn_temperature"],
            settings["charger.reduce_temperature"],
            settings["charger.stop_temperature"],
            settings["charger.max"],
        )
        self._turn = 0  # of the slow checks
        self._simple = self._above = False  # as the warnings tell it
        self._lockout = Held()  # the faults are gone
        self._flows = 0  # fresh readings in a row that show current through the open contactor
        self._bad_voltages = 0  # fresh readings in a row
        self._wired = 1  # terminals that ever had a voltage; the first one always has
        self._has_sensor = False  # was there ever a temperature? Then its loss is a fault
        self._no_sensor = Held()  # no temperature comes
        self._bad_cable = Held()  # the resistor of the cable is none that exists
        self._welded = Held()  # voltage or current behind the open contactor
        self._no_output = Held()  # no voltage behind the closed one
        self._voltage = Held()  # mains out of range
        self._unlocked = Held()  # the lock does not say that it has locked

    def settle(self, settings) -> None:
        """Adopts the limits of the settings."""
        self._derating.most_ma = settings["charger.max"]

    def allows(self) -> bool:
        """No fault, none a moment ago, and no car that needs what is not here."""
        denied = self.faults.warnings & 1 << faults.WARN_VENTILATION_DENIED
        return not self.faults.active and not self.locked_out and not denied

    def check(self, now, point, inputs) -> None:
        """Looks at a charge point as it stands after its last step, with what is measured now."""
        found = self.faults
        if found.connected is not point.session.connected:
            found.connected = point.session.connected
            # Before the first offer.
            self._check_cable(now, point, inputs)
        draw = max(inputs.draw_ma) if inputs.measured else 0
        found.report(faults.PILOT, point.pilot_line.letter == "E")
        if self._unsteady.busy or point.contactor is not self._unsteady.closed:
            self._check_steadiness(now, point)
        if self._has_leakage_sensor:
            found.report(faults.LEAKAGE, inputs.leakage)
            found.report(faults.LEAKAGE_TEST, inputs.leakage_test_failed)
        self._check_contactor(now, point, inputs, draw)
        self._check_in_turn(now, point, inputs, draw)
        self._warn(point)
        if found.stops():
            self.locked_out = True
        if self._lockout.ms(now, self.locked_out and not found.stops()) >= LOCKOUT_MS:
            self.locked_out = False

    def _check_steadiness(self, now, point):
        letter, found = point.pilot_line.letter, self.faults
        # Of two reasons to open in one step, the car's counts.
        stopped = letter in "CD" and found.stops()
        self._unsteady.step(now, point.contactor, point.offer_ma > 0, letter == "A", stopped)
        found.report(faults.UNSTEADY, self._unsteady.rests)

    def _check_in_turn(self, now, point, inputs, draw):
        """What has time: one check in each step, so that no step takes long. A new reading is looked at as it comes."""
        turn = 0 if point.fresh else self._turn
        if not turn:
            self._check_voltage(now, point, inputs)
            self.overcurrent.step(now, point.offer_ma, draw, point.fresh, inputs.read_at)
            self.faults.report(faults.OVERCURRENT, self.overcurrent.paused)
        elif turn == 1:
            self._check_temperature(now, point, inputs)
        else:
            self._check_cable(now, point, inputs)
        if not point.fresh:
            self._turn = (turn + 1) % 3

    def _warn(self, point):
        above = self.overcurrent.above
        # Until it is unplugged: a car that got no offer for it would ask again and again.
        ventilation = point.session.connected and (self.ventilation or point.pilot_line.letter == "D")
        if ventilation is self.ventilation and point.simple is self._simple and above is self._above:
            return
        self.ventilation, self._simple, self._above = ventilation, point.simple, above
        found = self.faults
        found.warn(faults.WARN_OVERCURRENT, above)
        found.warn(faults.WARN_VENTILATION, self.ventilation)
        found.warn(faults.WARN_VENTILATION_DENIED, self.ventilation and not self._settings["charger.ventilation"])
        found.warn(faults.WARN_SIMPLE, point.simple)
        found.warn(faults.WARN_SIMPLE_DENIED, point.simple and not self._settings["charger.simple_pilot"])

    def _check_contactor(self, now, point, inputs, draw):
        """Voltage or current where there must be none, and none where there must be."""
        if point.contactor:
            self._flows = 0
        elif point.fresh:
            self._flows = self._flows + 1 if draw > NO_CURRENT_MA else 0
        # The first reading after opening may have been taken before.
        flows = self._flows > 2
        live = inputs.output_live
        if self._welded.ms(now, not point.contactor and (live is True or flows)) >= WELDED_MS:
            self.faults.report(faults.WELDED, True)
        self.trip = self.faults.has(faults.WELDED)
        missing = self._no_output.ms(now, point.contactor and live is False) >= NO_OUTPUT_MS
        self.faults.report(faults.NO_OUTPUT, missing)

    def _check_voltage(self, now, point, inputs):
        if not inputs.measured:
            return  # not known: a fault stays, and none begins
        bad = False
        for terminal in range(3):
            mv = inputs.voltage_mv[terminal]
            if mv >= ABSENT_MV:
                self._wired |= 1 << terminal
            if self._wired & 1 << terminal and not self._least_mv <= mv <= self._most_mv:
                bad = True
        if point.fresh:
            self._bad_voltages = self._bad_voltages + 1 if bad else 0
        # One reading may be wrong.
        held = self._voltage.ms(now, self._bad_voltages > 1) >= VOLTAGE_MS
        self.faults.report(faults.INPUT_VOLTAGE, held)

    def _check_temperature(self, now, point, inputs):
        dc = inputs.temperature_dc
        missing = self._no_sensor.ms(now, dc is None)
        if dc is None:
            # What was measured before goes on to hold; a sensor that was there and is gone is a fault.
            lost = missing >= SENSOR_MS if self._has_sensor else self._settings["charger.temperature_sensor"]
            self.faults.report(faults.SENSOR_LOST, lost)
            return
        self._has_sensor = True
        self.faults.report(faults.SENSOR_LOST, False)
        point.limits.set(limits.TEMPERATURE, self._derating.limit(dc))
        self.faults.report(faults.TEMPERATURE, self._derating.hot)
        self.faults.warn(faults.WARN_TEMPERATURE, self._derating.warm)

    def _check_cable(self, now, point, inputs):
        carries = limits.NO_LIMIT
        if inputs.proximity_ohm is not None and point.session.connected:
            carries = pilot.cable(inputs.proximity_ohm)
        wrong = self._bad_cable.ms(now, carries == pilot.CABLE_FAULT) >= CABLE_MS
        self.faults.report(faults.PROXIMITY, wrong)
        point.limits.set(limits.CABLE, max(carries, 0))
        open_ms = self._unlocked.ms(now, point.lock and inputs.locked is False)
        self.faults.report(faults.LOCK, open_ms >= NOT_LOCKED_MS)
