"""Collects what a picture shows: for each column of pixels the lowest, the highest and the last of every current."""

from fairamp.charging.states import B2, C2, D2, A, E, F
from fairamp_desk.simulation.play import PHASES
from fairamp_desk.twin.lockstep import Lockstep

COLUMNS = 880
# What a socket does, in few words: states of the charge point that look alike from afar.
NO_CAR, NO_OFFER, OFFERED, CHARGING, FAULT = KINDS = ("no car", "no offer", "offer, no charging", "charging", "fault")
KIND_OF = {A: NO_CAR, B2: OFFERED, C2: CHARGING, D2: CHARGING, E: FAULT, F: FAULT}


class Lane:
    """One current over time, in mA; between two looks it stays as it was."""

    def __init__(self) -> None:
        self.low: list[int] = []
        self.high: list[int] = []
        self.last: list[int] = []

    def add(self, column: int, ma: int) -> None:
        last = self.last
        if column < len(last):
            if ma != last[column]:
                last[column] = ma
                if ma < self.low[column]:
                    self.low[column] = ma
                elif ma > self.high[column]:
                    self.high[column] = ma
            return
        before = last[-1] if last else ma
        while len(last) < column:
            self._append(before)
        self._append(ma)

    def _append(self, ma):
        self.low.append(ma)
        self.high.append(ma)
        self.last.append(ma)


class SocketLanes:
    """One socket: what it offers, what is drawn on its strongest phase, and what it does."""

    def __init__(self, outlet, point):
        self.id: int = outlet.id
        self.mapping = "".join(f"L{phase + 1}" for phase in outlet.mapping)
        self.offer = Lane()
        self.draw = Lane()
        self.kinds: list[tuple[int, str]] = []  # from this column on
        self._outlet = outlet
        self._point = point

    def look(self, column: int) -> None:
        point = self._point
        self.offer.add(column, point.offer_ma)
        self.draw.add(column, max(self._outlet.draw_ma()))
        kind = KIND_OF.get(point.state, NO_OFFER)
        if not self.kinds or self.kinds[-1][1] is not kind:
            if self.kinds and self.kinds[-1][0] == column:
                self.kinds.pop()
            self.kinds.append((column, kind))


class Plot:
    """Looks on; `grid` is the current through the main fuse."""

    def __init__(self, lockstep: Lockstep, seconds: float):
        self.seconds = seconds
        self.fuse_ma: list[int] = lockstep.box.settings["site.fuse"]
        self.grid = [Lane() for _ in PHASES]
        self.house = [Lane() for _ in PHASES]
        pairs = zip(lockstep.world.outlets, lockstep.points, strict=True)
        self.sockets = [SocketLanes(outlet, point) for outlet, point in pairs]
        self._world = lockstep.world
        self._end = max(1, round(seconds * 1000))

    @property
    def marks(self) -> list[tuple[float, str, int]]:
        """Events of the site: when (s), what, and at which charger."""
        return [(ms / 1000, what, charger) for ms, what, charger in self._world.happened]

    def look(self, step: int) -> None:
        world = self._world
        column = min(COLUMNS - 1, world.ms * COLUMNS // self._end)
        for phase in PHASES:
            self.grid[phase].add(column, world.total_ma[phase])
            self.house[phase].add(column, world.house.current_ma[phase])
        for socket in self.sockets:
            socket.look(column)
