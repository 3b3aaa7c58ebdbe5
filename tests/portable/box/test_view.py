"""What everybody sees is the same, whoever shows it."""

import struct

from checks import equal
from fairamp import view
from fairamp.box import Box
from fairamp.managers import load
from fairamp.modbus.frames import get16
from fairamp.modbus.server import ANY_UNIT
from fairamp.settings import Settings
from fairamp.status import status
from registers import look

CURRENT_MA = (16000, 8000, 100)
POWER_W = (3680, 1840, 20)


def make(sign, relay=False, **charger):
    settings = Settings()
    equal(settings.load({"charger": charger}, "test"), [])
    box = Box(settings, phase_relay=relay)
    own = box.own
    for phase in range(3):
        own.current_ma[phase] = sign * CURRENT_MA[phase]
        own.power_w[phase] = sign * POWER_W[phase]
        own.voltage_mv[phase] = 230000
    own.total_w = sign * sum(POWER_W)
    look(box, 0)
    return box


def words(box, name, unit, address, count):
    out = bytearray(2 * count)
    equal(load(name).banks(box)[unit].read(address, count, out, 0), 0)
    return out


def currents(box):
    """By every way that there is, in mA."""
    telto = words(box, "teltocharge", ANY_UNIT, 3, 3)
    vestel = words(box, "vestel", ANY_UNIT, 1008, 5)
    mennekes = words(box, "mennekes", ANY_UNIT, 212, 6)
    return [
        [100 * get16(telto, 2 * phase) for phase in range(3)],
        [get16(vestel, 4 * phase) for phase in range(3)],
        [get16(mennekes, 4 * phase + 2) for phase in range(3)],
        [round(1000 * amps) for amps in struct.unpack(">3f", words(box, "alfen", 1, 320, 6))],
        status(box)["charger"]["draw"]["current_ma"],
        [view.current_ma(box, terminal) for terminal in range(3)],
    ]


def powers(box):
    """Per terminal, and together, in W."""
    alfen = [round(watts) for watts in struct.unpack(">4f", words(box, "alfen", 1, 338, 8))]
    vestel = struct.unpack(">I4xI4xI4xI", words(box, "vestel", ANY_UNIT, 1020, 14))
    mennekes = struct.unpack(">3I", words(box, "mennekes", ANY_UNIT, 206, 6))
    draw = status(box)["charger"]["draw"]
    return [
        alfen,
        list(vestel[1:]) + [vestel[0]],
        list(mennekes) + list(struct.unpack(">I", words(box, "mennekes", ANY_UNIT, 220, 2))),
        draw["power_w"] + [draw["total_w"]],
    ]


def test_a_reversed_charger_meter_changes_nothing_that_anybody_sees():
    for sign in (1, -1):
        box = make(sign)
        for found in currents(box):
            equal(list(found), list(CURRENT_MA))
        for found in powers(box):
            equal(list(found), list(POWER_W) + [sum(POWER_W)])
        equal(get16(words(box, "teltocharge", ANY_UNIT, 38, 1), 0), sum(POWER_W))
        equal(view.current_ma(box, 0), box.inputs.draw_ma[0])


def test_the_sum_belongs_to_the_same_reading_as_the_phases():
    box = make(1)
    box.own.power_w[0] = 1000
    equal(view.power_w(box), 1000 + POWER_W[1] + POWER_W[2])
    equal(status(box)["charger"]["draw"]["total_w"], view.power_w(box))


def test_what_the_house_exports_keeps_its_sign():
    box = make(1)
    box.coordinator.grid.current_ma[0] = -5000
    equal(status(box)["grid"]["current_ma"][0], -5000)


def test_a_way_back_to_three_phases_shows_as_three():
    box = make(1, relay=True, phase_switch=True)
    equal((view.three_next(box), view.three_phases(box), view.can_switch_phases(box)), (True, True, 1))
    box.point.phases.three = box.point.phases.wanted = False
    equal((view.three_next(box), view.three_phases(box)), (False, False))
    box.three_soon = True
    equal((view.three_next(box), view.three_phases(box)), (True, False))


def test_a_terminal_that_is_not_wired_has_no_voltage_whatever_the_meter_sees():
    settings = Settings()
    equal(settings.load({"charger": {"mapping": "L3"}}, "test"), [])
    box = Box(settings)
    box.own.voltage_mv[:] = [230000, 231000, 232000]
    box.own.accept(0)
    box.balance(0)
    equal([view.volts(box, terminal) for terminal in range(3)], [230, 0, 0])
    equal([get16(words(box, "teltocharge", ANY_UNIT, 0, 3), 2 * terminal) for terminal in range(3)], [230, 0, 0])
    equal([get16(words(box, "vestel", ANY_UNIT, 1014, 5), 4 * terminal) for terminal in range(3)], [230, 0, 0])
    equal(list(struct.unpack(">3I", words(box, "mennekes", ANY_UNIT, 222, 6))), [230, 0xFFFFFFFF, 0xFFFFFFFF])
    first, second, third = struct.unpack(">3f", words(box, "alfen", 1, 306, 6))
    equal((first, second != second, third != third), (230, True, True))
