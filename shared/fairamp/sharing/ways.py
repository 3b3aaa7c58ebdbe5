"""The current of each way: the three phases of the grid, and those of the cables of stations behind them."""


class Ways:
    """What there is, what is set aside, and what is left while it is given out; in mA, one number per way."""

    def __init__(self, sockets):
        # For all cars together; below zero while the house alone has too much.
        self.budget_ma = [0, 0, 0] + cables(sockets)
        self.reserved_ma = [0] * len(self.budget_ma)  # for sockets without network, and for greedy cars
        self.free_ma = [0] * len(self.budget_ma)  # what is left of the budget

    def reserve(self, ways, ma: int) -> None:
        for way in ways:
            self.reserved_ma[way] += ma

    def free_all(self) -> None:
        """All is free that is not reserved."""
        for way in range(len(self.free_ma)):
            self.free_ma[way] = self.budget_ma[way] - self.reserved_ma[way]

    def take(self, ways, ma: int) -> None:
        for way in ways:
            self.free_ma[way] -= ma

    def left(self, ways) -> int:
        """What is free on all of these."""
        least = self.free_ma[ways[0]]
        for way in ways:
            if self.free_ma[way] < least:
                least = self.free_ma[way]
        return least


def cables(sockets):
    """What each of these ways may carry, in mA; tells the sockets where theirs begin."""
    numbers: list = []
    carried: list = []
    for socket in sockets:
        if not socket.station:
            continue
        if socket.station not in numbers:
            numbers.append(socket.station)
            carried += [socket.station_ma] * 3
        at = 3 * numbers.index(socket.station)
        # Where they do not agree, the lowest holds.
        carried[at : at + 3] = [min(carried[at], socket.station_ma)] * 3
        socket.cable = 3 + at
    return carried
