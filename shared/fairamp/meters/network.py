"""Meters that mostly sit on the network."""

from fairamp.meters.model import (
    CURRENT,
    EXPORT,
    FREQUENCY,
    IMPORT,
    POWER,
    READ_HOLDING,
    READ_INPUT,
    TOTAL,
    VOLTAGE,
    row,
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
    row("socomec_e27", "Socomec COUNTIS E27", 3, READ_HOLDING, 125, _SOCOMEC, tcp=(502, 5)),
    row("phoenix_mb371", "Phoenix Contact EEM-MB371", 3, READ_HOLDING, 60, _PHOENIX, tcp=(502, 1), low_first=True),
    row("shelly_pro3em_modbus", "Shelly Pro 3EM", 3, READ_INPUT, 64, _SHELLY, tcp=(502, 1), low_first=True),
)
