"""The two messages between a charge point and the coordinator: what one tells, and what it gets.

Nothing else passes between them, be they in one box or on two ends of a network.
"""

from fairamp.reasons import NO_READING


class Report:
    """What a socket tells of itself. Written by the side of the charge point alone (`connection`)."""

    def __init__(self):
        self.connected = False  # a car is plugged in
        self.session = 0  # its number: another one is another car
        self.ready = False  # it may charge, as far as car and charge point themselves go
        self.asking = False  # the car wants energy now
        self.charging = False  # the contactor is closed
        self.allowed_ma = 0  # the lowest of its own limits; below 6 A it cannot charge
        self.terminals = 7  # bit mask of those that the car uses; all three, until it is known
        self.three = True  # the relay for phases stands on three, or is about to
        self.switched = False  # it stands on one because that was granted, and not by anybody else's wish
        self.draw_ma = [0, 0, 0]  # per terminal; never negative
        self.measured = False  # is the draw known and fresh?
        self.read_at = 0  # the moment when it was read


class Grant:
    """What a socket gets, and why. Written by the coordinator alone; the charge point's side obeys (`connection`)."""

    def __init__(self):
        self.ma = 0  # so much it may offer: 0, or 6 A and more; while it is vacant, what a car would be offered
        self.vacant = True  # it takes no part in the sharing: others may have the same, and nobody may draw it
        self.over = False  # what its car draws beyond its offer is too much for the main fuse now
        self.safe_ma = 0  # so much it may take when it hears nothing for too long; at most what its settings say
        self.one_phase = False  # it is to go to one phase; the report tells when it has
        self.reason = NO_READING  # one of `reasons`
        self.values = ()  # that belong to the reason
