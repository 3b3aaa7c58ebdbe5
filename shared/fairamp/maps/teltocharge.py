"""The registers of a TeltoCharge EVC2, as an energy manager sees them."""

from fairamp import faults, limits, states
from fairamp.maps import Dialect
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import ILLEGAL_VALUE
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows

EVSE_ID = 21571
THREE_PHASES = 6
NO_PHASE = 7
# Bit mask of grid phases for each number from 0 to 7, as registers 13 and 14 count them.
PHASES = (1, 2, 4, 3, 5, 6, 7, 0)
PHASE_TEXTS = {0: "L1", 1: "L2", 2: "L3", 3: "L1 and L2", 4: "L1 and L3", 5: "L2 and L3", 6: "three phases", 7: "none"}
STATUS_TEXTS = {
    0: "charging",
    1: "waiting for the car",
    2: "was charging, not enough power",
    3: "not enough power yet",
    4: "stopped by the car",
    5: "not authorised",
    6: "simplified pilot or ventilation not allowed",
    7: "not connected",
    8: "error",
    9: "unknown",
}
POINT_TEXTS = {
    0: "no car",
    1: "waiting for permission",
    2: "authorised",
    3: "charging",
    4: "paused",
    5: "finished",
    6: "stopped by the user",
    7: "error",
    8: "reserved",
    9: "other",
}
CAUSE_TEXTS = {
    0: "hardware",
    1: "maximum from the grid",
    2: "user setting",
    3: "cable",
    4: "simplified pilot",
    5: "default",
    6: "load balance",
    7: "temperature",
}
YES_NO = {0: "no", 1: "yes"}
DENIED = 1 << faults.WARN_SIMPLE_DENIED | 1 << faults.WARN_VENTILATION_DENIED
# 1 to 5 A cannot be offered to a car: they pause, and read back as written.
CURRENTS = ((0, 32),)
FIRMWARE = 11201


def _voltage(phase):
    return lambda box: (box.own.voltage_mv[phase] + 500) // 1000


def _current(phase):
    return lambda box: (box.own.current_ma[phase] + 50) // 100


def status(box):
    """Enumeration a: the states of the vendor's load management, which are not those of the standard."""
    point, session = box.point, box.point.session
    if point.state is states.A:
        return 7
    if point.state is states.E:
        return 9
    if point.state is states.F:
        return 8
    if point.contactor:
        return 0
    if not session.authorised:
        return 5
    if point.guard.faults.warnings & DENIED:
        return 6
    if session.finished:
        return 4
    if point.offer_ma:
        return 1
    return 2 if session.charged else 3


def charge_point_state(box):
    """Enumeration b."""
    point, session = box.point, box.point.session
    if point.guard.faults.active:
        return 7
    if not session.connected:
        return 0
    if session.stopped:
        return 6
    if not session.authorised:
        return 1
    if point.contactor:
        return 3
    if session.finished:
        return 5
    return 4 if session.charged and not point.offer_ma else 2


def iec_state(box):
    """Enumeration c: the states of the standard in its order."""
    return states.STATES.index(box.point.state)


def _connected(box):
    return PHASES.index(box.phases_used()) if box.point.session.connected else NO_PHASE


def _wanted_phases(box):
    if box.ems.phases_taken:
        return NO_PHASE
    return THREE_PHASES if box.point.phases.wanted else PHASES.index(1 << box.phases[0])


def _set_phases(box, value):
    one = PHASES.index(1 << box.phases[0])
    if value == THREE_PHASES and len(box.phases) == 1:
        return ILLEGAL_VALUE
    if value in (THREE_PHASES, one) and len(box.phases) == 3:
        if box.point.phases.request(box.now, value == THREE_PHASES):
            return ILLEGAL_VALUE
    elif value not in (one, NO_PHASE):
        return ILLEGAL_VALUE
    box.ems.phases_taken = value == NO_PHASE
    return None


def _set_stop(box, value):
    if value == 1:
        box.point.session.stop()
    elif value == 2:
        box.point.session.start()


def _set_authorised(box, value):
    if value:
        box.point.session.authorise()


def _set_lock(box, value):
    box.point.lock_mode = value


def _set_timeout(box, value):
    box.ems.teltocharge.timeout_ms = 1000 * value


def _set_failsafe(box, value):
    box.ems.teltocharge.failsafe_ma = 1000 * value


def _set_reboot(box, value):
    box.reboot = bool(value)


def _serial(box):
    digits = "".join(letter for letter in box.settings["box.serial"] if "0" <= letter <= "9")
    return int(digits or "0") & 0xFFFFFFFF


def _most_power(box):
    if len(box.phases) == 1:
        return 0
    return 2 if box.settings["charger.max"] > 16000 else 1


def _temperature(box):
    return box.inputs.temperature_dc or 0


ROWS = Rows(
    Row(0, "voltage_l1", "i16", _voltage(0), unit="V"),
    Row(1, "voltage_l2", "i16", _voltage(1), unit="V"),
    Row(2, "voltage_l3", "i16", _voltage(2), unit="V"),
    Row(3, "current_l1", "i16", _current(0), unit="A", scale=0.1),
    Row(4, "current_l2", "i16", _current(1), unit="A", scale=0.1),
    Row(5, "current_l3", "i16", _current(2), unit="A", scale=0.1),
    Row(6, "evse_status", "u16", status, meanings=STATUS_TEXTS),
    Row(7, "evse_status_time", "u32", lambda box: box.status_s, unit="s", low_first=True),
    Row(9, "evse_id", "u16", lambda box: EVSE_ID, help="tells a TeltoCharge from other devices"),
    Row(10, "evse_3ph_config", "u16", lambda box: int(len(box.phases) == 3), meanings=YES_NO),
    Row(11, "phase_change", "u16", lambda box: int(box.can_switch_phases()), meanings=YES_NO),
    Row(12, "amp_limit", "u16", lambda box: min(box.settings["charger.max"], 32000) // 1000, unit="A"),
    Row(13, "phase_connected", "u16", _connected, meanings=PHASE_TEXTS),
    Row(
        14,
        "phase_to_use",
        "u16",
        _wanted_phases,
        _set_phases,
        allowed=((0, 7),),
        meanings=PHASE_TEXTS,
        help="one phase: the one the first terminal is wired to; none pauses; what is not wired is refused",
    ),
    Row(
        15,
        "amps_to_use",
        "u16",
        lambda box: box.written(box.ems.teltocharge) // 1000,
        lambda box, value: box.ems.teltocharge.write(1000 * value),
        unit="A",
        allowed=CURRENTS,
        help="the set-point; 0 to 5 pauses; lowers the offer, never lifts a limit",
    ),
    Row(
        16,
        "request_stop_charging",
        "u16",
        lambda box: int(box.point.session.stopped),
        _set_stop,
        allowed=((0, 2),),
        meanings={0: "do not intervene", 1: "stop the session", 2: "start it again"},
    ),
    Row(17, "request_authorize", "u16", lambda box: int(box.point.session.authorised), _set_authorised, allowed=(0, 1)),
    Row(
        18,
        "lock_unlock_socket",
        "u16",
        lambda box: box.point.lock_mode,
        _set_lock,
        allowed=((0, 2),),
        meanings={0: "lock by itself", 1: "always locked", 2: "unlocked until the car has gone"},
    ),
    Row(
        19,
        "communication_timeout",
        "u16",
        lambda box: box.ems.teltocharge.timeout_ms // 1000,
        _set_timeout,
        unit="s",
        allowed=((0, 600),),
        help="watchdog, fed by any valid request; 0 = none",
    ),
    Row(
        20,
        "failsafe_current",
        "u16",
        lambda box: box.ems.teltocharge.failsafe_ma // 1000,
        _set_failsafe,
        unit="A",
        allowed=(0, (6, 32)),
        help="holds after the time-out; 0 stops until there is valid communication again",
    ),
    Row(21, "request_reboot", "u16", lambda box: int(box.reboot), _set_reboot, allowed=(0, 1)),
    Row(
        22,
        "require_authorization",
        "u16",
        lambda box: int(box.settings["charger.start"] == "request"),
        meanings=YES_NO,
    ),
    Row(23, "product_code", "u16", lambda box: 0, works=False),
    Row(24, "serial_number", "u32", _serial, low_first=True),
    Row(26, "fw_version", "u16", lambda box: FIRMWARE, help="a number in the vendor's range"),
    Row(27, "charge_point_state", "u16", charge_point_state, meanings=POINT_TEXTS),
    Row(28, "max_power_from_grid", "u16", lambda box: min(box.settings["site.fuse"]) // 1000, unit="A"),
    Row(29, "user_max_current", "u16", lambda box: min(box.settings["charger.limit"], 32000) // 1000, unit="A"),
    Row(30, "lock_status", "u16", lambda box: int(box.point.lock), meanings={0: "unlocked", 1: "locked"}),
    Row(31, "internal_temperature", "i16", _temperature, unit="degC", scale=0.1, help="0 without a sensor"),
    Row(32, "ocpp_connected", "u16", lambda box: 0, works=False),
    Row(33, "iec_state", "u16", iec_state, meanings=dict(enumerate(states.STATES))),
    Row(34, "warning_code", "u16", lambda box: box.point.guard.faults.warnings, help="bit field, see the charge point"),
    Row(35, "error_code", "u16", lambda box: box.point.guard.faults.errors(), help="bit field, see the charge point"),
    Row(
        36,
        "current_limit_cause",
        "u16",
        lambda box: limits.CAUSES[box.point.limits.cause()],
        meanings=CAUSE_TEXTS,
    ),
    Row(
        37,
        "max_supported_power",
        "u16",
        _most_power,
        meanings={0: "7.4 kW", 1: "11 kW", 2: "22 kW"},
    ),
    Row(38, "instant_active_power", "u16", lambda box: max(0, box.inputs.power_w), unit="W"),
    Row(39, "energy_delivered_session", "u16", lambda box: box.point.session.energy.wh // 10, unit="kWh", scale=0.01),
    Row(40, "session_duration", "u16", lambda box: box.point.session.seconds, unit="s"),
    Row(
        41,
        "total_energy",
        "u64",
        lambda box: box.point.session.lifetime.wh // 10,
        unit="kWh",
        scale=0.01,
        low_first=True,
    ),
)


DIALECT = Dialect(
    "teltocharge",
    banks=lambda box: {ANY_UNIT: Bank(ROWS, box)},
    heard=lambda box, unit: box.ems.teltocharge.feed(box.now),
)
