"""The registers of a Vestel EVC, as an energy manager sees them.

Only a write of the alive register feeds the watchdog. When it strikes, the failsafe current holds and the connection is
closed; the next alive brings the set-point back.
"""

from fairamp import VERSION
from fairamp.maps import Dialect
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import ILLEGAL_VALUE
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows
from fairamp.pilot import LEAST_MA, NO_CABLE_OHM

STATUS = (
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
)
EQUIPMENT_TEXTS = {0: "initializing", 1: "running", 2: "fault", 3: "disabled", 4: "updating"}
CABLE_TEXTS = {0: "not connected", 1: "connected, no car", 2: "car connected", 3: "car connected, cable locked"}
PHASE_TEXTS = {0: "one phase", 1: "three phases"}
# The first part says which set of registers is answered: clients take features from it.
FIRMWARE = "v3.187.0-fairamp-" + VERSION
MOST_MA = 32000

# What a client may know of, and is not here: exception 2. Address, name, reason.
ABSENT = (
    (5000, "set_charge_power", "one client only, and for a sibling of this charger; the current of 5004 is enough"),
)


def _voltage(terminal):
    return lambda box: (box.own.voltage_mv[terminal] + 500) // 1000


def _current(terminal):
    return lambda box: box.own.current_ma[terminal]


def _power(terminal):
    return lambda box: box.own.power_w[terminal]


def _wired_for_three(box):
    return len(box.phases) == 3


def _model(box):
    """Phases and current, in the five letters that there are."""
    return str(len(box.phases)) + "x" + str(box.settings["charger.max"] // 1000) + "A"


def _date(box):
    return (box.utc[0] % 100 * 100 + box.utc[1]) * 100 + box.utc[2] if box.utc else 0


def _decimal(time):
    return (time[0] * 100 + time[1]) * 100 + time[2]


def _most_power(box):
    return len(box.phases) * box.settings["site.voltage"] * (box.settings["charger.max"] // 1000)


def _phases(box):
    if box.ems.phases_back:
        return 1
    phases = box.point.phases
    return int(_wired_for_three(box) and (phases.wanted if phases.holds_offer() else phases.three))


def _set_phases(box, value):
    if not (_wired_for_three(box) and box.can_switch_phases()) or box.point.phases.request(box.now, bool(value)):
        return ILLEGAL_VALUE
    box.ems.one_phase = not value
    box.ems.phases_back = False
    return None


def equipment_state(box):
    if box.point.guard.faults.active:
        return 2
    if not box.available():
        return 3
    return int(box.own.number > 0 and box.coordinator.grid.number > 0)


def cable_state(box):
    if box.point.session.connected:
        return 3 if box.point.lock else 2
    ohm = box.inputs.proximity_ohm
    return int(ohm is not None and 0 < ohm < NO_CABLE_OHM)


def _set_failsafe(box, value):
    box.ems.vestel.failsafe_ma = 1000 * value


def _set_timeout(box, value):
    box.ems.vestel.timeout_ms = 1000 * value


def _set_point(box):
    return min(box.written(box.ems.vestel), MOST_MA) // 1000


def _alive(box, value):
    if value:
        box.ems.vestel.feed(box.now)


def _gone(box):
    """The wish for one phase lasts as long as the connection."""
    box.ems.phases_back = box.ems.phases_back or box.ems.one_phase
    box.ems.one_phase = False


ROWS = Rows(
    Row(100, "serial_number", "utf16", lambda box: box.settings["box.serial"], words=25),
    Row(130, "chargepoint_id", "utf16", lambda box: box.settings["box.name"], words=50),
    Row(190, "brand", "utf16", lambda box: "Fairamp", words=10),
    Row(210, "model", "utf16", _model, words=5, help="number of phases and highest current"),
    Row(230, "firmware_version", "utf16", lambda box: FIRMWARE, words=50, help="first the set of registers, then ours"),
    Row(290, "date", "u32", _date, help="decimal YYMMDD, UTC; 0 while it is not known"),
    Row(
        294,
        "time",
        "u32",
        lambda box: _decimal(box.time_of_day()),
        help="decimal HHMMSS, UTC; since the start while it is not known",
    ),
    Row(400, "chargepoint_power", "u32", _most_power, unit="W", help="the most it can supply"),
    Row(404, "number_of_phases", "u16", lambda box: int(_wired_for_three(box)), meanings=PHASE_TEXTS),
    Row(
        405,
        "phase_switch",
        "u16",
        _phases,
        _set_phases,
        allowed=(0, 1),
        meanings=PHASE_TEXTS,
        help="refused when it cannot switch now; three phases again when the connection ends",
    ),
    Row(
        1000,
        "chargepoint_state",
        "u16",
        lambda box: STATUS.index(box.ocpp_status()),
        meanings=dict(enumerate(STATUS)),
    ),
    Row(
        1001,
        "charging_state",
        "u16",
        lambda box: int(box.point.contactor),
        meanings={0: "not charging", 1: "charging"},
    ),
    Row(1002, "equipment_state", "u16", equipment_state, meanings=EQUIPMENT_TEXTS),
    Row(1004, "cable_state", "u16", cable_state, meanings=CABLE_TEXTS),
    Row(
        1006,
        "evse_fault_code",
        "u32",
        lambda box: box.point.guard.faults.errors(),
        help="0 = no fault; else the bits of register 35 of a TeltoCharge",
    ),
    Row(1008, "current_l1", "u16", _current(0), unit="A", scale=0.001),
    Row(1010, "current_l2", "u16", _current(1), unit="A", scale=0.001),
    Row(1012, "current_l3", "u16", _current(2), unit="A", scale=0.001),
    Row(1014, "voltage_l1", "u16", _voltage(0), unit="V"),
    Row(1016, "voltage_l2", "u16", _voltage(1), unit="V"),
    Row(1018, "voltage_l3", "u16", _voltage(2), unit="V"),
    Row(1020, "active_power_total", "u32", lambda box: box.inputs.power_w, unit="W"),
    Row(1024, "active_power_l1", "u32", _power(0), unit="W"),
    Row(1028, "active_power_l2", "u32", _power(1), unit="W"),
    Row(1032, "active_power_l3", "u32", _power(2), unit="W"),
    Row(1036, "meter_reading", "u32", lambda box: box.own.energy_wh // 100, unit="kWh", scale=0.1),
    Row(1100, "session_max_current", "u16", _set_point, unit="A", help="as 5004"),
    Row(1102, "evse_min_current", "u16", lambda box: LEAST_MA // 1000, unit="A"),
    Row(1104, "evse_max_current", "u16", lambda box: min(box.settings["charger.max"], MOST_MA) // 1000, unit="A"),
    Row(1106, "cable_max_current", "u16", lambda box: box.cable_ma() // 1000, unit="A"),
    Row(1108, "ev_max_current", "u16", lambda box: 0, unit="A", works=False),
    Row(1502, "session_energy", "u32", lambda box: box.point.session.energy.wh, unit="Wh"),
    Row(1504, "session_start_time", "u32", lambda box: _decimal(box.session_began), help="decimal HHMMSS"),
    Row(1508, "session_duration", "u32", lambda box: box.point.session.seconds, unit="s"),
    Row(
        1512,
        "session_end_time",
        "u32",
        lambda box: _decimal(box.session_ended),
        help="decimal HHMMSS; 0 while a car is there",
    ),
    Row(1516, "rfid_tag", "utf16", lambda box: "", words=15, works=False),
    Row(
        2000,
        "failsafe_current",
        "u16",
        lambda box: box.ems.vestel.failsafe_ma // 1000,
        _set_failsafe,
        unit="A",
        allowed=(0, (6, 32)),
        help="holds after the time-out, until the next alive; 0 pauses",
    ),
    Row(
        2002,
        "failsafe_timeout",
        "u16",
        lambda box: box.ems.vestel.timeout_ms // 1000,
        _set_timeout,
        unit="s",
        allowed=((0, 3600),),
        help="watchdog, armed by the first alive; 0 = none",
    ),
    Row(
        5004,
        "charging_current",
        "u16",
        _set_point,
        lambda box, value: box.ems.vestel.write(1000 * value),
        unit="A",
        allowed=((0, 32),),
        help="the set-point; 0 to 5 pauses; lowers the offer, never lifts a limit",
    ),
    Row(
        6000,
        "alive",
        "u16",
        lambda box: 0,
        _alive,
        allowed=(0, 1),
        help="1 feeds the watchdog, and nothing else does; reads 0 again at once",
    ),
)


DIALECT = Dialect(
    "vestel",
    banks=lambda box: {ANY_UNIT: Bank(ROWS, box)},
    gone=_gone,
    masters=1,
    lost=lambda box: box.ems.vestel.struck(),
)
