"""The registers of a MENNEKES charger with an ECU, as an energy manager sees them.

Any valid request feeds the watchdog.
"""

from fairamp import VERSION, commands, view
from fairamp.charging import faults
from fairamp.charging.pilot import LEAST_MA
from fairamp.managers import Dialect, answer, ocpp_status
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows

WHO = "ems:mennekes"
TIMEOUT_MS = 60000
STATUS = (
    "Available",
    "Occupied",
    "Reserved",
    "Unavailable",
    "Faulted",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
)
# The register set that is answered, as the vendor numbers it; clients take features from it.
FIRMWARE = "5.22"
PROTOCOL = "0.9"
OURS = [int(part) for part in VERSION.split(".")]
VEHICLE = "ABCDE"
UNKNOWN = 0xFFFFFFFF  # for what the meter does not say
# Our faults, and the bits that come closest; too hot has none, there the status says that something is wrong.
ERROR_BITS = (
    (faults.LEAKAGE, 0),
    (faults.LEAKAGE_TEST, 0),
    (faults.PILOT, 1),
    (faults.UNSTEADY, 1),
    (faults.WELDED, 6),
    (faults.LOCK, 8),
    (faults.PROXIMITY, 14),
    (faults.OVERCURRENT, 15),
    (faults.INPUT_VOLTAGE, 21),
    (faults.NO_OUTPUT, 21),
)
ERROR_HELP = "bit 0 leakage, 1 pilot, 6 welded contactor, 8 lock, 14 cable, 15 over-current, 21 mains or no output"
MOST_MA = 32000
TAG_LETTERS = 20

_NO_DLM = "exists only in a master of this vendor's load management, which register 600 denies"
# What a client may know of, and is not here: exception 2. Address, name, reason.
ABSENT = (
    (610, "dlm_evse_sub_distribution_limit_l1", _NO_DLM),
    (611, "dlm_evse_sub_distribution_limit_l2", _NO_DLM),
    (612, "dlm_evse_sub_distribution_limit_l3", _NO_DLM),
    (613, "dlm_operator_evse_sub_distribution_limit_l1", _NO_DLM),
    (614, "dlm_operator_evse_sub_distribution_limit_l2", _NO_DLM),
    (615, "dlm_operator_evse_sub_distribution_limit_l3", _NO_DLM),
    (620, "dlm_external_meter_support", _NO_DLM),
    (621, "dlm_num_slaves_connected", _NO_DLM),
    (630, "dlm_overall_current_applied_l1", _NO_DLM),
    (631, "dlm_overall_current_applied_l2", _NO_DLM),
    (632, "dlm_overall_current_applied_l3", _NO_DLM),
    (633, "dlm_overall_current_available_l1", _NO_DLM),
    (634, "dlm_overall_current_available_l2", _NO_DLM),
    (635, "dlm_overall_current_available_l3", _NO_DLM),
    (730, "ev_battery_state", "its presence promises ISO 15118"),
    (1001, "hems_current_limit_10", "its presence promises set-points in steps of 0.1 A"),
    (1002, "hems_power_limit", "its presence promises set-points in watts, and phase changes by them"),
)


def _metered(get, terminal):
    """Of the charger's own meter, while it answers."""
    return lambda box: get(box, terminal) if view.measured(box) else UNKNOWN


def _power(terminal):
    return _metered(view.watts, terminal)


def _current(terminal):
    return _metered(view.current_ma, terminal)


def _voltage(terminal):
    return _metered(view.volts, terminal)


def _energy(box):
    """A counter stays true when its meter falls silent."""
    return view.energy_wh(box) if view.metered(box) else UNKNOWN


def errors(box):
    """Bit field of the vendor, as numbers are usually written."""
    bits = 0
    for fault, bit in ERROR_BITS:
        if view.has_fault(box, fault):
            bits |= 1 << bit
    return bits


def _errors_as_sent(box):
    """Within each word the low byte comes first, unlike everything else."""
    bits = errors(box)
    return (bits & 0x00FF00FF) << 8 | bits >> 8 & 0x00FF00FF


def _bcd(time):
    value = 0
    for part in time:
        value = value << 8 | part // 10 << 4 | part % 10
    return value


def relay_state(box):
    if not view.charging(box):
        return 0
    return 1 if view.three_phases(box) else 5


def _point(box):
    return commands.set_point(box, "mennekes", TIMEOUT_MS)


def _heard(box, unit, who):
    _point(box).hear(view.now(box), who)


def _set_timeout(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, 1000 * value, point.failsafe_ma))


def _set_failsafe(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, point.timeout_ms, 1000 * value))


ROWS = Rows(
    Row(
        100, "firmware_version", "ascii", lambda box: FIRMWARE, words=2, help="of the vendor whose registers these are"
    ),
    Row(
        104,
        "ocpp_cp_status",
        "u16",
        lambda box: STATUS.index(ocpp_status.status(box)),
        meanings=dict(enumerate(STATUS)),
    ),
    Row(105, "error_codes_1", "u32", lambda box: 0, low_first=True, help="nothing is listed for these bits"),
    Row(107, "error_codes_2", "u32", lambda box: 0, low_first=True, help="nothing is listed for these bits"),
    Row(109, "error_codes_3", "u32", lambda box: 0, low_first=True, help="nothing is listed for these bits"),
    Row(
        111,
        "error_codes_4",
        "u32",
        _errors_as_sent,
        low_first=True,
        help=ERROR_HELP + "; bytes of each word swapped",
    ),
    Row(120, "protocol_version", "ascii", lambda box: PROTOCOL, words=2),
    Row(
        122,
        "vehicle_state",
        "u16",
        lambda box: VEHICLE.index(view.letter(box)) + 1,
        meanings=dict(enumerate(VEHICLE, 1)),
    ),
    Row(
        124,
        "cp_availability",
        "u16",
        view.in_service,
        lambda box, value: answer(commands.serve(box, WHO, value == 1)),
        allowed=(0, 1),
        meanings={0: "not available", 1: "available"},
        help="0: no offer until it is 1 again, or the box restarts",
    ),
    Row(
        130,
        "modbus_address_offset",
        "u16",
        lambda box: 0,
        lambda box, value: None,
        allowed=(0,),
        help="always 0: these addresses do not move",
    ),
    Row(
        131,
        "safe_current",
        "u16",
        lambda box: _point(box).failsafe_ma // 1000,
        _set_failsafe,
        unit="A",
        allowed=((0, 32),),
        help="holds after the time-out; 0 to 5 pauses",
    ),
    Row(
        132,
        "comm_timeout",
        "u16",
        lambda box: _point(box).timeout_ms // 1000,
        _set_timeout,
        unit="s",
        allowed=((1, 300),),
        help="watchdog, fed by any valid request",
    ),
    Row(
        134,
        "operator_current_limit",
        "u16",
        lambda box: min(box.settings["charger.limit"], box.settings["charger.max"]) // 1000,
        unit="A",
    ),
    Row(
        140,
        "relay_state",
        "u16",
        relay_state,
        meanings={0: "off", 1: "three phases", 5: "one phase"},
    ),
    Row(142, "chargepoint_model", "ascii", lambda box: "Fairamp", words=10),
    Row(
        152,
        "plug_lock_status",
        "u16",
        view.locked,
        meanings={0: "unlocked", 1: "locked"},
    ),
    Row(153, "software_version_major", "u16", lambda box: OURS[0], help="of Fairamp"),
    Row(154, "software_version_minor", "u16", lambda box: OURS[1], help="of Fairamp"),
    Row(155, "software_version_patch", "u16", lambda box: OURS[2], help="of Fairamp"),
    Row(200, "meter_energy_l1", "u32", _energy, unit="Wh", help="all phases: the meter has one counter"),
    Row(202, "meter_energy_l2", "u32", lambda box: UNKNOWN, unit="Wh", works=False),
    Row(204, "meter_energy_l3", "u32", lambda box: UNKNOWN, unit="Wh", works=False),
    Row(206, "meter_power_l1", "u32", _power(0), unit="W"),
    Row(208, "meter_power_l2", "u32", _power(1), unit="W"),
    Row(210, "meter_power_l3", "u32", _power(2), unit="W"),
    Row(212, "meter_current_l1", "u32", _current(0), unit="A", scale=0.001),
    Row(214, "meter_current_l2", "u32", _current(1), unit="A", scale=0.001),
    Row(216, "meter_current_l3", "u32", _current(2), unit="A", scale=0.001),
    Row(218, "meter_total_energy", "u32", _energy, unit="Wh"),
    Row(
        220,
        "meter_total_power",
        "u32",
        lambda box: view.power_w(box) if view.measured(box) else UNKNOWN,
        unit="W",
    ),
    Row(222, "meter_voltage_l1", "u32", _voltage(0), unit="V"),
    Row(224, "meter_voltage_l2", "u32", _voltage(1), unit="V"),
    Row(226, "meter_voltage_l3", "u32", _voltage(2), unit="V"),
    Row(600, "dlm_mode", "u16", lambda box: 0, meanings={0: "disabled"}, help="Fairamp shares by other means"),
    Row(700, "req_energy_15118_16", "u16", lambda box: 0, unit="Wh", works=False),
    Row(701, "sched_dep_time_15118", "u32", lambda box: 0, works=False, help="BCD hhmmss"),
    Row(703, "sched_dep_date_15118", "u32", lambda box: 0, works=False, help="BCD ddmmyy"),
    Row(
        705,
        "charged_energy_16",
        "u16",
        view.session_wh,
        unit="Wh",
        help="stays at the highest number",
    ),
    Row(706, "signaled_current", "u16", lambda box: view.offer_ma(box) // 1000, unit="A"),
    Row(707, "start_time", "u32", lambda box: _bcd(view.session_began(box)), help="BCD hhmmss, UTC"),
    Row(709, "charge_duration_16", "u16", view.session_s, unit="s"),
    Row(
        710,
        "end_time",
        "u32",
        lambda box: _bcd(view.session_ended(box)),
        help="BCD hhmmss, UTC; 0 while a car is there",
    ),
    Row(712, "minimum_current_limit", "u16", lambda box: LEAST_MA // 1000, unit="A"),
    Row(713, "req_energy_15118", "u32", lambda box: 0, unit="Wh", works=False),
    Row(
        715,
        "max_current_ev",
        "u16",
        lambda box: view.cable_ma(box) // 1000,
        unit="A",
        help="what the cable may carry",
    ),
    Row(716, "charged_energy", "u32", view.session_wh, unit="Wh"),
    Row(718, "charge_duration", "u32", view.session_s, unit="s"),
    Row(720, "idtag", "ascii", lambda box: " " * TAG_LETTERS, words=10, works=False, help="blanks"),
    Row(740, "smart_vehicle_detected", "u16", lambda box: 0, meanings={0: "no", 1: "yes"}),
    Row(741, "evccid_15118", "ascii", lambda box: "", words=6, works=False),
    Row(
        1000,
        "hems_current_limit",
        "u16",
        lambda box: min(view.written_ma(box, _point(box)), MOST_MA) // 1000,
        lambda box, value: answer(commands.set_current(box, WHO, _point(box), 1000 * value)),
        unit="A",
        allowed=((0, 32),),
        help="the set-point; 0 to 5 pauses; lowers the offer, never lifts a limit",
    ),
    Row(
        1110,
        "write_idtag",
        "ascii",
        None,
        lambda box, text: answer(commands.card(box, WHO, text)),
        words=10,
        by_word=True,
        help="as a card: starts the session, or stops it; refused when managers may not start and stop",
    ),
)


# Gaps read 0: the number for what is not known belongs to the values of the meter.
DIALECT = Dialect(
    "mennekes",
    banks=lambda box: {ANY_UNIT: Bank(ROWS, box)},
    begin=_point,
    heard=_heard,
)
