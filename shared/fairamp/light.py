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
# Colours, by the numbers that a board knows; 0 is dark.
BLUE, WHITE, YELLOW = range(1, 4)

(RESTARTS, REPAIR, SAFE_MODE, UNPLUG, PAUSE, CHECK, PERMISSION, START, LOST) = range(9)
(WARNING, DELAY, NO_CURRENT, REDUCED, CHARGES, OFFERED, NO_NETWORK, READY) = range(9, 17)
# How each row is shown: the pattern, and the colour above its bits. What it says stands in `light_words`.
LOOKS = (
    SLOW | WHITE << PARTS,  # RESTARTS
    FAST | YELLOW << PARTS,  # REPAIR
    THREE | YELLOW << PARTS,  # SAFE_MODE
    FAST | YELLOW << PARTS,  # UNPLUG
    SLOW | YELLOW << PARTS,  # PAUSE
    SLOW | WHITE << PARTS,  # CHECK
    TWO | WHITE << PARTS,  # PERMISSION
    TWO | WHITE << PARTS,  # START
    THREE | YELLOW << PARTS,  # LOST
    THREE | YELLOW << PARTS,  # WARNING
    SLOW | WHITE << PARTS,  # DELAY
    SLOW | WHITE << PARTS,  # NO_CURRENT
    GAPS | BLUE << PARTS,  # REDUCED
    ON | BLUE << PARTS,  # CHARGES
    FLASH | BLUE << PARTS,  # OFFERED
    THREE | YELLOW << PARTS,  # NO_NETWORK
    FLASH | BLUE << PARTS,  # READY
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


def lit(look: int, ms: int) -> int:
    """The colour at this moment."""
    return look >> PARTS if look >> (ms >> 7 & PARTS - 1) & 1 else 0


def asks(look: int) -> bool:
    """Is somebody to do something?"""
    return look & ON in ASKING


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
