"""One socket, as sharing sees it."""


class Member:
    """What a socket asks for, in mA per phase, and what it got. Inside, all is counted in whole steps."""

    def __init__(self, id, conductors, least_ma=6000, most_ma=32000, demand_ma=None, arrived=0, vip=False):
        self.id = id
        self.conductors = conductors  # that it loads: phases of the grid, 0 to 2, and of its station
        self.least_ma = least_ma
        self.most_ma = most_ma
        self.demand_ma = demand_ma  # None = not known: all it may have
        self.arrived = arrived
        self.vip = vip
        self.waited = 0  # how many turns: who waited more is later to pause
        self.offer_ma = 0  # the result of the last sharing
        self.waits = False  # it would charge, but gets nothing
        self.least = 0  # least current, in steps of the sharing ...
        self.most = 0  # ... and as much as it can use
        self.got = 0  # so far in this sharing, in steps

    def count(self, step: int) -> bool:
        """Turns amperes into steps; False when it does not want any, or cannot be given what it needs."""
        self.offer_ma = self.got = 0
        wanted = self.most_ma if self.demand_ma is None else min(self.demand_ma, self.most_ma)
        self.waits = wanted > 0
        if wanted <= 0:
            return False
        self.least = -(-self.least_ma // step)
        # Who can use less than the minimum counts as using that.
        self.most = max(self.least, wanted // step)
        return self.most * step <= self.most_ma


def pauses_before(one, other):
    """Who waited less pauses first."""
    if one.waited != other.waited:
        return one.waited < other.waited
    return one.id < other.id


def comes_before(one, other):
    """VIPs first, then who came first."""
    if one.vip != other.vip:
        return one.vip
    if one.arrived != other.arrived:
        return one.arrived < other.arrived
    return one.id < other.id


def arranged(members, before):
    """In this order. (The sort of MicroPython is slow on what is in order already, and keys are garbage.)"""
    row: list = []
    for member in members:
        low, high = 0, len(row)
        if high and not before(member, row[-1]):
            low = high
        while low < high:
            middle = (low + high) // 2
            if before(member, row[middle]):
                high = middle
            else:
                low = middle + 1
        row.insert(low, member)
    return row
