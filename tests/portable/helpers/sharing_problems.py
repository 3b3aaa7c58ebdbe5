"""Problems of sharing: drawn by lot, always the same ones, solved, and told as `fairamp share` reads them."""

import json

from fairamp.sharing.member import Member
from fairamp.sharing.shares import MODES, Rules, share

# Every way to wire terminals to grid phases, and pairs for cars that charge on two.
MAPPINGS = ((0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2), (0,), (1,), (2,), (0, 1), (1, 2), (2, 0))
STEPS = (1000, 1000, 1000, 100, 500, 2000)


class Dice:
    """Chance that is the same on every runtime, from numbers that stay small."""

    def __init__(self, seed):
        self._a, self._b, self._c = 1 + seed % 30000, 1 + seed // 7 % 30000, 1 + seed // 30000 % 30000
        for _ in range(5):
            self.below(2)

    def below(self, limit):
        self._a = self._a * 171 % 30269
        self._b = self._b * 172 % 30307
        self._c = self._c * 170 % 30323
        return (self._a * 30 + self._b * 20 + self._c) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def one_in(self, times):
        return self.below(times) == 0

    def pick(self, choices):
        return choices[self.below(len(choices))]


class Problem:
    """What `share` is asked; mA. The sockets are members without an offer."""

    def __init__(self, mode, budget_ma, sockets, step_ma=1000):
        self.mode = mode
        self.budget_ma = budget_ma
        self.sockets = sockets
        self.step_ma = step_ma
        self.fifo_percent = 50
        self.imbalance_ma = 0
        self.background_ma = (0, 0, 0)
        self.reserved_ma = (0, 0, 0)
        self.turn = 0

    def solve(self):
        """Offers by id."""
        rules = Rules(self.mode, self.step_ma, self.fifo_percent, self.imbalance_ma)
        share(rules, self.sockets, self.budget_ma, self.background_ma, self.reserved_ma, self.turn)
        return {socket.id: socket.offer_ma for socket in self.sockets}

    def line(self):
        """As `fairamp share` reads it."""
        sockets = [
            {
                "id": socket.id,
                "mapping": list(socket.conductors),
                "min": socket.least_ma / 1000,
                "max": socket.most_ma / 1000,
                "demand": None if socket.demand_ma is None else socket.demand_ma / 1000,
                "arrived": socket.arrived,
                "vip": socket.vip,
            }
            for socket in self.sockets
        ]
        return json.dumps(
            {
                "mode": self.mode,
                "budget": _amps(self.budget_ma),
                "sockets": sockets,
                "fifo_percent": self.fifo_percent,
                "step": self.step_ma / 1000,
                "imbalance": self.imbalance_ma / 1000,
                "background": _amps(self.background_ma),
                "reserved": _amps(self.reserved_ma),
                "turn": self.turn,
            }
        )


def _amps(per_phase):
    return [ma / 1000 for ma in per_phase]


def draw(dice, count):
    """A problem of so many sockets."""
    problem = Problem(dice.pick(MODES), _budget(dice, count), _sockets(dice, count), dice.pick(STEPS))
    problem.fifo_percent = dice.pick((0, 50, 50, 100, dice.below(101)))
    problem.turn = dice.below(40)
    if dice.one_in(4):
        problem.reserved_ma = [dice.below(16) * 1000 for _ in range(3)]
    if dice.one_in(4):
        problem.imbalance_ma = dice.between(1, 240) * 100
        if dice.one_in(2):
            problem.background_ma = [dice.between(-20, 40) * 500 for _ in range(3)]
    return problem


def add_stations(dice, problem):
    """Some of its sockets share cables of their own."""
    stations = dice.between(1, 3)
    for _ in range(stations):
        most = dice.between(0, 12) * 4000
        problem.budget_ma = list(problem.budget_ma) + [most] * 3
        problem.reserved_ma = list(problem.reserved_ma) + [0, dice.below(8) * 1000, 0]
    for socket in problem.sockets:
        station = dice.below(stations + 1)
        if station:
            socket.conductors = tuple(socket.conductors) + tuple([3 * station + phase for phase in socket.conductors])


def _budget(dice, count):
    share_ma = dice.pick((3000, 6000, 8000, 14000, 33000))
    most = share_ma * count // dice.pick((1, 2, 3))
    if dice.one_in(20):
        most -= 20000
    if dice.one_in(3):
        return [most - dice.below(20000) for _ in range(3)]
    return [most, most, most]


def _sockets(dice, count):
    """Ids with gaps, in any order; some alike, some each in its own way."""
    alike = dice.one_in(3)
    mapping = dice.pick(MAPPINGS)
    ids = []
    for index in range(count):
        ids.insert(dice.below(index + 1), 3 * index + dice.below(3))
    return [_socket(dice, id, mapping if alike else dice.pick(MAPPINGS)) for id in ids]


def _socket(dice, id, mapping):
    least = dice.pick((6000, 6000, 6000, 14000, dice.between(60, 140) * 100))
    most = dice.pick((32000, 32000, 16000, least, least + dice.below(500) * 100))
    demand = dice.pick((None, None, 0, dice.below(400) * 100, dice.below(32) * 1000))
    return Member(id, mapping, least, max(least, most), demand, dice.below(6), dice.one_in(6))
