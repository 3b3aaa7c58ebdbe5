"""What holds an offer where it is: a reason and its values."""

from fairamp.charging.faults import OVERCURRENT
from fairamp.charging.limits import BALANCE, CAUSES, EMS
from fairamp.reasons import (
    ADDED,
    DELAYED,
    FAULT,
    FINISHED,
    LOCKED_OUT,
    NO_READING,
    NO_VENTILATION,
    PHASES,
    STOPPED,
    UNAUTHORISED,
)


def of_point(point):
    """What keeps the car from charging, or from charging faster, as far as the charge point knows."""
    guard, session = point.guard, point.session
    if guard.faults.active:
        fault, over = guard.faults.first(), guard.overcurrent
        return FAULT, (fault, over.allowed_ma, over.draw_ma) if fault == OVERCURRENT else (fault,)
    if guard.locked_out:
        return LOCKED_OUT, ()
    if not guard.allows():
        return NO_VENTILATION, ()
    if session.connected and not session.may_charge():
        if session.stopped:
            return STOPPED, ()
        return DELAYED if session.authorised else UNAUTHORISED, ()
    if point.phases.holds_offer():
        return PHASES, (point.phases.stage,)
    if session.finished:
        return FINISHED, ()
    owner = point.limits.cause()
    return (owner, ()) if owner < len(CAUSES) else (ADDED, (point.limits.added[owner - len(CAUSES)],))


def of_box(box):
    """What holds the offer where it is."""
    if not (box.coordinator.grid.number or box.coordinator.unread) or not box.own.number:
        return NO_READING, ()
    found = of_point(box.point)
    if found[0] == EMS:
        return box.managers.why(EMS), ()
    return (box.socket.grant.reason, box.socket.grant.values) if found[0] == BALANCE else found
