"""Hands out what is left above the minimums."""


def one_by_one(members, supply) -> None:
    """Each as much as it can have, in this order."""
    at = 0
    while at < len(members):
        rose = lift(members[at], members[at].most, supply)
        # Only unevenness can give something back to those before.
        at = 0 if rose and supply.even.limited else at + 1


def lift(member, level, supply) -> bool:
    """Up to this level, as far as it goes; False when it goes nowhere."""
    steps = min(level - member.got, supply.bears(member.conductors))
    if steps <= 0:
        return False
    supply.give(member, steps)
    return True


def together(members, supply) -> None:
    """All rise as one; who is above the others waits for them. Single steps that are left go in this order."""
    rising = [member for member in members if supply.may_rise(member)]
    while rising:
        _rise(rising, supply)
        _single(rising, supply)
        # What unevenness held back may be free now.
        again = members if supply.even.limited else rising
        rising = [member for member in again if supply.may_rise(member)]


def _rise(rising, supply):
    """Lifts the common level as far as every conductor bears it."""
    low = min([member.got for member in rising])
    high = max([member.most for member in rising])
    while low < high:
        middle = (low + high + 1) // 2
        if _bears(supply, rising, middle):
            low = middle
        else:
            high = middle - 1
    for member in rising:
        steps = min(low, member.most) - member.got
        if steps > 0:
            supply.give(member, steps)


def _bears(supply, rising, level):
    more = [0] * len(supply.left)
    for member in rising:
        steps = min(level, member.most) - member.got
        if steps > 0:
            for conductor in member.conductors:
                more[conductor] += steps
    for conductor in range(len(more)):
        if more[conductor] > supply.left[conductor]:
            return False
    return not supply.even.broken(more)


def _single(rising, supply):
    """One step for each of the lowest that can have one."""
    able = [member for member in rising if supply.may_rise(member)]
    lowest = min([member.got for member in able]) if able else 0
    for member in able:
        if member.got == lowest and supply.may_rise(member):
            supply.give(member, 1)
