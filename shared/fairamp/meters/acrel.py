"""Acrel."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_HOLDING, TOTAL, VOLTAGE, row

_ADL400 = (
    (VOLTAGE, 97, 1, "u16", 0.1),
    (CURRENT, 100, 1, "u16", 0.01),
    (POWER, 356, 2, "i32", 1),
    (TOTAL, 362, 0, "i32", 1),
    (FREQUENCY, 119, 0, "u16", 0.01),
    (IMPORT, 10, 0, "u32", 10),
    (EXPORT, 20, 0, "u32", 10),
)
_ADL3000 = (
    (VOLTAGE, 97, 1, "u16", 0.1),
    (CURRENT, 100, 1, "u16", 0.01),
    (POWER, 103, 1, "i16", 1),
    (TOTAL, 106, 0, "i16", 1),
    (FREQUENCY, 119, 0, "u16", 0.01),
    (IMPORT, 10, 0, "u32", 10),
    (EXPORT, 20, 0, "u32", 10),
)
_ADW300 = (
    (VOLTAGE, 20, 1, "u16", 0.1),
    (CURRENT, 26, 1, "u16", 0.01),
    (POWER, 30, 2, "i32", 1),
    (TOTAL, 36, 0, "i32", 1),
    (IMPORT, 62, 0, "i32", 10),
    (EXPORT, 64, 0, "i32", 10),
)
_RATIOS = ((331, "u16", 1, (CURRENT, POWER, TOTAL, IMPORT, EXPORT)),)
_FACTORY = (1, 9600, "N", 1)

MODELS = (
    row("acrel_adl400", "Acrel ADL400", 3, READ_HOLDING, 60, _ADL400, _FACTORY),
    row("acrel_adl3000", "Acrel ADL3000", 3, READ_HOLDING, 60, _ADL3000, _FACTORY, ratios=_RATIOS),
    row("acrel_adw300", "Acrel ADW300", 3, READ_HOLDING, 60, _ADW300, _FACTORY, (502, 1)),
)
