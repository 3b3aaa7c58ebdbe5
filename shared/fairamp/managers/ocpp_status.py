"""The status of a charge point, as OCPP 1.6 calls it; some energy managers know these words, too."""

from fairamp import view


def status(box) -> str:
    if view.faulty(box):
        return "Faulted"
    if not view.connected(box):
        return "Available" if view.available(box) else "Unavailable"
    if view.charging(box):
        return "Charging"
    if view.stopped(box):
        return "Finishing"
    if not view.may_charge(box):
        return "Preparing"
    if not view.offer_ma(box):
        return "SuspendedEVSE"
    return "SuspendedEV" if view.charged(box) else "Preparing"
