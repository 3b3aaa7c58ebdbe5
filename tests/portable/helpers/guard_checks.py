"""What tests of the guard ask: does a fault hold, is the box stopped by it, does it recover?"""

from checks import equal
from fairamp import words

# The slow checks come one after the other, and so does what they lead to.
IN_TURN = 80


def holds(bench, fault):
    return bench.point.guard.faults.has(fault)


def stopped(bench, fault, bit):
    """Is the box stopped by this fault, and does it say so?"""
    point = bench.point
    assert holds(bench, fault), point.guard.faults.texts()
    equal((point.contactor, point.offer_ma), (False, 0))
    assert point.guard.faults.errors() & 1 << bit
    assert words.point(point) in point.guard.faults.texts()


def recovers(bench, ms=40000):
    """Once the cause is gone, the car charges again after the lock-out, and not before."""
    assert not bench.run(25000).point.offer_ma
    return bench.show("B", ms - 25000).show("C", 1000).point.contactor
