"""A car that stands at a whole box: its pilot line and its contactor move, and the meters tell what the test says."""

from waves import fill

from fairamp.units import later


def park(box, seconds, read, takes=True):
    """For so long; all offers that it saw. `read()`: the meters, before each look. `takes`: else it stays in B."""
    seen = set()
    for tick in range(50 * seconds):
        box.now = later(box.now, 20)
        fill(box.inputs.codes, 6000 if takes and 0 < box.point.duty < 10000 else 9000, -12000, box.point.duty)
        if tick % 10 == 0:
            read()
            box.balance(box.now)
        box.step(box.now)
        seen.add(box.point.offer_ma)
    return seen


def flows(box):
    """What a car draws that takes all that it is offered, in mA."""
    return box.point.offer_ma if box.point.contactor else 0
