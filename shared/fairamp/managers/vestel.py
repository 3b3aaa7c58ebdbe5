"""The registers of a Vestel EVC, as an energy manager sees them.

The first write arms the watchdog, and from then on only the alive register feeds it. When it strikes, the failsafe
current holds and the connection is closed; the next alive brings the set-point back.
"""

from fairamp import VERSION, commands, view
from fairamp.charging.pilot import NO_CABLE_OHM
from fairamp.managers import Dialect, answer, card, ocpp_status
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import Row, Rows

WHO = "ems:vestel"
TIMEOUT_MS = 20000
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
CARD_HELP = "the card that has started the session; empty while there is none, or `ems.disclose_card` is off"

# What a client may know of, and is not here: exception 2. Address, name, reason.
ABSENT = (
    (5000, "set_charge_power", "one client only, and for a sibling of this charger; the current of 5004 is enough"),
)


def _voltage(terminal):
    return lambda box: view.volts(box, terminal)


def _current(terminal):
    return lambda box: view.current_ma(box, terminal)


def _power(terminal):
    return lambda box: view.watts(box, terminal)


def _wired_for_three(box):
    return len(view.wired(box)) == 3


def _model(box):
    """Phases and current, in the five letters that there are."""
    return str(len(view.wired(box))) + "x" + str(box.settings["charger.max"] // 1000) + "A"


def _date(box):
    utc = view.utc(box)
    return (utc[0] % 100 * 100 + utc[1]) * 100 + utc[2] if utc else 0


def _decimal(time):
    return (time[0] * 100 + time[1]) * 100 + time[2]


def _most_power(box):
    return len(view.wired(box)) * box.settings["site.voltage"] * (box.settings["charger.max"] // 1000)


def equipment_state(box):
    if view.faulty(box):
        return 2
    if not view.available(box):
        return 3
    return int(view.ready(box))


def cable_state(box):
    if view.connected(box):
        return 3 if view.locked(box) else 2
    ohm = view.cable_ohm(box)
    return int(ohm is not None and 0 < ohm < NO_CABLE_OHM)


def _point(box):
    return commands.set_point(box, "vestel", TIMEOUT_MS)


def _written(box):
    return min(view.written_ma(box, _point(box)), MOST_MA) // 1000


def _heard(box, who, wrote):
    if wrote:
        _point(box).arm(view.now(box))


def _alive(box, value):
    if value:
        _point(box).feed(view.now(box))


def _set_timeout(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, 1000 * value, point.failsafe_ma))


def _set_failsafe(box, value):
    point = _point(box)
    return answer(commands.set_watchdog(box, WHO, point, point.timeout_ms, 1000 * value))


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
        lambda box: _decimal(view.time_of_day(box)),
        help="decimal HHMMSS, UTC; since the start while it is not known",
    ),
    Row(400, "chargepoint_power", "u32", _most_power, unit="W", help="the most it can supply"),
    Row(404, "number_of_phases", "u16", lambda box: int(_wired_for_three(box)), meanings=PHASE_TEXTS),
    Row(
        405,
        "phase_switch",
        "u16",
        lambda box: int(view.three_next(box)),
        lambda box, value: answer(commands.phases(box, WHO, value == 1)),
        allowed=(0, 1),
        meanings=PHASE_TEXTS,
        help="refused where it cannot switch, busy soon after a change; three phases again when the connection ends",
    ),
    Row(
        1000,
        "chargepoint_state",
        "u16",
        lambda box: STATUS.index(ocpp_status.status(box)),
        meanings=dict(enumerate(STATUS)),
    ),
    Row(
        1001,
        "charging_state",
        "u16",
        lambda box: int(view.charging(box)),
        meanings={0: "not charging", 1: "charging"},
    ),
    Row(1002, "equipment_state", "u16", equipment_state, meanings=EQUIPMENT_TEXTS),
    Row(1004, "cable_state", "u16", cable_state, meanings=CABLE_TEXTS),
    Row(
        1006,
        "evse_fault_code",
        "u32",
        view.errors,
        help="0 = no fault; else the bits of register 35 of a TeltoCharge",
    ),
    Row(1008, "current_l1", "u16", _current(0), unit="A", scale=0.001),
    Row(1010, "current_l2", "u16", _current(1), unit="A", scale=0.001),
    Row(1012, "current_l3", "u16", _current(2), unit="A", scale=0.001),
    Row(1014, "voltage_l1", "u16", _voltage(0), unit="V"),
    Row(1016, "voltage_l2", "u16", _voltage(1), unit="V"),
    Row(1018, "voltage_l3", "u16", _voltage(2), unit="V"),
    Row(1020, "active_power_total", "u32", view.power_w, unit="W"),
    Row(1024, "active_power_l1", "u32", _power(0), unit="W"),
    Row(1028, "active_power_l2", "u32", _power(1), unit="W"),
    Row(1032, "active_power_l3", "u32", _power(2), unit="W"),
    Row(1036, "meter_reading", "u32", lambda box: view.energy_wh(box) // 100, unit="kWh", scale=0.1),
    Row(1100, "session_max_current", "u16", _written, unit="A", help="as 5004"),
    Row(1102, "evse_min_current", "u16", lambda box: box.settings["charger.min"] // 1000, unit="A"),
    Row(1104, "evse_max_current", "u16", lambda box: min(box.settings["charger.max"], MOST_MA) // 1000, unit="A"),
    Row(1106, "cable_max_current", "u16", lambda box: view.cable_ma(box) // 1000, unit="A"),
    Row(1108, "ev_max_current", "u16", lambda box: 0, unit="A", works=False),
    Row(1502, "session_energy", "u32", view.session_wh, unit="Wh"),
    Row(1504, "session_start_time", "u32", lambda box: _decimal(view.session_began(box)), help="decimal HHMMSS"),
    Row(1508, "session_duration", "u32", view.session_s, unit="s"),
    Row(
        1512,
        "session_end_time",
        "u32",
        lambda box: _decimal(view.session_ended(box)),
        help="decimal HHMMSS; 0 while a car is there",
    ),
    Row(1516, "rfid_tag", "utf16", card, words=15, help=CARD_HELP),
    Row(
        2000,
        "failsafe_current",
        "u16",
        lambda box: _point(box).failsafe_ma // 1000,
        _set_failsafe,
        unit="A",
        allowed=(0, (6, 32)),
        help="holds after the time-out, until the next alive; 0 pauses",
    ),
    Row(
        2002,
        "failsafe_timeout",
        "u16",
        lambda box: _point(box).timeout_ms // 1000,
        _set_timeout,
        unit="s",
        allowed=((0, 3600),),
        help="watchdog, armed by the first write of any register; 0 = none",
    ),
    Row(
        5004,
        "charging_current",
        "u16",
        _written,
        lambda box, value: answer(commands.set_current(box, WHO, _point(box), 1000 * value)),
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
    begin=_point,
    heard=_heard,
    gone=lambda box: commands.leave(box, WHO),
    masters=1,
    silence=lambda box: _point(box).timeout_ms,
    lost=lambda box: _point(box).struck(),
)
