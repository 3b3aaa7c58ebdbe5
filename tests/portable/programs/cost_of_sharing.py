"""Prints what one sharing costs: mode, sockets, microseconds, bytes left behind (- where they are not counted)."""

import gc
import time

from sharing_problems import Dice, Problem

from fairamp.sharing.member import Member
from fairamp.sharing.shares import COMBINED, EQUAL, FIFO

COUNTS = (1, 8, 64, 128, 1024)
MAPPINGS = ((0,), (1,), (2,), (0, 1, 2), (0, 1, 2))
LEAST_SECONDS = 0.1


def site(mode, count, imbalance_ma=0):
    """One- and three-phase cars; half of them can use all that they get."""
    dice = Dice(count)
    sockets = [
        Member(id, dice.pick(MAPPINGS), demand_ma=dice.pick((None, None, 16000, 10000)), arrived=dice.below(1000))
        for id in range(count)
    ]
    problem = Problem(mode, [count * 6000 + 3000] * 3, sockets)
    problem.imbalance_ma = imbalance_ma
    return problem


def microseconds(problem):
    best = None
    for _ in range(5):
        times = 0
        begun = time.time()
        past = 0.0
        while past < LEAST_SECONDS:
            problem.solve()
            times += 1
            past = time.time() - begun
        best = past / times if best is None else min(best, past / times)
    return round(best * 1000000)


def left_behind(problem):
    if not hasattr(gc, "mem_alloc"):
        return "-"
    gc.collect()
    gc.disable()
    try:
        before = gc.mem_alloc()
        problem.solve()
        return gc.mem_alloc() - before
    finally:
        gc.enable()


for name, mode, imbalance_ma in ((EQUAL, EQUAL, 0), (FIFO, FIFO, 0), (COMBINED, COMBINED, 0), ("even", EQUAL, 10000)):
    for count in COUNTS:
        try:
            problem = site(mode, count, imbalance_ma)
            print(name, count, microseconds(problem), left_behind(problem))
        except MemoryError:
            print(name, count, "- -")
        problem = None
