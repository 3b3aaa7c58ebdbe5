"""Inepro PRO, and the KLEFR meters with the same registers."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_HOLDING, TOTAL, VOLTAGE, row

_THREE = (
    (VOLTAGE, 0x5002, 2, "f32", 1),
    (FREQUENCY, 0x5008, 0, "f32", 1),
    (CURRENT, 0x500C, 2, "f32", 1),
    (TOTAL, 0x5012, 0, "f32", 1000),
    (POWER, 0x5014, 2, "f32", 1000),
    (IMPORT, 0x600C, 0, "f32", 1000),
    (EXPORT, 0x6018, 0, "f32", 1000),
)
_ONE = (
    (VOLTAGE, 0x5000, 0, "f32", 1),
    (FREQUENCY, 0x5008, 0, "f32", 1),
    (CURRENT, 0x500A, 0, "f32", 1),
    (POWER, 0x5012, 0, "f32", 1000),
    (IMPORT, 0x600C, 0, "f32", 1000),
    (EXPORT, 0x6018, 0, "f32", 1000),
)
# The PRO2 and some emulations fill the registers of L1 instead of those of the whole.
_ONE_AS_L1 = (
    (VOLTAGE, 0x5002, 0, "f32", 1),
    (FREQUENCY, 0x5008, 0, "f32", 1),
    (CURRENT, 0x500C, 0, "f32", 1),
    (POWER, 0x5014, 0, "f32", 1000),
    (IMPORT, 0x600C, 0, "f32", 1000),
    (EXPORT, 0x6018, 0, "f32", 1000),
)
_FACTORY = (1, 9600, "E", 1)

MODELS = (
    row("inepro_pro380", "Inepro PRO380", 3, READ_HOLDING, 60, _THREE, _FACTORY),
    row("inepro_pro1", "Inepro PRO1, PRO2", 1, READ_HOLDING, 60, _ONE, _FACTORY, also=_ONE_AS_L1),
    row("klefr_6934", "KLEFR 6934", 3, READ_HOLDING, 60, _THREE, _FACTORY),
    row("klefr_6924", "KLEFR 6924", 1, READ_HOLDING, 60, _ONE, _FACTORY, also=_ONE_AS_L1),
)
