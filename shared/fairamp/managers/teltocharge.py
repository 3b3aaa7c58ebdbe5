"""The registers of a TeltoCharge EVC2, as an energy manager sees them."""

from fairamp import commands, view
from fairamp.charging import faults, states
from fairamp.charging.limits import NO_LIMIT
from fairamp.managers import Dialect, answer
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import ILLEGAL_VALUE
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows

WHO = "ems:teltocharge"
TIMEOUT_MS = 30000
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


def _voltage(terminal):
    return lambda box: view.volts(box, terminal)


def _current(terminal):
    return lambda box: (view.current_ma(box, terminal) + 50) // 100


def _point(box):
    return commands.set_point(box, "teltocharge", TIMEOUT_MS)


def _taken(box):
    """All phases may be taken away: a set-point of 0, without a watchdog."""
    return commands.set_point(box, "teltocharge, no phase", 0)


def _begin(box):
    _point(box)
    _taken(box)


def _heard(box, who, wrote):
    _point(box).hear(view.now(box), who, wrote)


def status(box):
    """Enumeration a: the states of the vendor's load management, which are not those of the standard."""
    state = view.state(box)
    if state is states.A:
        return 7
    if state is states.E:
        return 9
    if state is states.F:
        return 8
    if view.charging(box):
        return 0
    if not view.authorised(box):
        return 5
    if view.warnings(box) & DENIED:
        return 6
    if view.finished(box):
        return 4
    if view.offer_ma(box):
        return 1
    return 2 if view.charged(box) else 3


def charge_point_state(box):
    """Enumeration b."""
    if view.faulty(box):
        return 7
    if not view.connected(box):
        return 0
    if view.stopped(box):
        return 6
    if not view.authorised(box):
        return 1
    if view.charging(box):
        return 3
    if view.finished(box):
        return 5
    return 4 if view.charged(box) and not view.offer_ma(box) else 2


def iec_state(box):
    """Enumeration c: the states of the standard in its order."""
    return states.STATES.index(view.state(box))


def _connected(box):
    return PHASES.index(view.phases_used(box)) if view.connected(box) else NO_PHASE


def _first_phase(box):
    """The number of the phase that the first terminal is wired to."""
    return PHASES.index(1 << view.wired(box)[0])


def _wanted_phases(box):
    if not _taken(box).written_ma:
        return NO_PHASE
    return THREE_PHASES if view.three_wanted(box) else _first_phase(box)


def _set_phases(box, value):
    if value not in (THREE_PHASES, NO_PHASE, _first_phase(box)):
        return ILLEGAL_VALUE
    if value == NO_PHASE:
        return commands.set_current(box, WHO, _taken(box), 0)
    refused = commands.phases(box, WHO, value == THREE_PHASES)
    return answer(refused or commands.set_current(box, WHO, _taken(box), NO_LIMIT))


def _set_stop(box, value):
    if not value:
        return None
    return answer(commands.stop(box, WHO) if value == 1 else commands.start(box, WHO))


def _set_authorised(box, value):
    return answer(commands.authorise(box, WHO)) if value else None


def _set_timeout(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, 1000 * value, point.failsafe_ma))


def _set_failsafe(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, point.timeout_ms, 1000 * value))


def _serial(box):
    digits = "".join(letter for letter in box.settings["box.serial"] if "0" <= letter <= "9")
    return int(digits or "0") & 0xFFFFFFFF


def _most_power(box):
    if len(view.wired(box)) == 1:
        return 0
    return 2 if box.settings["charger.max"] > 16000 else 1


def _temperature(box):
    return view.temperature_dc(box) or 0


ROWS = Rows(
    Row(0, "voltage_l1", "i16", _voltage(0), unit="V"),
    Row(1, "voltage_l2", "i16", _voltage(1), unit="V"),
    Row(2, "voltage_l3", "i16", _voltage(2), unit="V"),
    Row(3, "current_l1", "i16", _current(0), unit="A", scale=0.1),
    Row(4, "current_l2", "i16", _current(1), unit="A", scale=0.1),
    Row(5, "current_l3", "i16", _current(2), unit="A", scale=0.1),
    Row(6, "evse_status", "u16", status, meanings=STATUS_TEXTS),
    Row(7, "evse_status_time", "u32", view.state_s, unit="s", low_first=True),
    Row(9, "evse_id", "u16", lambda box: EVSE_ID, help="tells a TeltoCharge from other devices"),
    Row(10, "evse_3ph_config", "u16", lambda box: int(len(view.wired(box)) == 3), meanings=YES_NO),
    Row(11, "phase_change", "u16", view.can_switch_phases, meanings=YES_NO),
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
        lambda box: view.written_ma(box, _point(box)) // 1000,
        lambda box, value: answer(commands.set_current(box, WHO, _point(box), 1000 * value)),
        unit="A",
        allowed=CURRENTS,
        help="the set-point; 0 to 5 pauses; lowers the offer, never lifts a limit",
    ),
    Row(
        16,
        "request_stop_charging",
        "u16",
        view.stopped,
        _set_stop,
        allowed=((0, 2),),
        meanings={0: "do not intervene", 1: "stop the session", 2: "start it again"},
    ),
    Row(17, "request_authorize", "u16", view.authorised, _set_authorised, allowed=(0, 1)),
    Row(
        18,
        "lock_unlock_socket",
        "u16",
        view.lock_mode,
        lambda box, value: answer(commands.lock(box, WHO, value)),
        allowed=((0, 2),),
        meanings={0: "lock by itself", 1: "always locked", 2: "unlocked until the car has gone"},
    ),
    Row(
        19,
        "communication_timeout",
        "u16",
        lambda box: _point(box).timeout_ms // 1000,
        _set_timeout,
        unit="s",
        allowed=((0, 600),),
        help="watchdog, armed by the first write, fed by any valid request; 0 = none",
    ),
    Row(
        20,
        "failsafe_current",
        "u16",
        lambda box: _point(box).failsafe_ma // 1000,
        _set_failsafe,
        unit="A",
        allowed=(0, (6, 32)),
        help="holds after the time-out; 0 stops until there is valid communication again",
    ),
    Row(
        21,
        "request_reboot",
        "u16",
        view.restarts,
        lambda box, value: answer(commands.restart(box, WHO, value == 1)),
        allowed=(0, 1),
    ),
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
    Row(
        28,
        "max_power_from_grid",
        "u16",
        lambda box: view.grid_limit_ma(box) // 1000,
        unit="A",
        help="of the weakest phase: fuse less margin and headroom",
    ),
    Row(
        29,
        "user_max_current",
        "u16",
        lambda box: min(view.user_limit_ma(box), 32000) // 1000,
        unit="A",
        help="at most amp_limit, which it is at first",
    ),
    Row(30, "lock_status", "u16", view.locked, meanings={0: "unlocked", 1: "locked"}),
    Row(31, "internal_temperature", "i16", _temperature, unit="degC", scale=0.1, help="0 without a sensor"),
    Row(32, "ocpp_connected", "u16", lambda box: 0, works=False),
    Row(33, "iec_state", "u16", iec_state, meanings=dict(enumerate(states.STATES))),
    Row(
        34,
        "warning_code",
        "u16",
        view.warnings,
        help="bit field, see the charge point; bits 0, 8, 9 and 10 stay 0: no midplate, PEN sensor or card reader",
    ),
    Row(35, "error_code", "u16", view.errors, help="bit field, see the charge point"),
    Row(
        36,
        "current_limit_cause",
        "u16",
        view.cause,
        meanings=CAUSE_TEXTS,
        help="default: what holds while a meter, the network or an energy manager is lost; the user's: a profile, too",
    ),
    Row(
        37,
        "max_supported_power",
        "u16",
        _most_power,
        meanings={0: "7.4 kW", 1: "11 kW", 2: "22 kW"},
    ),
    Row(38, "instant_active_power", "u16", view.power_w, unit="W"),
    Row(39, "energy_delivered_session", "u16", lambda box: view.session_wh(box) // 10, unit="kWh", scale=0.01),
    Row(40, "session_duration", "u16", view.session_s, unit="s"),
    Row(
        41,
        "total_energy",
        "u64",
        lambda box: view.lifetime_wh(box) // 10,
        unit="kWh",
        scale=0.01,
        low_first=True,
    ),
)


DIALECT = Dialect(
    "teltocharge",
    banks=lambda box: {ANY_UNIT: Bank(ROWS, box)},
    begin=_begin,
    heard=_heard,
)
