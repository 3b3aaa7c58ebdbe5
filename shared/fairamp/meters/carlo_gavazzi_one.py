"""Carlo Gavazzi with one phase. All write the low word first."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_INPUT, VOLTAGE, row

_ONE = (
    (VOLTAGE, 0, 0, "i32", 0.1),
    (CURRENT, 2, 0, "i32", 0.001),
    (POWER, 4, 0, "i32", 0.1),
    (FREQUENCY, 15, 0, "i16", 0.1),
    (IMPORT, 16, 0, "i32", 100),
    (EXPORT, 32, 0, "i32", 100),
)
_MODE_B = ((0x1103, 1, "it cannot see export: set measurement mode B on the meter"),)


def _em(id, name):
    return row(id, name, 1, READ_INPUT, 50, _ONE, (1, 9600, "N", 1), low_first=True, wanted=_MODE_B)


MODELS = (
    _em("cg_em111", "Carlo Gavazzi EM111, EM110"),
    _em("cg_em112", "Carlo Gavazzi EM112"),
    _em("cg_et112", "Carlo Gavazzi ET112"),
    _em("cg_em510", "Carlo Gavazzi EM510, EM511"),
)
