"""Siemens SENTRON PAC. A read has to begin and end where a value does."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_HOLDING, TOTAL, VOLTAGE, row

# Energy is counted in two tariffs, which add up.
_PAC = (
    (VOLTAGE, 1, 2, "f32", 1),
    (CURRENT, 13, 2, "f32", 1),
    (POWER, 25, 2, "f32", 1),
    (FREQUENCY, 55, 0, "f32", 1),
    (TOTAL, 65, 0, "f32", 1),
    (IMPORT, 801, 0, "f64", 1),
    (IMPORT, 805, 0, "f64", 1),
    (EXPORT, 809, 0, "f64", 1),
    (EXPORT, 813, 0, "f64", 1),
)
_PAC1600 = (
    (VOLTAGE, 1, 2, "u32", 0.01),
    (CURRENT, 7, 2, "u32", 0.0001),
    (POWER, 19, 2, "i32", 0.01),
    (FREQUENCY, 49, 0, "u32", 0.01),
    (TOTAL, 57, 0, "i32", 0.01),
    (IMPORT, 6687, 0, "u32", 1),
    (EXPORT, 6689, 0, "u32", 1),
)
_FACTORY = (126, 19200, "N", 2)

MODELS = (
    row("siemens_pac2200", "Siemens PAC2200", 3, READ_HOLDING, 120, _PAC, _FACTORY, (502, 1)),
    row(
        "siemens_pac3200", "Siemens PAC3120, PAC3200, PAC3220, PAC4200", 3, READ_HOLDING, 120, _PAC, _FACTORY, (502, 1)
    ),
    row("siemens_pac1600", "Siemens PAC1600", 3, READ_HOLDING, 60, _PAC1600, (1, 19200, "N", 1)),
)
