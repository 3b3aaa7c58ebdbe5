"""The dongles that make Modbus of a P1 port."""

from fairamp.meters.model import (
    CURRENT,
    EXPORT,
    IMPORT,
    POWER,
    POWER_IN,
    POWER_OUT,
    READ_HOLDING,
    STAMP,
    TOTAL_IN,
    TOTAL_OUT,
    VOLTAGE,
    row,
)

_BOTH = (
    (STAMP, 0, 0, "u32", 1),
    (IMPORT, 10, 0, "u32", 1),
    (EXPORT, 12, 0, "u32", 1),
    (TOTAL_IN, 14, 0, "u32", 1),
    (TOTAL_OUT, 16, 0, "u32", 1),
    (VOLTAGE, 18, 2, "u32", 0.001),
    (CURRENT, 24, 2, "u32", 0.001),
)
_P1_RTU = _BOTH + ((POWER_IN, 38, 2, "u32", 1), (POWER_OUT, 44, 2, "u32", 1))
_P1_TCP = _BOTH + ((POWER, 38, 2, "i32", 1),)

MODELS = (
    row("smartstuff_p1_rtu", "smart-stuff P1 dongle", 3, READ_HOLDING, 60, _P1_RTU, (43, 38400, "E", 1)),
    row("smartstuff_p1_tcp", "smart-stuff P1-Dongle-Pro", 3, READ_HOLDING, 60, _P1_TCP, tcp=(502, 1)),
)
