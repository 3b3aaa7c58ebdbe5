"""Says which rules of sharing a set of offers breaks. Knows the rules only, and nothing of how the offers were found.

All is counted in whole steps: `free` is what sockets may have on each way, a car takes 0 or from `low` to `high`.
Ways 0 to 2 are the phases, those behind them the phases of stations.
"""

PAIRS = ((0, 1), (0, 2), (1, 2))
WAYS = 12  # the most that a problem has


class Car:
    """One socket of a problem, and what it was offered."""

    def __init__(self, socket, step, offer_ma):
        self.id = socket.id
        self.conductors = socket.conductors
        self.vip = socket.vip
        self.rank = (0 if socket.vip else 1, socket.arrived, socket.id)
        self.offer_ma = offer_ma
        self.got = offer_ma // step
        self.low = (socket.least_ma + step - 1) // step
        use = socket.most_ma if socket.demand_ma is None else min(socket.demand_ma, socket.most_ma)
        self.high = max(self.low, use // step)
        # Between its minimum and its maximum there may be no whole step.
        self.wants = use > 0 and self.low * step <= socket.most_ma

    def meets(self, loads, more, free):
        """Is there a way of this car on which so much more does not go?"""
        return any(loads[way] + more > free[way] for way in self.conductors)


def violations(problem, offers_ma):
    """Which rules these offers break, in words; nothing for none. `offers_ma`: by id."""
    cars = [Car(socket, problem.step_ma, offers_ma[socket.id]) for socket in problem.sockets]
    found = []
    _check_each(problem, cars, found)
    _check_ways(problem, cars, found)
    if found:
        return found
    ways = range(len(problem.budget_ma))
    free = [max(0, problem.budget_ma[way] - problem.reserved_ma[way]) // problem.step_ma for way in ways]
    cars = [car for car in cars if car.wants]
    _check_waste(problem, cars, free, found)
    if problem.imbalance_ma:
        _check_likes(problem, cars, found)
    elif problem.mode == "equal":
        _check_who_waits(cars, free, found)
        _check_turn(problem, cars, free, found)
        _check_level(cars, free, found)
    else:
        cars.sort(key=_rank)
        _check_order_of_minimums(cars, free, found)
        charging = [car for car in cars if car.got]
        parts = _parts(problem, charging) if problem.mode == "combined" else {}
        _check_filling(charging, parts, free, found)
    return found


def _rank(car):
    return car.rank


def _sums(cars, steps):
    """Per way, of what `steps` says of each car."""
    sums = [0] * WAYS
    for car in cars:
        for way in car.conductors:
            sums[way] += steps(car)
    return sums


def _check_each(problem, cars, found):
    for car in cars:
        where = "socket " + str(car.id) + ": "
        if car.offer_ma % problem.step_ma:
            found.append(where + "no whole steps")
        if car.got and not car.wants:
            found.append(where + "offered although it wants or can have nothing")
        elif car.got and not car.low <= car.got <= car.high:
            found.append(where + "outside of minimum and demand or maximum")


def _check_ways(problem, cars, found):
    loads = _sums(cars, lambda car: car.offer_ma)
    for way, load in enumerate(loads):
        if load and load + problem.reserved_ma[way] > problem.budget_ma[way]:
            found.append("way " + str(way) + " is over its budget")
    if problem.imbalance_ma and not _even(problem, loads):
        found.append("phases differ too much")


def _even(problem, loads):
    for one, other in PAIRS:
        alone = problem.background_ma[one] - problem.background_ma[other]
        if abs(alone + loads[one] - loads[other]) > max(problem.imbalance_ma, abs(alone)):
            return False
    return True


def _check_waste(problem, cars, free, found):
    """One step more, or the minimum of one that waits, must break something."""
    loads = _sums(cars, lambda car: car.got)
    for car in cars:
        more = 1 if car.got else car.low
        if car.got == car.high or car.meets(loads, more, free):
            continue
        if problem.imbalance_ma:
            then = [(loads[phase] + (more if phase in car.conductors else 0)) * problem.step_ma for phase in range(3)]
            if not _even(problem, then):
                continue
        found.append("socket " + str(car.id) + ": could have more, and it is wasted")


def _check_who_waits(cars, free, found):
    """In equal mode: as many charge as fit, VIPs before the others."""
    least = _sums([car for car in cars if car.got], lambda car: car.low)
    least_vip = _sums([car for car in cars if car.got and car.vip], lambda car: car.low)
    for car in cars:
        if not car.got and not car.meets(least_vip if car.vip else least, car.low, free):
            found.append("socket " + str(car.id) + ": waits although its minimum fits")


def _check_turn(problem, cars, free, found):
    """Where all use the same phases it is known who may pause in which turn."""
    if not cars or len({tuple(sorted(car.conductors)) for car in cars}) > 1:
        return
    left = min([free[way] for way in cars[0].conductors])
    for vip in (True, False):
        ring = sorted([car for car in cars if car.vip == vip], key=lambda car: car.id)
        turn_0 = _pausing(ring, left, 0)
        pausing = _pausing(ring, left, problem.turn * len(turn_0))
        for car in ring:
            if car.got:
                left -= car.low
            elif car.id not in pausing:
                found.append("socket " + str(car.id) + ": pauses although it is not its turn")


def _pausing(ring, left, start):
    over = sum([car.low for car in ring]) - left
    pausing = set()
    while over > 0 and len(pausing) < len(ring):
        car = ring[(start + len(pausing)) % len(ring)]
        pausing.add(car.id)
        over -= car.low
    return pausing


def _check_level(cars, free, found):
    """Max-min fair: who is below its demand has a full way on which nobody could give it a step and keep more."""
    loads = _sums(cars, lambda car: car.got)
    top = [0] * len(free)
    for car in cars:
        for way in car.conductors:
            if car.got > car.low:
                top[way] = max(top[way], car.got)
    for car in cars:
        if 0 < car.got < car.high and not [
            way for way in car.conductors if loads[way] == free[way] and top[way] <= car.got + 1
        ]:
            found.append("socket " + str(car.id) + ": others have more than it on each of its full ways")


def _check_order_of_minimums(cars, free, found):
    before = [0] * len(free)
    for car in cars:
        if car.got:
            for way in car.conductors:
                before[way] += car.low
        elif not car.meets(before, car.low, free):
            found.append("socket " + str(car.id) + ": waits although its minimum fits behind those before it")


def _parts(problem, charging):
    """Socket -> what it gets before the rest is handed out in order."""
    count = _sums(charging, lambda car: 1)
    parts = {}
    for car in charging:
        part = car.high
        for way in car.conductors:
            budget = problem.budget_ma[way] - problem.reserved_ma[way]
            part = min(part, budget * (100 - problem.fifo_percent) // (100 * count[way] * problem.step_ma))
        parts[car.id] = max(car.low, part)
    return parts


def _check_filling(charging, parts, free, found):
    """Parts in order, above the minimums of those behind; then the rest in order, above the parts of those behind."""

    def part_of(car):
        return min(car.got, parts.get(car.id, car.low))

    for base, filled, full, what in (
        (lambda car: car.low, part_of, lambda car: parts.get(car.id, car.low), "gets less than its part"),
        (part_of, lambda car: car.got, lambda car: car.high, "could have more before those behind it"),
    ):
        loads = _sums(charging, base)
        for car in charging:
            for way in car.conductors:
                loads[way] += filled(car) - base(car)
            if filled(car) < full(car) and not car.meets(loads, 1, free):
                found.append("socket " + str(car.id) + ": " + what)


def _check_likes(problem, cars, found):
    """Evenness bends order and fairness, but not between sockets on the very same ways that begin together."""
    charging = [car for car in cars if car.got]
    together = _even(problem, [steps * problem.step_ma for steps in _sums(charging, lambda car: car.low)])
    groups = {}
    for car in cars:
        groups.setdefault(tuple(sorted(car.conductors)), []).append(car)
    for group in groups.values():
        group.sort(key=_rank)
        for index, first in enumerate(group):
            for second in group[index + 1 :]:
                named = "sockets " + str(first.id) + " and " + str(second.id) + ": "
                if (problem.mode != "equal" or (first.vip and not second.vip)) and not first.got:
                    if second.got and first.low <= second.low:
                        found.append(named + "the wrong one waits")
                elif together and first.got and second.got and not _is_right(problem.mode, first, second):
                    found.append(named + "unfair on the same ways")


def _is_right(mode, first, second):
    """Both charge; `second` comes behind in the order of arrival."""
    if mode == "equal":
        less, more = (first, second) if first.got < second.got else (second, first)
        return less.got == less.high or more.got == more.low or more.got - less.got <= 1
    return mode == "combined" or first.got == first.high or second.got == second.low
