"""One socket, as sharing sees it."""


class Member:
    """What a socket asks for, in mA per phase, and what it got. Inside, all is counted in whole steps."""

    def __init__(self, id, phases, least_ma=6000, most_ma=32000, demand_ma=None, arrived=0, vip=False):
        self.id = id
        self.phases = phases  # the grid phases that it loads, 0 to 2
        self.least_ma = least_ma
        self.most_ma = most_ma
        self.demand_ma = demand_ma  # None = not known: all it may have
        self.arrived = arrived
        self.vip = vip
        self.waited = 0  # how many turns: who waited more is later to pause
        self.offer_ma = 0
        self.waits = False  # it would charge, but gets nothing
        self.least = 0
        self.most = 0
        self.got = 0

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


def by_waiting(member):
    """Who pauses first."""
    return (member.waited, member.id)


def by_arrival(member):
    """VIPs first, then who came first."""
    return (not member.vip, member.arrived, member.id)
