"""Carlo Gavazzi with three phases, and the Garo meters that they make. All write the low word first."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_INPUT, TOTAL, VOLTAGE, row

_PHASES = (
    (VOLTAGE, 0, 2, "i32", 0.1),
    (CURRENT, 12, 2, "i32", 0.001),
    (POWER, 18, 2, "i32", 0.1),
    (TOTAL, 40, 0, "i32", 0.1),
)
_EM24 = _PHASES + (
    (FREQUENCY, 55, 0, "i16", 0.1),
    (IMPORT, 62, 0, "i32", 100),
    (EXPORT, 92, 0, "i32", 100),
)
_THREE = _PHASES + (
    (FREQUENCY, 51, 0, "i16", 0.1),
    (IMPORT, 52, 0, "i32", 100),
    (EXPORT, 78, 0, "i32", 100),
)
_FACTORY = (1, 9600, "N", 1)
_MODE_B = ((0x1103, 1, "it cannot see export: set measurement mode B on the meter"),)


def _h(register):
    return ((register, 7, "it cannot see export: set application H on the meter"),)


def _em(id, name):
    return row(id, name, 3, READ_INPUT, 50, _THREE, _FACTORY, low_first=True, wanted=_MODE_B)


MODELS = (
    row(
        "cg_em24_rtu",
        "Carlo Gavazzi EM24-DIN",
        3,
        READ_INPUT,
        11,
        _EM24,
        _FACTORY,
        low_first=True,
        wanted=_h(0x1101),
    ),
    row(
        "cg_em24_tcp",
        "Carlo Gavazzi EM24 E1",
        3,
        READ_INPUT,
        50,
        _THREE,
        tcp=(502, 1),
        low_first=True,
        wanted=_h(0xA000),
    ),
    _em("cg_em330", "Carlo Gavazzi EM330"),
    _em("cg_em340", "Carlo Gavazzi EM340, EM341, ET340"),
    _em("cg_et330", "Carlo Gavazzi ET330"),
    _em("cg_em540", "Carlo Gavazzi EM530, EM540"),
    _em("garo_gnm3d", "Garo GNM3D"),
    _em("garo_gnm3t", "Garo GNM3T"),
)
