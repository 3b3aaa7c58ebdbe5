"""What the light of a box says: one table, what matters most first. Of all that holds, the first row is shown.

It is lit without a break, or nearly, only while the contactor is closed.
"""

from fairamp.cause import of_box
from fairamp.charging.faults import FAULTS, REPAIRED, UNPLUGGED
from fairamp.charging.limits import CABLE, HARDWARE
from fairamp.reasons import (
    DELAYED,
    EMS_AWAITED,
    EMS_SILENT,
    ENOUGH,
    LOCKED_OUT,
    NO_READING,
    NO_VENTILATION,
    STOPPED,
    UNAUTHORISED,
)

# How a light of one colour shows it: 16 parts of 128 ms as bits, the last bit first. That is the same for who has to do
# the same. The clock rolls over where a round ends.
PARTS = 16
ON = 0b1111111111111111
GAPS = 0b0011111111111111
SLOW = 0b0000000011111111
FLASH = 0b0000000000000001
TWO = 0b0000000000001001
THREE = 0b0000000001001001
FAST = 0b0011001100110011
# Those that ask somebody to do something.
ASKING = (TWO, THREE, FAST)
# Colours that look the same on lights that take red and green the other way round; 0 is dark.
BLUE, WHITE, YELLOW = range(1, 4)

(RESTARTS, REPAIR, SAFE_MODE, UNPLUG, PAUSE, CHECK, PERMISSION, START, LOST) = range(9)
(WARNING, DELAY, NO_CURRENT, REDUCED, CHARGES, OFFERED, NO_NETWORK, READY) = range(9, 17)
# What it says, on page and log, too; the pattern; the colour.
ROWS = (
    ("restarts", SLOW, WHITE),
    ("fault: switch off at the mains and have it repaired", FAST, YELLOW),
    ("settings missing or wrong, nothing charges: see the log", THREE, YELLOW),
    ("fault: unplug the car; if it stays, have the box checked", FAST, YELLOW),
    ("fault that ends by itself", SLOW, YELLOW),
    ("the installation is checked", SLOW, WHITE),
    ("waits for permission to charge", TWO, WHITE),
    ("stopped, waits for a start", TWO, WHITE),
    ("meter or energy manager not heard, at most the safe current: see the log", THREE, YELLOW),
    ("works, with a warning: see the page", THREE, YELLOW),
    ("starts a little later, by itself", SLOW, WHITE),
    ("no current for a car now: the page says why", SLOW, WHITE),
    ("charges with less than charger and cable could", GAPS, BLUE),
    ("charges", ON, BLUE),
    ("the car takes nothing: it has finished, or not begun", FLASH, BLUE),
    ("ready, but not on its network: see the log", THREE, YELLOW),
    ("ready for a car", FLASH, BLUE),
)
OF_REASON = {
    LOCKED_OUT: PAUSE,
    NO_VENTILATION: UNPLUG,
    STOPPED: START,
    DELAYED: DELAY,
    UNAUTHORISED: PERMISSION,
    NO_READING: LOST,
    EMS_SILENT: LOST,
    EMS_AWAITED: LOST,
}
# With these a car has all that it can have.
FULL = (HARDWARE, CABLE, ENOUGH)


def lit(pattern: int, ms: int) -> int:
    """Is the light on at this moment?"""
    return pattern >> (ms >> 7 & PARTS - 1) & 1


def drawn(row: int) -> str:
    """The pattern as text."""
    return "".join(["*" if ROWS[row][1] >> part & 1 else "-" for part in range(PARTS)])


def row_of(box) -> int:
    """The row that is shown."""
    row, faults = _of_car(box), box.point.guard.faults
    if box.restart_for:
        row = min(row, RESTARTS)
    if faults.active:
        row = min(row, _of_faults(faults))
    if box.wrong_settings:
        row = min(row, SAFE_MODE)
    if box.check and not box.check.done:
        row = min(row, CHECK)
    if box.coordinator.grid.stale or box.own.stale:
        row = min(row, LOST)
    if faults.warnings:
        row = min(row, WARNING)
    return min(row, NO_NETWORK) if box.offline else row


def _of_faults(faults):
    row = PAUSE
    for fault in range(len(FAULTS)):
        if faults.has(fault):
            ends = FAULTS[fault][3]
            row = min(row, REPAIR if ends is REPAIRED else UNPLUG if ends is UNPLUGGED else PAUSE)
    return row


def _of_car(box):
    point = box.point
    reason = of_box(box)[0]
    if reason in OF_REASON:
        return OF_REASON[reason]
    if point.contactor:
        return CHARGES if reason in FULL else REDUCED
    if point.session.connected:
        return OFFERED if point.offer_ma else NO_CURRENT
    return READY if point.limits.offer() else NO_CURRENT
