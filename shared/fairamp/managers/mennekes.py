"""The registers of a MENNEKES charger with an ECU, as an energy manager sees them.

The first write arms the watchdog; any valid request of the one who has set the current feeds it.
"""

from fairamp import commands, view
from fairamp.charging import faults
from fairamp.managers import Dialect, answer, card, ocpp_status
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows
from fairamp.refusals import NO_VALUE

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
SOFTWARE = [int(part) for part in FIRMWARE.split(".")] + [0]
PROTOCOL = "0.9"
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
CARD_HELP = "blank while there is none, or `ems.disclose_card` is off"

# What a client may know of, and is not here: exception 2. Address, name, reason.
ABSENT = (
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
    known = _metered(view.volts, terminal)
    return lambda box: known(box) if terminal < len(view.wired(box)) else UNKNOWN


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


# ---- the load management of all chargers: a box is a master with a charger of its own

OPERATOR = ("mennekes L1", "mennekes L2", "mennekes L3")


def _name(stem, phase):
    return "dlm_" + stem + "_l" + str(phase + 1)


def _operator(box, phase):
    """Of all sockets, on a phase of the grid; it holds until it is changed, without a watchdog."""
    return commands.set_point(box, OPERATOR[phase], 0, phase)


def _begin(box):
    _point(box)
    for phase in range(3):
        _operator(box, phase)


def _most(box, phase):
    return view.most_of_all_ma(box, phase) // 1000


def _set_operator(box, phase, amps):
    if amps > _most(box, phase):
        return answer(NO_VALUE)
    return answer(commands.set_current(box, WHO, _operator(box, phase), 1000 * amps))


def _operator_row(phase):
    return Row(
        613 + phase,
        _name("operator_evse_sub_distribution_limit", phase),
        "u16",
        lambda box: min(_operator(box, phase).written_ma // 1000, _most(box, phase)),
        lambda box, amps: _set_operator(box, phase, amps),
        unit="A",
        help="of all chargers, at most the register of 610 to 612; lowers, never lifts; holds until it is changed",
    )


def _each(address, stem, get, help=""):
    return [Row(address + phase, _name(stem, phase), "u16", get(phase), unit="A", help=help) for phase in range(3)]


def _heard(box, who, wrote):
    _point(box).hear(view.now(box), who, wrote)


def _card(box):
    number = card(box)
    return " " * (TAG_LETTERS - len(number)) + number


def _set_timeout(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, 1000 * value, point.failsafe_ma))


def _set_failsafe(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, point.timeout_ms, 1000 * value))


ROWS = Rows(
    [
        Row(
            100,
            "firmware_version",
            "ascii",
            lambda box: FIRMWARE,
            words=2,
            help="of the vendor whose registers these are",
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
            help="watchdog, armed by the first write, fed by any valid request",
        ),
        Row(
            134,
            "operator_current_limit",
            "u16",
            lambda box: view.user_limit_ma(box) // 1000,
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
        Row(153, "software_version_major", "u16", lambda box: SOFTWARE[0], help="as register 100"),
        Row(154, "software_version_minor", "u16", lambda box: SOFTWARE[1], help="as register 100"),
        Row(155, "software_version_patch", "u16", lambda box: SOFTWARE[2]),
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
        Row(600, "dlm_mode", "u16", lambda box: 1, meanings={1: "master with a charger of its own"}),
    ]
    + _each(610, "evse_sub_distribution_limit", lambda phase: lambda box: _most(box, phase))
    + [_operator_row(phase) for phase in range(3)]
    + [
        Row(620, "dlm_external_meter_support", "u16", lambda box: 1, meanings={0: "off", 1: "on"}),
        Row(621, "dlm_num_slaves_connected", "u16", view.others_online, help="further chargers that are heard"),
    ]
    + _each(630, "overall_current_applied", lambda phase: lambda box: view.offered_ma(box, phase) // 1000)
    + _each(633, "overall_current_available", lambda phase: lambda box: max(0, view.budget_ma(box, phase)) // 1000)
    + [
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
        Row(712, "minimum_current_limit", "u16", lambda box: box.settings["charger.min"] // 1000, unit="A"),
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
        Row(720, "idtag", "ascii", _card, words=10, help="the card that has started the session; " + CARD_HELP),
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
    ]
)


# Gaps read 0: the number for what is not known belongs to the values of the meter.
DIALECT = Dialect(
    "mennekes",
    banks=lambda box: {ANY_UNIT: Bank(ROWS, box)},
    begin=_begin,
    heard=_heard,
)
