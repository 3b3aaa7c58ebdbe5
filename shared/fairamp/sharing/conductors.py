"""The current of each conductor: the three phases of the grid, and those of the cables of stations behind them."""


class Conductors:
    """What there is, what is set aside, and what is left while it is given out; in mA, one number per conductor."""

    def __init__(self, sockets):
        # For all cars together; below zero while the house alone has too much.
        self.budget_ma = [0, 0, 0] + cables(sockets)
        self.reserved_ma = [0] * len(self.budget_ma)  # for sockets without network, and for greedy cars
        self.free_ma = [0] * len(self.budget_ma)  # what is left of the budget

    def reserve(self, conductors, ma: int) -> None:
        for conductor in conductors:
            self.reserved_ma[conductor] += ma

    def free_all(self) -> None:
        """All is free that is not reserved."""
        for conductor in range(len(self.free_ma)):
            self.free_ma[conductor] = self.budget_ma[conductor] - self.reserved_ma[conductor]

    def take(self, conductors, ma: int) -> None:
        for conductor in conductors:
            self.free_ma[conductor] -= ma

    def left(self, conductors) -> int:
        """What is free on all of these."""
        least = self.free_ma[conductors[0]]
        for conductor in conductors:
            if self.free_ma[conductor] < least:
                least = self.free_ma[conductor]
        return least


def cables(sockets):
    """What each of these conductors may carry, in mA; tells the sockets where theirs begin."""
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
