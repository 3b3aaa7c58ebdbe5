"""What sharing costs, and how much of what could be used it uses.

The best possible is an exact whole-number optimum of the amps on all phases together, by SciPy's HiGHS.
"""

import statistics
import sys
import time

import numpy
from rich.console import Console
from rich.table import Table
from scipy.optimize import Bounds, LinearConstraint, milp

from fairamp.sharing.shares import MODES
from tests.conftest import HELPERS, run_everywhere

sys.path.insert(0, str(HELPERS))
from sharing_problems import Dice, draw

PEERS = "peers, 64 chargers, as measured elsewhere: 19 ms (CPython); 1.4 ms and 0.046 ms (C++)"
PROBLEMS = 400
MOST_SOCKETS = 12


def run() -> None:
    print_costs()
    print(PEERS)
    print_use()


def print_costs() -> None:
    outputs = run_everywhere("cost_of_sharing")
    rows = {name: [line.split() for line in output.splitlines()] for name, output in outputs.items()}
    counts = list(dict.fromkeys(row[1] for row in rows["cpython"]))
    table = Table(title="ms for one sharing, by sockets; growth: 1.00 is proportional", title_justify="left")
    for head in ("runtime", "mode", *counts, "growth from 64", "bytes left behind by 128"):
        table.add_column(head, justify="left" if head in ("runtime", "mode") else "right")
    for runtime, lines in rows.items():
        for mode in dict.fromkeys(row[0] for row in lines):
            cost = {int(count): us for name, count, us, _ in lines if name == mode}
            left = next(left for name, count, _, left in lines if name == mode and count == "128")
            times = [f"{int(us) / 1000:.3g}" if us != "-" else "no room" for us in cost.values()]
            table.add_row(runtime, mode, *times, growth(cost), left)
    Console(width=120).print(table)


def growth(cost: dict[int, str]) -> str:
    """How much more than its part each further socket costs."""
    most = max(count for count, us in cost.items() if us != "-")
    return f"{int(cost[most]) / int(cost[64]) / (most / 64):.2f}" if most > 64 else "-"


def print_use() -> None:
    dice = Dice(5)
    found: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    seconds = []
    while len(seconds) < PROBLEMS:
        problem = draw(dice, dice.between(2, MOST_SOCKETS))
        problem.imbalance_ma = 0
        begun = time.perf_counter()
        best = most_amps(problem, problem.sockets)
        spent = time.perf_counter() - begun
        if not 0 < best < wanted(problem):
            continue  # nothing to share, or enough for all
        seconds.append(spent)
        for mode in MODES:
            problem.mode = mode
            problem.solve()
            used = sum(len(one.conductors) * one.offer_ma for one in problem.sockets)
            charging = [one for one in problem.sockets if one.offer_ma]
            found[mode].append((used / best, used / (most_amps(problem, charging) or 1)))
    print(f"\namps used of the most that fit, {PROBLEMS} random problems in which not all get what they want")
    for mode, ratios in found.items():
        free, same = (sorted(column) for column in zip(*ratios, strict=True))
        twentieth = len(free) // 20
        print(
            f"  {mode:9} mean {statistics.mean(free):.3f}, median {statistics.median(free):.3f}, "
            f"1 in 20 below {free[twentieth]:.3f}; when the same sockets charge: "
            f"mean {statistics.mean(same):.3f}, 1 in 20 below {same[twentieth]:.3f}"
        )
    print(f"  the optimum itself: {statistics.mean(seconds) * 1000:.1f} ms by HiGHS; it asks neither turn nor order")


def wanted(problem) -> int:
    return sum(len(one.conductors) * high(problem, one) * problem.step_ma for one in problem.sockets)


def high(problem, one) -> int:
    """The most whole steps that a socket may have, 0 when it cannot have any."""
    use = one.most_ma if one.demand_ma is None else min(one.demand_ma, one.most_ma)
    low = -(-one.least_ma // problem.step_ma)
    return max(low, use // problem.step_ma) if use > 0 and low * problem.step_ma <= one.most_ma else 0


def most_amps(problem, sockets) -> int:
    """For each of these sockets its steps, and whether it charges: steps = 0, or from its least to its most."""
    if not sockets:
        return 0
    count = len(sockets)
    least = numpy.array([-(-one.least_ma // problem.step_ma) for one in sockets])
    most = numpy.array([high(problem, one) for one in sockets])
    phases = numpy.array([[phase in one.conductors for one in sockets] for phase in range(3)], dtype=float)
    free = [max(0, problem.budget_ma[phase] - problem.reserved_ma[phase]) // problem.step_ma for phase in range(3)]
    unit = numpy.eye(count)
    result = milp(
        -numpy.concatenate([phases.sum(axis=0), numpy.zeros(count)]),
        integrality=numpy.ones(2 * count),
        bounds=Bounds(0, numpy.concatenate([most, most > 0])),
        constraints=[
            LinearConstraint(numpy.hstack([phases, numpy.zeros((3, count))]), ub=free),
            LinearConstraint(numpy.hstack([unit, -numpy.diag(most)]), ub=0),
            LinearConstraint(numpy.hstack([unit, -numpy.diag(least)]), lb=0),
        ],
    )
    assert result.success, result.message
    return round(-result.fun) * problem.step_ma
