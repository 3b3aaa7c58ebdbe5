"""Chint: the three-phase meter tells what is behind its transformers, and their ratios beside it."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_HOLDING, TOTAL, VOLTAGE, row

_THREE = (
    (VOLTAGE, 0x2006, 2, "f32", 0.1),
    (CURRENT, 0x200C, 2, "f32", 0.001),
    (TOTAL, 0x2012, 0, "f32", 0.1),
    (POWER, 0x2014, 2, "f32", 0.1),
    (FREQUENCY, 0x2044, 0, "f32", 0.01),
    (IMPORT, 0x101E, 0, "f32", 1000),
    (EXPORT, 0x1028, 0, "f32", 1000),
)
_ONE = (
    (VOLTAGE, 0x2000, 0, "f32", 1),
    (CURRENT, 0x2002, 0, "f32", 1),
    (POWER, 0x2004, 0, "f32", 1000),
    (FREQUENCY, 0x200E, 0, "f32", 1),
    (IMPORT, 0x4000, 0, "f32", 1000),
    (EXPORT, 0x400A, 0, "f32", 1000),
)
_RATIOS = (
    (6, "u16", 1, (CURRENT, POWER, TOTAL, IMPORT, EXPORT)),
    (7, "u16", 0.1, (VOLTAGE, POWER, TOTAL, IMPORT, EXPORT)),
)
_FACTORY = (1, 9600, "N", 1)

MODELS = (
    row("chint_dtsu666", "Chint DTSU666", 3, READ_HOLDING, 60, _THREE, _FACTORY, ratios=_RATIOS),
    row("chint_ddsu666", "Chint DDSU666", 1, READ_HOLDING, 40, _ONE, _FACTORY),
)
