"""Current transformers that the box itself samples, in place of a house meter."""

from fairamp.settings.kinds import CHOICE, FLAG, INSTALLER, NUMBER, OHM, PER_PHASE, RESTART, TENTHS, WHOLE, A

ROWS: tuple = (
    ("ct.clamps", INSTALLER, RESTART, WHOLE, 3, "", 1, 3),
    ("ct.solar", INSTALLER, RESTART, FLAG, False),
    ("ct.ratio", INSTALLER, RESTART, CHOICE, "3000:1", ("2000:1", "3000:1")),
    ("ct.burden", INSTALLER, RESTART, NUMBER, 22, "ohm", 1, 1000, OHM),
    ("ct.trim", INSTALLER, RESTART, PER_PHASE, (0, 0, 0), "%", -10, 10, TENTHS),
    ("ct.floor", INSTALLER, RESTART, PER_PHASE, (0, 0, 0), "A", 0, 2, A),
)
HELP = {
    "clamps": "current transformers on the house connection, from L1 on",
    "solar": "one phase: the first transformer is for the house, the second for its inverter, which has no battery",
    "ratio": "their ratio",
    "burden": "resistor across each of them",
    "trim": "correction of each",
    "floor": "noise that calibration found with the clamp off the cable",
}
NEEDS = {
    "clamps": "meter.model = ct",
    "solar": "meter.model = ct, ct.clamps = 2",
    "ratio": "meter.model = ct",
    "burden": "meter.model = ct",
    "trim": "meter.model = ct",
    "floor": "meter.model = ct",
}
