"""The registers of an Alfen NG9xx: unit 200 is the station with its network of chargers, unit 1 its only socket.

A box is a network of one. What it cannot know reads 0xFFFF, and is "not a number" where a float is expected.
"""

import struct

from fairamp import VERSION, states
from fairamp.limits import GRID, HARDWARE, NO_LIMIT, USER
from fairamp.maps import Dialect
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import ILLEGAL_VALUE
from fairamp.modbus.table import KINDS, Row, Rows
from fairamp.units import elapsed

STATION_UNIT, SOCKET_UNIT = 200, 1
FILLER = 0xFFFF
# All its bits are ones, so that a float that is not known looks like the other words that are not.
NO_FLOAT = struct.unpack(">d", b"\xff" * 8)[0]
UNKNOWN = {"u64": 0xFFFFFFFFFFFFFFFF, "i16": -1, "f32": NO_FLOAT, "f64": NO_FLOAT}
# 1 to 5 A cannot be offered to a car: they pause, and read back as written.
CURRENTS = ((0, 80),)
INITIALISED, UPDATED, FAILED = 1, 2, 8
ABSENT = ()


def _name(phase):
    return "_l" + str(phase + 1)


def _rows(address, kind, unit, names, gets):
    """Rows of one kind that follow each other; without a getter the box does not know the value."""
    rows = []
    for name, get in zip(names, gets):
        rows.append(Row(address, name, kind, get or _unknown(kind), unit=unit, works=get is not None))
        address += KINDS[kind][0]
    return rows


def _family(address, kind, unit, stem, phase=None, total=None):
    """The values of three phases and their sum."""
    names = [stem + _name(index) for index in range(3)] + [stem + "_sum"]
    return _rows(address, kind, unit, names, [phase and phase(index) for index in range(3)] + [total])


def _unknown(kind):
    return lambda box: UNKNOWN[kind]


# ---- measured values; those of a meter that is lost are not known


def _voltage(terminal):
    return lambda box: box.own.voltage_mv[terminal] / 1000 if box.inputs.measured else NO_FLOAT


def _current(terminal):
    return lambda box: box.own.current_ma[terminal] / 1000 if box.inputs.measured else NO_FLOAT


def _power(terminal):
    return lambda box: box.own.power_w[terminal] if box.inputs.measured else NO_FLOAT


def _current_sum(box):
    return sum(box.own.current_ma) / 1000 if box.inputs.measured else NO_FLOAT


def _power_sum(box):
    """Clients do not expect that this one is unknown."""
    return box.inputs.power_w if box.inputs.measured else 0


def _energy(box):
    return box.own.energy_wh if box.own.number else NO_FLOAT


def _meter_state(box):
    own = box.own
    if not own.number:
        return 0
    return INITIALISED | (FAILED if own.stale else UPDATED)


def _meter_age(box):
    own = box.own
    return elapsed(box.now, own.taken) if own.number else UNKNOWN["u64"]


def _temperature(box):
    tenths = box.inputs.temperature_dc
    return NO_FLOAT if tenths is None else tenths / 10


def _used_on(phase):
    """What all sockets draw from a phase of the grid."""

    def used(box):
        if not box.inputs.measured:
            return NO_FLOAT
        total = 0
        for socket in box.coordinator.sockets:
            if phase in socket.phases:
                total += socket.draw(socket.phases.index(phase))
        return total / 1000

    return used


# ---- limits and set-points


def _station_limit(box):
    limits = box.point.limits
    return min(limits.get(HARDWARE), limits.get(GRID), limits.get(USER)) / 1000


def _limit(box):
    """What a car would be offered, whether there is one or not."""
    return box.point.limits.offer() / 1000


def _limit_on(phase):
    """Of all sockets; of a single one, what it offers there."""

    def limit(box):
        if len(box.coordinator.sockets) > 1:
            return max(0, box.coordinator.budget_ma[phase]) / 1000
        return _limit(box) if phase in box.phases else 0

    return limit


def _written(setpoint):
    return 0 if setpoint.written_ma == NO_LIMIT else setpoint.written_ma / 1000


def _take(box, setpoint, amps):
    """Every write starts the validity of its own set-point anew, and of no other."""
    setpoint.write(int(1000 * amps + 0.5))
    setpoint.feed(box.now)


def _seconds_left(box, setpoint):
    """Begun seconds, so that 0 means that it is over."""
    return (setpoint.left_ms(box.now) + 999) // 1000


def _network(phase):
    """Set-point of a phase of the grid."""
    return Row(
        1417 + 2 * phase,
        "scn_max_current" + _name(phase),
        "f32",
        lambda box: _written(box.ems.alfen_network[phase]),
        lambda box, amps: _take(box, box.ems.alfen_network[phase], amps),
        unit="A",
        allowed=CURRENTS,
    )


def _network_left(phase):
    return lambda box: _seconds_left(box, box.ems.alfen_network[phase])


def _phases(box):
    return 3 if box.point.phases.three and len(box.phases) == 3 else 1


def _set_phases(box, count):
    if not box.can_switch_phases() or len(box.phases) != 3:
        return ILLEGAL_VALUE
    return ILLEGAL_VALUE if box.point.phases.request(box.now, count == 3) else None


# ---- the station


def _plain(text):
    """ASCII, whatever the settings hold."""
    return "".join([letter if " " <= letter <= "~" else "?" for letter in text])


def _clock(part):
    return lambda box: box.utc[part] if box.utc else UNKNOWN["i16"]


STATION = Rows(
    [
        Row(100, "name", "ascii", lambda box: _plain(box.settings["box.name"]), words=17),
        Row(117, "manufacturer", "ascii", lambda box: "Alfen NV", words=5, help="as clients expect it"),
        Row(122, "modbus_table_version", "i16", lambda box: 1),
        Row(123, "firmware_version", "ascii", lambda box: VERSION, words=17),
        Row(140, "platform_type", "ascii", lambda box: "NG910", words=17, help="as clients expect it"),
        Row(157, "station_serial", "ascii", lambda box: _plain(box.settings["box.serial"]), words=11),
        Row(168, "date_year", "i16", _clock(0), unit="yr", help="date and time are UTC"),
        Row(169, "date_month", "i16", _clock(1), unit="mon"),
        Row(170, "date_day", "i16", _clock(2), unit="d"),
        Row(171, "time_hour", "i16", _clock(3), unit="h"),
        Row(172, "time_minute", "i16", _clock(4), unit="min"),
        Row(173, "time_second", "i16", _clock(5), unit="s"),
        Row(174, "uptime", "u64", lambda box: 1000 * box.uptime_s, unit="s", scale=0.001),
        Row(178, "time_zone", "i16", lambda box: 0, unit="min"),
        Row(1100, "station_active_max_current", "f32", _station_limit, unit="A"),
        Row(1102, "temperature", "f32", _temperature, unit="degC"),
        Row(1104, "ocpp_state", "u16", lambda box: 0, works=False),
        Row(1105, "nr_of_sockets", "u16", lambda box: 1),
        Row(1400, "scn_name", "ascii", lambda box: "Fairamp", words=4),
        Row(1404, "scn_sockets", "u16", lambda box: len(box.coordinator.sockets)),
    ]
    + _rows(
        1405,
        "f32",
        "A",
        ["scn_total_consumption" + _name(phase) for phase in range(3)],
        [_used_on(phase) for phase in range(3)],
    )
    + _rows(
        1411,
        "f32",
        "A",
        ["scn_actual_max_current" + _name(phase) for phase in range(3)],
        [_limit_on(phase) for phase in range(3)],
    )
    + [_network(phase) for phase in range(3)]
    + _rows(
        1423,
        "u32",
        "s",
        ["scn_valid_time" + _name(phase) for phase in range(3)],
        [_network_left(phase) for phase in range(3)],
    )
    + [
        Row(1429, "scn_safe_current", "f32", lambda box: box.ems.alfen_network[0].failsafe_ma / 1000, unit="A"),
        Row(
            1431,
            "scn_modbus_max_current_enable",
            "u16",
            lambda box: 1,
            meanings={0: "disabled", 1: "enabled"},
        ),
    ]
)

SOCKET = Rows(
    [
        Row(300, "meter_state", "u16", _meter_state, help="bit field: 1 has read, 2 is fresh, 8 is lost"),
        Row(301, "meter_last_value_age", "u64", _meter_age, unit="s", scale=0.001),
        Row(
            305,
            "meter_type",
            "u16",
            lambda box: 0,
            meanings={0: "RTU", 1: "TCP/IP", 2: "UDP", 3: "P1", 4: "other"},
        ),
    ]
    + _rows(
        306,
        "f32",
        "V",
        ["voltage_l1_n", "voltage_l2_n", "voltage_l3_n", "voltage_l1_l2", "voltage_l2_l3", "voltage_l3_l1"],
        [_voltage(0), _voltage(1), _voltage(2), None, None, None],
    )
    + _rows(318, "f32", "A", ["current_n"], [None])
    + _family(320, "f32", "A", "current", _current, _current_sum)
    + _family(328, "f32", "", "power_factor")
    + _rows(336, "f32", "Hz", ["frequency"], [None])
    + _family(338, "f32", "W", "real_power", _power, _power_sum)
    + _family(346, "f32", "VA", "apparent_power")
    + _family(354, "f32", "var", "reactive_power")
    + _family(362, "f64", "Wh", "energy_delivered", None, _energy)
    + _family(378, "f64", "Wh", "energy_consumed")
    + _family(394, "f64", "VAh", "apparent_energy")
    + _family(410, "f64", "varh", "reactive_energy")
    + [
        Row(
            1200,
            "availability",
            "u16",
            lambda box: int(box.available() and not box.point.guard.faults.stops()),
            meanings={0: "inoperative", 1: "operative"},
        ),
        Row(1201, "mode3_state", "ascii", lambda box: box.point.state, words=5, help=", ".join(states.STATES)),
        Row(
            1206,
            "actual_applied_max_current",
            "f32",
            _limit,
            unit="A",
            help="the lowest limit in force, with or without a car; 0 below 6",
        ),
        Row(
            1208,
            "max_current_valid_time",
            "u32",
            lambda box: _seconds_left(box, box.ems.alfen),
            unit="s",
            help="until the safe current holds",
        ),
        Row(
            1210,
            "modbus_max_current",
            "f32",
            lambda box: _written(box.ems.alfen),
            lambda box, amps: _take(box, box.ems.alfen, amps),
            unit="A",
            allowed=CURRENTS,
            help="the set-point; below 6 pauses; lowers the offer, never lifts a limit; 0 before the first write",
        ),
        Row(1212, "safe_current", "f32", lambda box: box.ems.alfen.failsafe_ma / 1000, unit="A"),
        Row(
            1214,
            "setpoint_accounted_for",
            "u16",
            lambda box: int(box.ems.alfen.left_ms(box.now) > 0),
            meanings={0: "no", 1: "yes"},
        ),
        Row(
            1215,
            "charge_phases",
            "u16",
            _phases,
            _set_phases,
            unit="phases",
            allowed=(1, 3),
            meanings={1: "one phase", 3: "three phases"},
            help="refused without a relay for it, unless switching is allowed, and soon after a change",
        ),
    ]
)

DIALECT = Dialect(
    "alfen",
    banks=lambda box: {STATION_UNIT: Bank(STATION, box, FILLER), SOCKET_UNIT: Bank(SOCKET, box, FILLER)},
    masters=2,
    idle_ms=60000,
)
