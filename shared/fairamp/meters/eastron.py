"""Eastron: one map for all, floats with the high word first."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_INPUT, TOTAL, VOLTAGE, row

_THREE = (
    (VOLTAGE, 0, 2, "f32", 1),
    (CURRENT, 6, 2, "f32", 1),
    (POWER, 12, 2, "f32", 1),
    (TOTAL, 52, 0, "f32", 1),
    (FREQUENCY, 70, 0, "f32", 1),
    (IMPORT, 72, 0, "f32", 1000),
    (EXPORT, 74, 0, "f32", 1000),
)
_ONE = (
    (VOLTAGE, 0, 0, "f32", 1),
    (CURRENT, 6, 0, "f32", 1),
    (POWER, 12, 0, "f32", 1),
    (FREQUENCY, 70, 0, "f32", 1),
    (IMPORT, 72, 0, "f32", 1000),
    (EXPORT, 74, 0, "f32", 1000),
)
_SUM = (
    (TOTAL, 52, 0, "f32", 1),
    (IMPORT, 72, 0, "f32", 1000),
    (EXPORT, 74, 0, "f32", 1000),
)
# As they leave the factory, those with coils take them for 1:1, and people take coils of 100:1 (500:5). Where the ratio
# was set on the meter, it is read as the one without coils that has the same registers.
_COILS = ((None, "", 100, (CURRENT, POWER, TOTAL, IMPORT, EXPORT)),)
_FAST = (1, 9600, "N", 1)
_SLOW = (1, 2400, "N", 1)

MODELS = (
    row("eastron_sdm630", "Eastron SDM630", 3, READ_INPUT, 80, _THREE, _FAST),
    row("eastron_sdm120", "Eastron SDM120", 1, READ_INPUT, 60, _ONE, _SLOW),
    row("eastron_sdm120ct", "Eastron SDM120CT", 1, READ_INPUT, 60, _ONE, _SLOW, ratios=_COILS),
    row("eastron_sdm230", "Eastron SDM230", 1, READ_INPUT, 60, _ONE, _FAST),
    row("eastron_sdm220", "Eastron SDM220", 1, READ_INPUT, 60, _ONE, _SLOW),
    row("eastron_sdm72d_v1", "Eastron SDM72D V1", 3, READ_INPUT, 10, _SUM, _FAST),
    row("eastron_sdm72d_v2", "Eastron SDM72D V2", 3, READ_INPUT, 60, _THREE, _FAST),
    row("eastron_sdm72ct", "Eastron SDM72CT", 3, READ_INPUT, 60, _THREE, _FAST, ratios=_COILS),
    row("eastron_sem3", "Eastron SEM1, SEM3", 3, READ_INPUT, 60, _THREE, _FAST, (502, 1)),
)
