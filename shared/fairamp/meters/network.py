"""Meters that mostly sit on the network, and the dongles that make Modbus of a P1 port."""

from fairamp.meters.model import (
    CURRENT,
    EXPORT,
    FREQUENCY,
    IMPORT,
    POWER,
    POWER_IN,
    POWER_OUT,
    READ_HOLDING,
    READ_INPUT,
    STAMP,
    TOTAL,
    TOTAL_IN,
    TOTAL_OUT,
    VOLTAGE,
    row,
)

_P1_RTU = (
    (STAMP, 0, 0, "u32", 1),
    (IMPORT, 10, 0, "u32", 1),
    (EXPORT, 12, 0, "u32", 1),
    (TOTAL_IN, 14, 0, "u32", 1),
    (TOTAL_OUT, 16, 0, "u32", 1),
    (VOLTAGE, 18, 2, "u32", 0.001),
    (CURRENT, 24, 2, "u32", 0.001),
    (POWER_IN, 38, 2, "u32", 1),
    (POWER_OUT, 44, 2, "u32", 1),
)
_P1_TCP = (
    (STAMP, 0, 0, "u32", 1),
    (IMPORT, 10, 0, "u32", 1),
    (EXPORT, 12, 0, "u32", 1),
    (TOTAL_IN, 14, 0, "u32", 1),
    (TOTAL_OUT, 16, 0, "u32", 1),
    (VOLTAGE, 18, 2, "u32", 0.001),
    (CURRENT, 24, 2, "u32", 0.001),
    (POWER, 38, 2, "i32", 1),
)
_SOCOMEC = (
    (VOLTAGE, 50520, 2, "u32", 0.01),
    (FREQUENCY, 50526, 0, "u32", 0.01),
    (CURRENT, 50528, 2, "u32", 0.001),
    (TOTAL, 50536, 0, "i32", 10),
    (POWER, 50544, 2, "i32", 10),
    (IMPORT, 50946, 0, "u32", 10),
    (EXPORT, 50952, 0, "u32", 10),
)
_PHOENIX = (
    (VOLTAGE, 0x8006, 2, "f32", 1),
    (FREQUENCY, 0x800C, 0, "f32", 1),
    (CURRENT, 0x800E, 2, "f32", 1),
    (TOTAL, 0x8016, 0, "f32", 1),
    (POWER, 0x801E, 2, "f32", 1),
    (IMPORT, 0x8100, 0, "f32", 1),
    (EXPORT, 0x8106, 0, "f32", 1),
)
_SHELLY = (
    (TOTAL, 1013, 0, "f32", 1),
    (VOLTAGE, 1020, 20, "f32", 1),
    (CURRENT, 1022, 20, "f32", 1),
    (POWER, 1024, 20, "f32", 1),
    (FREQUENCY, 1033, 0, "f32", 1),
    (IMPORT, 1162, 0, "f32", 1),
    (EXPORT, 1164, 0, "f32", 1),
)

MODELS = (
    row("smartstuff_p1_rtu", "smart-stuff P1 dongle", 3, READ_HOLDING, 60, _P1_RTU, (43, 38400, "E", 1)),
    row("smartstuff_p1_tcp", "smart-stuff P1-Dongle-Pro", 3, READ_HOLDING, 60, _P1_TCP, tcp=(502, 1)),
    row("socomec_e27", "Socomec COUNTIS E27", 3, READ_HOLDING, 125, _SOCOMEC, tcp=(502, 5)),
    row("phoenix_mb371", "Phoenix Contact EEM-MB371", 3, READ_HOLDING, 60, _PHOENIX, tcp=(502, 1), low_first=True),
    row("shelly_pro3em_modbus", "Shelly Pro 3EM", 3, READ_INPUT, 64, _SHELLY, tcp=(502, 1), low_first=True),
)
