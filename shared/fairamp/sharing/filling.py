"""Hands out what is left above the minimums."""


def one_by_one(members, room) -> None:
    """Each as much as it can have, in this order."""
    at = 0
    while at < len(members):
        rose = lift(members[at], members[at].most, room)
        # Only unevenness can give room back to those before.
        at = 0 if rose and room.even.limited else at + 1


def lift(member, level, room) -> bool:
    """Up to this level, as far as it goes; False when it goes nowhere."""
    steps = min(level - member.got, room.bears(member.ways))
    if steps <= 0:
        return False
    room.give(member, steps)
    return True


def together(members, room) -> None:
    """All rise as one; who is above the others waits for them. Single steps that are left go in this order."""
    rising = [member for member in members if room.may_rise(member)]
    while rising:
        _rise(rising, room)
        _single(rising, room)
        # What unevenness held back may be free now.
        again = members if room.even.limited else rising
        rising = [member for member in again if room.may_rise(member)]


def _rise(rising, room):
    """Lifts the common level as far as every way bears it."""
    low = min([member.got for member in rising])
    high = max([member.most for member in rising])
    while low < high:
        middle = (low + high + 1) // 2
        if _bears(room, rising, middle):
            low = middle
        else:
            high = middle - 1
    for member in rising:
        steps = min(low, member.most) - member.got
        if steps > 0:
            room.give(member, steps)


def _bears(room, rising, level):
    more = [0] * len(room.left)
    for member in rising:
        steps = min(level, member.most) - member.got
        if steps > 0:
            for way in member.ways:
                more[way] += steps
    for way in range(len(more)):
        if more[way] > room.left[way]:
            return False
    return not room.even.broken(more)


def _single(rising, room):
    """One step for each of the lowest that can have one."""
    able = [member for member in rising if room.may_rise(member)]
    lowest = min([member.got for member in able]) if able else 0
    for member in able:
        if member.got == lowest and room.may_rise(member):
            room.give(member, 1)
