"""ABB A and B series."""

from fairamp.meters.model import CURRENT, EXPORT, FREQUENCY, IMPORT, POWER, READ_HOLDING, TOTAL, VOLTAGE, row

_THREE = (
    (VOLTAGE, 23296, 2, "u32", 0.1),
    (CURRENT, 23308, 2, "u32", 0.01),
    (POWER, 23318, 2, "i32", 0.01),
    (TOTAL, 23316, 0, "i32", 0.01),
    (FREQUENCY, 23340, 0, "u16", 0.01),
    (IMPORT, 20480, 0, "u64", 10),
    (EXPORT, 20484, 0, "u64", 10),
)
# The power of a phase reads invalid on these: the total is that of the phase.
_ONE = (
    (VOLTAGE, 23296, 0, "u32", 0.1),
    (CURRENT, 23308, 0, "u32", 0.01),
    (POWER, 23316, 0, "i32", 0.01),
    (FREQUENCY, 23340, 0, "u16", 0.01),
    (IMPORT, 20480, 0, "u64", 10),
    (EXPORT, 20484, 0, "u64", 10),
)
_FACTORY = (1, 9600, "E", 1)

MODELS = (
    row("abb_b23", "ABB B23, B24", 3, READ_HOLDING, 125, _THREE, _FACTORY),
    row("abb_a43", "ABB A43, A44", 3, READ_HOLDING, 125, _THREE, _FACTORY),
    row("abb_b21", "ABB B21, A41, A42", 1, READ_HOLDING, 125, _ONE, _FACTORY),
)
