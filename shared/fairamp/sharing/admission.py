"""Who charges when the minimum currents do not all fit."""

from fairamp.sharing.member import arranged, pauses_before


def in_order(members, supply) -> None:
    """Gives the minimums in this order; who does not fit is skipped."""
    for member in members:
        if supply.fits(member):
            supply.give(member, member.least)


def by_turns(members, supply, turn: int, first: int = 0):
    """Gives the minimums to all, if they fit; else some pause, others in each turn.

    Returned are the members in order of turns, VIPs first.

    `first`: the place in that order which comes first when nobody pauses, beside that of the turn.
    """
    ring = arranged(members, pauses_before)
    first = (turn + first) % len(ring) if ring else 0
    for vip in (True, False):
        paused = _give_or_pause([member for member in ring if member.vip == vip], supply, turn)
        if paused:
            # Left-over steps go first to those next after the paused.
            first = ring.index(paused[-1]) + 1
    ring = ring[first:] + ring[:first]
    return [member for member in ring if member.vip] + [member for member in ring if not member.vip]


def _give_or_pause(group, supply, turn):
    """Gives all their minimum, and takes back what is too much. Those that gave theirs back."""
    for member in group:
        supply.give(member, member.least)
    paused = _pausing(group, supply, 0)
    if paused:
        paused = _pausing(group, supply, turn * len(paused))
        for member in paused:
            supply.give(member, -member.got)
        # One that pauses may still fit where another was too large; those whose turn is the last first.
        in_order(reversed(paused), supply)
    return paused


def _pausing(group, supply, start):
    """Those that pause, from this place upward, until the rest fits."""
    left = list(supply.left)
    paused: list = []
    while min(left) < 0:
        member = group[(start + len(paused)) % len(group)]
        for conductor in member.conductors:
            left[conductor] += member.least
        paused.append(member)
    return paused


def even_out(members, supply) -> None:
    """Who makes the phases too uneven pauses: the last first, VIPs last."""
    broken = supply.even.broken()
    while broken:
        high, low = broken
        uneven = [member for member in members if member.got and _tips(member, high, low)]
        last = ([member for member in uneven if not member.vip] or uneven)[-1]
        supply.give(last, -last.got)
        broken = supply.even.broken()
    while admit(members, supply):
        pass


def _tips(member, high, low):
    return high in member.conductors and low not in member.conductors


def admit(members, supply) -> bool:
    """Gives its minimum to the first that waits and fits now, VIPs before the others; False when there is none."""
    for vip in (True, False):
        for member in members:
            if member.vip == vip and not member.got and supply.bears(member.conductors) >= member.least:
                supply.give(member, member.least)
                return True
    return False
