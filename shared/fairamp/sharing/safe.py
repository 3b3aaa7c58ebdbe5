"""Safe currents: what each socket may take by itself when it does not hear the coordinator any more.

All of them together have to fit whatever covers them, because all may be lost at once.
"""

from fairamp.sharing.headroom import NONE_MA
from fairamp.units import PHASES, fuse_limit


class Share:
    """The safe current of one socket, as it counts against what covers it.

    `ma`: None = its settings leave it open; then it is the least that the socket offers, or 0.
    """

    def __init__(self, id, phases, ma, station, station_ma, least_ma):
        self.id = id
        self.phases = phases
        self.ma = ma
        self.least_ma = least_ma
        self.station = station
        self.station_ma = station_ma

    def counted(self, open_too: bool) -> int:
        """`open_too`: does it get its least where its settings leave it open?"""
        if self.ma is not None:
            return self.ma
        return self.least_ma if open_too else 0


def share_of(socket) -> Share:
    return Share(socket.id, socket.phases, socket.safe_ma, socket.station, socket.station_ma, socket.least_ma)


def covers(settings):
    """What the safe currents of all sockets together may be on each phase."""
    covered = []
    for phase in PHASES:
        left = fuse_limit(settings["site.fuse"][phase], settings["site.margin"], settings["site.headroom"][phase])
        house = settings["meter.fallback"][phase]
        if house < NONE_MA:
            left = max(0, left - house)
        covered.append(min(left, settings["site.feeder"][phase]))
    return covered


def lacking(shares, covered_ma, open_too: bool):
    """(phase, station or 0, those that load it, what it bears) where they do not fit; None when all do."""
    for phase in PHASES:
        found = _lacks(shares, phase, 0, covered_ma[phase], open_too)
        if found:
            return found
    for one in shares:
        if one.station:
            of_station = [share for share in shares if share.station == one.station]
            most = min([share.station_ma for share in of_station])
            for phase in PHASES:
                found = _lacks(of_station, phase, one.station, most, open_too)
                if found:
                    return found
    return None


def _lacks(shares, phase, station, most, open_too):
    loading = [share for share in shares if phase in share.phases]
    total = sum([share.counted(open_too) for share in loading])
    return (phase, station, loading, most) if total > most else None


class SafeCurrents:
    """Tells each socket, with its grant, what it may take when it hears no further one."""

    def __init__(self, settings, sockets):
        self._sockets = sockets
        self._shares = [share_of(socket) for socket in sockets]  # as their settings have it
        self.settle(settings)
        for socket, share in zip(sockets, self._shares):
            if share.ma is None:
                socket.safe_ma = share.counted(not self.lacks)
        self._left_ma: list = []  # while it is given out: of each conductor

    def settle(self, settings) -> None:
        """There is more room for safe currents now, or less; who is not heard keeps what it was told."""
        # Why those whose settings leave it open have none, as `lacking` tells it; None where all have the least.
        self.lacks = lacking(self._shares, covers(settings), True)

    def tell(self, budget_ma, alone_ma) -> None:
        """Never more than a socket has now, as no loss raises anything; who has no car gets it where that fits too.

        The sums hold whoever is lost: the others give way. `alone_ma`: what a phase bears without them, None = all.
        """
        left = self._left_ma
        left[:] = budget_ma
        if alone_ma:
            for phase in PHASES:
                left[phase] = min(left[phase], alone_ma[phase])
        for vacant in (False, True):
            for number, socket in enumerate(self._sockets):
                if vacant is not (socket.online and not socket.takes_part):
                    continue
                grant, conductors = socket.grant, socket.conductors(socket.phases)
                if not socket.online:
                    # It does not hear what it is told.
                    self._take(conductors, socket.safe_ma)
                    continue
                if self._shares[number].ma is None:
                    socket.safe_ma = self._shares[number].counted(not self.lacks)
                grant.safe_ma = socket.safe_ma if vacant else min(socket.safe_ma, grant.ma)
                if grant.safe_ma < socket.least_ma or not self._bears(conductors, grant.safe_ma):
                    grant.safe_ma = 0
                self._take(conductors, grant.safe_ma)

    def _bears(self, conductors, ma):
        for conductor in conductors:
            if self._left_ma[conductor] < ma:
                return False
        return True

    def _take(self, conductors, ma):
        for conductor in conductors:
            self._left_ma[conductor] -= ma
