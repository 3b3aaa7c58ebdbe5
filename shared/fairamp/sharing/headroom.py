"""What the chargers may draw on each phase, from fuse and contract, the house and everybody who has a say in it."""

from fairamp.reasons import DOWNGRADED, FEEDER, NETWORK_SET, OPERATOR, PROFILE
from fairamp.units import PHASES, fuse_limit

# As M5 writes that there is no such limit, or no such load.
NONE_MA = 9999000


class Headroom:
    """`limit_ma`: what the meter may show. `feeder_ma`: what the chargers may draw together, with any house."""

    def __init__(self, settings):
        self.limit_ma = [0, 0, 0]
        self.feeder_ma = [0, 0, 0]
        self.network_ma = [NONE_MA] * 3  # set by an energy manager, for all sockets together
        self.network_reason = NETWORK_SET  # why it is that
        self._profile = settings["sharing.profile"]
        self._operator = settings["sharing.operator_limit"]
        self._own_feeder = settings["site.feeder"]
        self._downgrade = settings["sharing.downgrade"]
        self._scheduled = [NONE_MA] * 3  # what the profile allows now
        self._downgraded = False  # by a contact, now
        self._settings = settings
        self._limit(0)

    def _limit(self, contract_ma):
        """Of fuse and subscribed power the lower one, less margin and headroom."""
        settings = self._settings
        for phase in PHASES:
            most = settings["site.fuse"][phase]
            if 0 < contract_ma < most:
                most = contract_ma
            self.limit_ma[phase] = fuse_limit(most, settings["site.margin"], settings["site.headroom"][phase])
        self._contract_ma = contract_ma

    def update(self, hour, downgraded: bool, suspended: bool, contract_ma: int = 0) -> None:
        """`hour` of the day in UTC, None = not known: then the lowest of the profile holds.

        `contract_ma`: subscribed, on each phase; 0 = not told.
        """
        if contract_ma != self._contract_ma:
            self._limit(contract_ma)
        self._downgraded = downgraded
        for phase in PHASES:
            operator = self._operator[phase] - (self._downgrade[phase] if downgraded else 0)
            scheduled = self._scheduled[phase] = at_hour(self._profile, hour, phase)
            allowed = 0 if suspended else min(self._own_feeder[phase], operator, scheduled, self.network_ma[phase])
            self.feeder_ma[phase] = max(0, allowed)

    def budget(self, house_ma, out) -> None:
        """Writes mA per phase into `out`; below zero when the house alone is above its limit."""
        for phase in PHASES:
            out[phase] = min(self.limit_ma[phase] - house_ma[phase], self.feeder_ma[phase])

    def of_feeder(self, phase: int) -> int:
        """Whose say `feeder_ma` is there, as one of `reasons`."""
        allowed = self.feeder_ma[phase]
        if self.network_ma[phase] <= allowed:
            return self.network_reason
        if self._scheduled[phase] <= allowed:
            return PROFILE
        if self._own_feeder[phase] <= allowed:
            return FEEDER
        return DOWNGRADED if self._downgraded and self._downgrade[phase] else OPERATOR


def at_hour(profile, hour, phase: int) -> int:
    """What a profile of (hour, mA of each phase) allows now; it goes round the clock."""
    if not profile:
        return NONE_MA
    if hour is None:
        return min([each[phase] for _, each in profile])
    allowed = profile[-1][1]
    for begins, each in profile:
        if begins <= hour:
            allowed = each
    return allowed[phase]
