"""The board of the twin: the same members as a real one, bound to simulated wires.

`wires` is any object that offers

    cts, has_phase_relay, has_wifi, has_leakage     what the simulated board has
    enable_closed, shed_closed          the contacts now
    proximity_ohm, temperature_dc       None = no such input
    leakage, leakage_error
    output_live, locked                 None = no such input
    meter_port, ems_port                serial ports, see PORT_MEMBERS in boards/interface.py
    address, dns                        own network address, and that of its name server, as text; or None
    pilot_changed(duty)                 in 1/100 %, as set_pilot has it
    pilot_codes(codes)                  fills in codes of the converter, returns how many
    ct_started(phases)
    ct_window()                         as boards/interface.py has it
    contactor_changed(on)
    phase_relay_changed(three)
    lock_changed(on), trip_changed(on)
    light_changed(on)
    wifi_wanted(name, password, host)
    watchdog_started(ms), watchdog_fed()
    reset()                             may end the caller's task by raising
    reset_cause                         as boards/interface.py has it
"""

CHIP = "none"
NAME = "Twin"
WIFI = False
DEFAULTS: dict = {}
PINS = ()
NOTE = "A simulated board: nothing to wire."


class TwinBoard:
    """Passes on what the firmware does; starts as a real board does, contactor open and pilot steady."""

    pilot_span_mv = 35967
    ct_span_mv = 3300
    ct_ends = (0, 4095)
    ct_together = True
    connections = 1000

    def __init__(self, wires):
        self._wires = wires
        self.name = NAME
        self.cts = wires.cts
        self.has_phase_relay = wires.has_phase_relay
        self.has_wifi = wires.has_wifi
        self.has_leakage = wires.has_leakage
        self.meter_port = wires.meter_port
        self.ems_port = wires.ems_port
        self.set_contactor(False)
        self.set_phase_relay(False)
        self.set_trip(False)
        self.set_lock(False)
        self.set_pilot(10000)

    def set_pilot(self, duty):
        self._wires.pilot_changed(duty)

    def read_pilot(self, codes):
        return self._wires.pilot_codes(codes)

    def start_ct(self, phases, now):
        if self.cts:
            self._wires.ct_started(phases)

    def ct_window(self):
        return self._wires.ct_window() if self.cts else None

    def set_contactor(self, on):
        self._wires.contactor_changed(on)

    def watch_contactor(self, border, bottom, top):
        pass

    def contactor_fell(self):
        return False

    def set_phase_relay(self, three):
        if self.has_phase_relay:
            self._wires.phase_relay_changed(three)

    def enable_closed(self):
        return self._wires.enable_closed

    def shed_closed(self):
        return self._wires.shed_closed

    def proximity_ohm(self):
        return self._wires.proximity_ohm

    def temperature_dc(self):
        return self._wires.temperature_dc

    def leakage(self):
        return self._wires.leakage

    def leakage_error(self):
        return self._wires.leakage_error

    def output_live(self):
        return self._wires.output_live

    def locked(self):
        return self._wires.locked

    def set_lock(self, on):
        self._wires.lock_changed(on)

    def set_trip(self, on):
        self._wires.trip_changed(on)

    def set_light(self, colour):
        self._wires.light_changed(colour)

    def start_watchdog(self, ms):
        self._wires.watchdog_started(ms)

    def feed_watchdog(self):
        self._wires.watchdog_fed()

    def join_wifi(self, name, password, host):
        if self.has_wifi:
            self._wires.wifi_wanted(name, password, host)

    def address(self):
        return self._wires.address

    def dns(self):
        return self._wires.dns

    def reset(self):
        self._wires.reset()

    def reset_cause(self):
        return self._wires.reset_cause


def connect(wires):
    return TwinBoard(wires)
