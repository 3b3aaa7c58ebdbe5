"""The registers of a TeltoCharge EVC2, as an energy manager sees them."""

from fairamp import faults, states
from fairamp.modbus.table import Row

EVSE_ID = 21571
THREE_PHASES = 6
NO_PHASE = 7
# Bit mask of grid phases for each number from 0 to 7.
PHASES = (1, 2, 4, 3, 5, 6, 7, 0)

CURRENTS = (0, (6, 32))
# 1 to 5 A cannot be offered to a car: they pause, and read back as written.
WRITABLE_CURRENTS = ((0, 32),)

DENIED = 1 << faults.WARN_SIMPLE_DENIED | 1 << faults.WARN_VENTILATION_DENIED


def _voltage(phase):
    return lambda box: (box.coordinator.own.voltage_mv[phase] + 500) // 1000


def _current(phase):
    return lambda box: (box.coordinator.own.current_ma[phase] + 50) // 100


def _status(box):
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


def _limit(box):
    return min(box.settings["charger.max"], 32000) // 1000


def _set_phases(box, value):
    box.allow_phases(value == THREE_PHASES)


def _set_current(box, value):
    box.set_ems_current(value * 1000)


def _connected(box):
    """Which phases the car is connected to, as note 13 counts them."""
    if not box.point.session.connected:
        return NO_PHASE
    phases = 0
    for terminal, phase in enumerate(box.coordinator.phases):
        if box.point.terminals() & 1 << terminal:
            phases |= 1 << phase
    return PHASES.index(phases)


ROWS = (
    Row(0, "voltage_l1", "i16", _voltage(0), unit="V"),
    Row(1, "voltage_l2", "i16", _voltage(1), unit="V"),
    Row(2, "voltage_l3", "i16", _voltage(2), unit="V"),
    Row(3, "current_l1", "i16", _current(0), unit="A", scale="0.1"),
    Row(4, "current_l2", "i16", _current(1), unit="A", scale="0.1"),
    Row(5, "current_l3", "i16", _current(2), unit="A", scale="0.1"),
    Row(6, "evse_status", "u16", _status, allowed=((0, 9),)),
    Row(7, "evse_status_time", "u32", lambda box: box.status_s, unit="s", low_first=True),
    Row(9, "evse_id", "u16", lambda box: EVSE_ID),
    Row(10, "evse_3ph_config", "u16", lambda box: int(len(box.coordinator.phases) == 3)),
    Row(11, "phase_change", "u16", lambda box: int(box.settings["charger.phase_switch"] and box.point.phases.fitted)),
    Row(12, "amp_limit", "u16", _limit, unit="A", allowed=CURRENTS),
    Row(13, "phase_connected", "u16", _connected, allowed=((0, 7),)),
    Row(
        14,
        "phase_to_use",
        "u16",
        lambda box: THREE_PHASES if box.phases_allowed else NO_PHASE,
        _set_phases,
        allowed=(THREE_PHASES, NO_PHASE),
    ),
    Row(
        15,
        "amps_to_use",
        "u16",
        lambda box: box.ems_current() // 1000,
        _set_current,
        unit="A",
        allowed=WRITABLE_CURRENTS,
    ),
)
