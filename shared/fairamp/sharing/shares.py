"""From a budget and the sockets to one offer each: never over a limit, nothing wasted, in the order of the mode.

A conductor bears the current of several sockets: first the three phases of the grid, then those of each station.
"""

from fairamp.sharing.admission import admit, by_turns, even_out, in_order
from fairamp.sharing.member import arranged, comes_before
from fairamp.sharing.rising import lift, one_by_one, together
from fairamp.sharing.supply import Supply

EQUAL = "equal"
FIFO = "fifo"
COMBINED = "combined"
MODES = (EQUAL, FIFO, COMBINED)
NONE = (0, 0, 0)


class Rules:
    """How a site shares; the settings of the section `sharing`."""

    def __init__(self, mode: str = EQUAL, step_ma: int = 1000, fifo_percent: int = 50, imbalance_ma: int = 0):
        self.mode = mode
        self.step_ma = step_ma
        self.fifo_percent = fifo_percent
        self.imbalance_ma = imbalance_ma

    def whole(self, ma: int) -> int:
        """So many whole steps; none below zero."""
        return max(0, ma) // self.step_ma * self.step_ma


def share(rules, members, budget_ma, background_ma=NONE, reserved_ma=NONE, turn: int = 0, first: int = 0) -> None:
    """Writes `offer_ma` and `waits` of every member. The budget and what is reserved of it stand there per conductor.

    `turn` is for who keeps no count of how many turns a member `waited`; `first`: whose turn it is at the steps that
    are left over while nobody waits.
    """
    step = rules.step_ma
    asking = [member for member in members if member.count(step)]
    supply = Supply(budget_ma, reserved_ma, background_ma, step, rules.imbalance_ma)
    if rules.mode == EQUAL:
        asking = by_turns(asking, supply, turn, first)
    else:
        asking = arranged(asking, comes_before)
        in_order(asking, supply)
    if supply.even.limited:
        even_out(asking, supply)
    if rules.mode == COMBINED:
        _give_parts(asking, supply, rules)
    _raise(asking, supply, rules)
    # Where loads have to be even, others that charge more can make place for one that waits.
    while supply.even.limited and admit(asking, supply):
        _raise(asking, supply, rules)
    for member in asking:
        member.offer_ma = member.got * step
        member.waits = not member.got


def _raise(asking, supply, rules):
    charging = [member for member in asking if member.got]
    if rules.mode == EQUAL:
        together(charging, supply)
    else:
        one_by_one(charging, supply)


def _give_parts(asking, supply, rules):
    """The part that is shared equally: everybody's, or as much of it as the minimums of others leave."""
    charging = [member for member in asking if member.got]
    count = [0] * len(supply.left)
    for member in charging:
        for conductor in member.conductors:
            count[conductor] += 1
    for member in charging:
        part = member.most
        for conductor in member.conductors:
            equal = supply.budget_ma[conductor] * (100 - rules.fifo_percent)
            part = min(part, equal // (100 * count[conductor] * rules.step_ma))
        lift(member, part, supply)
