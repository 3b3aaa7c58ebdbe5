"""The registers of an Alfen NG9xx: unit 200 is the station with its network of chargers, unit 1 its only socket.

A box is a network of one. What it cannot know reads 0xFFFF, and is "not a number" where a float is expected.
"""

import struct

from fairamp import VERSION, commands, view
from fairamp.charging import states
from fairamp.charging.limits import GRID, HARDWARE, NO_LIMIT, USER
from fairamp.managers import Dialect, answer
from fairamp.modbus.bank import Bank
from fairamp.modbus.table import KINDS, Row, Rows
from fairamp.units import age

WHO = "ems:alfen"
# One for each phase of the grid: of a whole network of chargers.
NETWORK = ("alfen L1", "alfen L2", "alfen L3")
STATION_UNIT, SOCKET_UNIT = 200, 1
FILLER = 0xFFFF
# All its bits are ones, so that a float that is not known looks like the other words that are not.
NO_FLOAT = struct.unpack(">d", b"\xff" * 8)[0]
UNKNOWN = {"u64": 0xFFFFFFFFFFFFFFFF, "i16": -1, "f32": NO_FLOAT, "f64": NO_FLOAT}
# 1 to 5 A cannot be offered to a car: they pause, and read back as written.
CURRENTS = ((0, 80),)
MOST_MA = 80000
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
    """A terminal that is not wired has none: clients count the phases by it."""

    def get(box):
        if not view.measured(box) or terminal >= len(view.wired(box)):
            return NO_FLOAT
        return view.voltage_mv(box, terminal) / 1000

    return get


def _current(terminal):
    return lambda box: view.current_ma(box, terminal) / 1000 if view.measured(box) else NO_FLOAT


def _power(terminal):
    return lambda box: view.watts(box, terminal) if view.measured(box) else NO_FLOAT


def _current_sum(box):
    if not view.measured(box):
        return NO_FLOAT
    return (view.current_ma(box, 0) + view.current_ma(box, 1) + view.current_ma(box, 2)) / 1000


def _energy(box):
    return view.energy_wh(box) if view.metered(box) else NO_FLOAT


def _meter_state(box):
    if not view.metered(box):
        return 0
    return INITIALISED | (UPDATED if view.measured(box) else FAILED)


def _meter_age(box):
    return age(view.now(box), view.read_at(box)) if view.metered(box) else UNKNOWN["u64"]


def _temperature(box):
    tenths = view.temperature_dc(box)
    return NO_FLOAT if tenths is None else tenths / 10


def _used_on(phase):
    """What all sockets draw from a phase of the grid."""

    def used(box):
        if not view.measured(box):
            return NO_FLOAT
        total = 0
        for socket in view.sockets(box):
            if phase in socket.phases:
                total += socket.draw(socket.phases.index(phase))
        return total / 1000

    return used


# ---- limits and set-points


def _station_ma(box):
    return min(view.limit_of(box, HARDWARE), view.limit_of(box, GRID), view.limit_of(box, USER))


def _station_limit(box):
    return _station_ma(box) / 1000


def _limit(box):
    return view.limit_ma(box) / 1000


def _limit_on(phase):
    """Of all sockets; of a single one, what it offers there."""

    def limit(box):
        if len(view.sockets(box)) > 1:
            return max(0, view.budget_ma(box, phase)) / 1000
        return _limit(box) if phase in view.wired(box) else 0

    return limit


def _point(box):
    return commands.set_point(box, "alfen", box.settings["ems.alfen_validity"])


def _point_on(box, phase):
    return commands.set_point(box, NETWORK[phase], box.settings["ems.alfen_validity"], phase)


def _begin(box):
    _point(box)
    for phase in range(3):
        _point_on(box, phase)


def _written(box, point, most_ma):
    """What holds is read before the first write: clients write back what they read, or take 0 for a pause."""
    return (min(view.unset_ma(box, most_ma), MOST_MA) if point.written_ma == NO_LIMIT else point.written_ma) / 1000


def _take(box, point, amps):
    """Every write starts the validity of its own set-point anew, and of no other."""
    refused = commands.set_current(box, WHO, point, int(1000 * amps + 0.5))
    point.feed(view.now(box))
    return answer(refused)


def _seconds_left(box, point):
    """Begun seconds, so that 0 means that it is over."""
    return (point.left_ms(view.now(box)) + 999) // 1000


def _network(phase):
    """Set-point of a phase of the grid."""
    return Row(
        1417 + 2 * phase,
        "scn_max_current" + _name(phase),
        "f32",
        lambda box: _written(box, _point_on(box, phase), box.settings["site.fuse"][phase]),
        lambda box, amps: _take(box, _point_on(box, phase), amps),
        unit="A",
        allowed=CURRENTS,
    )


def _network_left(phase):
    return lambda box: _seconds_left(box, _point_on(box, phase))


def _phases(box):
    return 3 if view.three_phases(box) else 1


def _set_phases(box, count):
    return answer(commands.phases(box, WHO, count == 3))


# ---- the station


def _plain(text):
    """ASCII, whatever the settings hold."""
    return "".join([letter if " " <= letter <= "~" else "?" for letter in text])


def _clock(part):
    def get(box):
        utc = view.utc(box)
        return utc[part] if utc else UNKNOWN["i16"]

    return get


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
        Row(174, "uptime", "u64", lambda box: 1000 * view.uptime_s(box), unit="s", scale=0.001),
        Row(178, "time_zone", "i16", lambda box: 0, unit="min"),
        Row(1100, "station_active_max_current", "f32", _station_limit, unit="A"),
        Row(1102, "temperature", "f32", _temperature, unit="degC"),
        Row(1104, "ocpp_state", "u16", lambda box: 0, works=False),
        Row(1105, "nr_of_sockets", "u16", lambda box: 1),
        Row(1400, "scn_name", "ascii", lambda box: "Fairamp", words=4),
        Row(1404, "scn_sockets", "u16", lambda box: len(view.sockets(box))),
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
        Row(1429, "scn_safe_current", "f32", lambda box: _point_on(box, 0).failsafe_ma / 1000, unit="A"),
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
            lambda box: 4 if view.estimated(box) else 0,
            meanings={0: "RTU", 1: "TCP/IP", 2: "UDP", 3: "P1", 4: "other"},
            help="other: the charger has no meter, and what it tells is estimated",
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
    + _family(338, "f32", "W", "real_power", _power, view.power_w)
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
            lambda box: int(view.available(box) and not view.stops(box)),
            meanings={0: "inoperative", 1: "operative"},
        ),
        Row(1201, "mode3_state", "ascii", view.state, words=5, help=", ".join(states.STATES)),
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
            lambda box: _seconds_left(box, _point(box)),
            unit="s",
            help="until the safe current holds",
        ),
        Row(
            1210,
            "modbus_max_current",
            "f32",
            lambda box: _written(box, _point(box), _station_ma(box)),
            lambda box, amps: _take(box, _point(box), amps),
            unit="A",
            allowed=CURRENTS,
            help="the set-point; below 6 pauses; lowers the offer, never lifts a limit; what holds until it is written",
        ),
        Row(1212, "safe_current", "f32", lambda box: _point(box).failsafe_ma / 1000, unit="A"),
        Row(
            1214,
            "setpoint_accounted_for",
            "u16",
            lambda box: int(_point(box).left_ms(view.now(box)) > 0),
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
            help="a change is refused without a relay for it and unless switching is allowed; busy soon after a change",
        ),
    ]
)

DIALECT = Dialect(
    "alfen",
    banks=lambda box: {STATION_UNIT: Bank(STATION, box, FILLER), SOCKET_UNIT: Bank(SOCKET, box, FILLER)},
    begin=_begin,
    masters=2,
    silence=lambda box: _point(box).timeout_ms,
    idle_ms=60000,
)
