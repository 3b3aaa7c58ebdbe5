from sharing_checker import violations
from sharing_problems import Dice, Problem, draw

from checks import equal
from fairamp.sharing.member import Member
from fairamp.sharing.shares import COMBINED, EQUAL, FIFO, Rules, share

ALL = (0, 1, 2)
L1 = (0,)
L2 = (1,)


def offers(mode, budget, members, turn=0, percent=50, imbalance=0, reserved=(0, 0, 0), background=(0, 0, 0), step=1000):
    """In A, in the order of the members."""
    per_phase = [amps * 1000 for amps in (budget if isinstance(budget, tuple) else (budget, budget, budget))]
    rules = Rules(mode, step, percent, imbalance * 1000)
    share(rules, members, per_phase, [a * 1000 for a in background], [a * 1000 for a in reserved], turn)
    return [member.offer_ma / 1000 for member in members]


def cars(*amps):
    """Three-phase cars that came in this order, with what they draw; None = all that they get."""
    return [Member(1 + index, ALL, demand_ma=a and a * 1000, arrived=index) for index, a in enumerate(amps)]


def test_fifo_as_in_the_table():
    for budget, drawn, wanted in (
        (120, (None, None, None, None, None), [32, 32, 32, 18, 6]),
        (120, (16, None, None, None, None), [16, 32, 32, 32, 8]),
        (80, (None, None, None, None), [32, 32, 10, 6]),
    ):
        equal(offers(FIFO, budget, cars(*drawn)), wanted)


def test_combined_as_in_the_table():
    for budget, drawn, wanted in (
        (120, (None, None, None, None, None), [32, 32, 32, 12, 12]),
        (120, (20, None, None, None, None), [20, 32, 32, 24, 12]),
        (120, (6, None, None, None, None), [6, 32, 32, 32, 18]),
        (80, (6, None, None, None, None), [6, 32, 26, 8, 8]),
        (80, (None, None, None, None), [32, 28, 10, 10]),
        (80, (None, None, None, None, 0), [32, 28, 10, 10, 0]),
        (30, (None, None, None, None, None), [6, 6, 6, 6, 6]),
    ):
        equal(offers(COMBINED, budget, cars(*drawn)), wanted)
    equal(offers(COMBINED, 120, cars(None, None, None, None, None), percent=100), [32, 32, 32, 18, 6])
    equal(offers(COMBINED, 120, cars(None, None, None, None, None), percent=0), [24, 24, 24, 24, 24])


def test_the_step_that_is_left_over_goes_to_the_vip():
    for place in range(3):
        for first in range(3):
            sockets = [Member(id, L1, vip=id == place) for id in range(3)]
            share(Rules(EQUAL), sockets, (25000, 25000, 25000), first=first)
            equal([member.offer_ma for member in sockets], [9000 if id == place else 8000 for id in range(3)])


def test_who_came_first_and_vips():
    late, early = Member(0, L1, arrived=9), Member(1, L1, arrived=3)
    equal(offers(FIFO, 20, [late, early]), [6, 14])
    equal(offers(FIFO, 10, [late, early]), [0, 10])
    late.vip = True
    equal(offers(FIFO, 20, [late, early]), [14, 6])
    equal(offers(FIFO, 10, [late, early]), [10, 0])
    # A minimum that does not fit is skipped; those behind it charge.
    late.least_ma = 14000
    equal(offers(FIFO, 10, [late, early]), [0, 10])
    assert late.waits and not early.waits


def square(turn, a=None):
    """Sockets A, B and C on one phase of 20 A; `a`: the minimum of a car at A."""
    members = [Member(1, L1), Member(2, L1)]
    if a:
        members.insert(0, Member(0, L1, a))
    return offers(EQUAL, 20, members, turn)


def test_three_sockets_at_a_square():
    equal(offers(EQUAL, 20, [Member(1, L1, 14000, 14000)]), [14])
    equal(offers(EQUAL, 20, [Member(1, L1)]), [20])
    # One probes with 14 A, and goes before the others for that time.
    equal(offers(EQUAL, 20, [Member(1, L1), Member(2, L1, 14000, 14000, vip=True)]), [6, 14])
    equal(square(0), [10, 10])
    for turn, wanted in ((0, [14, 0, 6]), (1, [14, 6, 0])):
        probing = [Member(0, L1, 14000, 14000, vip=True), Member(1, L1), Member(2, L1)]
        equal(offers(EQUAL, 20, probing, turn), wanted)
    for turn, wanted in ((0, [0, 10, 10]), (1, [14, 0, 6]), (2, [14, 6, 0]), (3, [0, 10, 10])):
        equal(square(turn, 14000), wanted)


def test_six_sockets_take_turns():
    for turn, wanted in ((0, [0, 0, 6, 6, 6, 6]), (1, [6, 6, 0, 0, 6, 6]), (2, [6, 6, 6, 6, 0, 0])):
        members = [Member(id, ALL) for id in range(6)]
        equal(offers(EQUAL, 24, members, turn), wanted)
        equal(offers(EQUAL, 24, members, turn + 30), wanted)
        equal([member.waits for member in members], [amps == 0 for amps in wanted])


def test_steps_that_are_left_go_to_those_next_after_the_paused():
    members = [Member(id, ALL) for id in range(5)]
    for turn, wanted in ((0, [0, 8, 7, 7, 7]), (1, [7, 0, 8, 7, 7]), (4, [8, 7, 7, 7, 0])):
        equal(offers(EQUAL, 29, members, turn), wanted)
    six = [Member(id, ALL) for id in range(6)]
    for turn, wanted in ((0, [0, 0, 7, 7, 6, 6]), (1, [6, 6, 0, 0, 7, 7]), (2, [7, 7, 6, 6, 0, 0])):
        equal(offers(EQUAL, 26, six, turn), wanted)
    # Nobody pauses: the turn says who is first.
    for turn, wanted in ((0, [7, 7, 6, 6]), (1, [6, 7, 7, 6]), (3, [7, 6, 6, 7])):
        equal(offers(EQUAL, 26, members[:4], turn), wanted)


def test_phase_rotation():
    equal(offers(EQUAL, 20, [Member(0, L1), Member(1, L2)]), [20, 20])
    equal(offers(EQUAL, 20, [Member(0, L1), Member(1, (0, 1))]), [10, 10])
    equal(offers(EQUAL, 20, [Member(0, L1), Member(1, (2, 0, 1))]), [10, 10])
    # Who does not meet the others on the full phase takes what they leave.
    equal(offers(EQUAL, (12, 30, 30), [Member(0, L1), Member(1, ALL), Member(2, L2)]), [6, 6, 24])


def test_each_rule_once():
    one = [Member(0, ALL)]
    equal(offers(EQUAL, (20, 19, 21), one), [19])
    equal(offers(EQUAL, 20, one, reserved=(0, 6, 0)), [14])
    equal(offers(EQUAL, (20, -1, 20), one), [0])
    assert one[0].waits
    equal(offers(EQUAL, 20, [Member(0, ALL, demand_ma=0)]), [0])
    equal(offers(EQUAL, 20, [Member(0, ALL, demand_ma=3000)]), [6])
    equal(offers(EQUAL, 20, [Member(0, ALL, 6500)], step=2000), [20])
    equal(offers(EQUAL, 7, [Member(0, ALL, 6500)], step=2000), [0])
    # Between minimum and maximum there is no whole step.
    equal(offers(EQUAL, 20, [Member(0, ALL, 6200, 6800)]), [0])
    equal(offers(EQUAL, 36, [Member(id, ALL) for id in range(5)], step=100), [7.2] * 5)


def test_phases_stay_even():
    equal(offers(EQUAL, 32, [Member(0, L1), Member(1, ALL)], imbalance=8), [8, 24])
    equal(offers(FIFO, 32, [Member(0, L1), Member(1, ALL)], imbalance=8), [8, 24])
    equal(offers(EQUAL, 32, [Member(0, L1)], imbalance=5), [0])
    # One phase waits for the next: what held it back goes away.
    equal(offers(EQUAL, 32, [Member(0, L1), Member(1, L1), Member(2, L2), Member(3, (2,))], imbalance=6)[2:], [32, 32])
    # The house makes it worse, or better.
    equal(offers(EQUAL, 32, [Member(0, L1)], imbalance=10, background=(4, 0, 0)), [6])
    equal(offers(EQUAL, 32, [Member(0, L1)], imbalance=10, background=(0, 4, 4)), [14])
    # What is too much by itself may stay.
    equal(offers(EQUAL, 32, [Member(0, L1), Member(1, ALL)], imbalance=10, background=(15, 0, 0)), [0, 32])


def test_evenness_lets_nobody_overtake():
    """One in a million: while a single step is handed out, it frees one that a socket with more would have taken."""
    sockets = [Member(9, ALL, 14000, demand_ma=6000), Member(5, L2, 12400, vip=True)]
    sockets += [Member(0, (2, 0)), Member(7, (2, 0), 14000, 15200)]
    problem = Problem(EQUAL, [56000] * 3, sockets, 100)
    problem.imbalance_ma = 7800
    problem.reserved_ma = (14000, 11000, 11000)
    problem.turn = 4
    equal(violations(problem, problem.solve()), [])
    equal([socket.offer_ma for socket in sockets], [14000, 31000, 14000, 14000])


def test_a_site_that_stays_as_it_is_gives_everybody_the_same():
    for phases, count, amps in ((ALL, 5, 29), (L1, 4, 20)):
        for remember in (False, True):
            members = [Member(id, phases) for id in range(count)]
            got = [0] * count
            for turn in range(25):
                now = offers(EQUAL, amps, members, 0 if remember else turn)
                for index, member in enumerate(members):
                    got[index] += now[index]
                    member.waited += remember and member.waits
            mean = sum(got) / count
            assert max(got) <= 1.05 * mean and min(got) >= 0.95 * mean, got
            assert sum(got) >= 0.97 * 25 * amps


def test_who_waited_more_is_later_to_pause():
    """Cars of every kind together: those that are alike charge for the same time, and none is forgotten."""
    for seed in range(12):
        dice = Dice(seed)
        members = [
            Member(id, dice.pick((L1, L2, ALL)), dice.pick((6000, 14000)), vip=False) for id in range(4 + dice.below(4))
        ]
        budget = dice.between(14, 30)
        for _ in range(60):
            offers(EQUAL, budget, members)
            for member in members:
                member.waited += member.waits
        kinds = {}
        for member in members:
            assert member.waited < 60, "one never charges"
            kinds.setdefault((member.conductors, member.least_ma), []).append(member.waited)
        for waited in kinds.values():
            assert max(waited) - min(waited) <= 2, kinds


def check(dice, count):
    problem = draw(dice, count)
    solved = problem.solve()
    found = violations(problem, solved)
    assert not found, problem.line() + " offers " + str(solved) + ": " + "; ".join(found)
    problem.sockets.reverse()
    problem.sockets.append(problem.sockets.pop(0))
    assert problem.solve() == solved, "depends on the order of input: " + problem.line()


def test_the_rules_hold_for_random_problems():
    dice = Dice(2024)
    for _ in range(2000):
        check(dice, dice.between(1, 12))
    for _ in range(2):
        check(dice, 128)


def milliamps(amps):
    return {id: int(amps[id] * 1000) for id in range(len(amps))}


def test_the_checker_notices():
    """What it is for: offers that somebody else made."""
    three = [Member(id, ALL, arrived=id) for id in range(3)]
    for mode, budget, given, text in (
        (EQUAL, 20, (7, 7, 7), "over its budget"),
        (EQUAL, 20, (5, 7, 8), "outside"),
        (EQUAL, 20, (6, 6, 7), "wasted"),
        (EQUAL, 20, (6, 6, 8), "others have more"),
        (EQUAL, 20, (0, 10, 10), "waits although"),
        (EQUAL, 12, (6, 6, 0), "not its turn"),
        (FIFO, 20, (7, 7, 6), "before those behind"),
        (FIFO, 12, (0, 6, 6), "waits although"),
        (COMBINED, 60, (32, 20, 8), "less than its part"),
        (COMBINED, 60, (30, 20, 10), "before those behind"),
        (EQUAL, 96, (33, 32, 31), "outside"),
        (EQUAL, 20, (6.5, 6, 7), "whole steps"),
    ):
        problem = Problem(mode, [budget * 1000] * 3, three)
        found = violations(problem, milliamps(given))
        assert text in "; ".join(found), (mode, budget, given, found)
    problem = Problem(FIFO, [40000] * 3, [Member(0, L1, arrived=1), Member(1, L1, arrived=2), Member(2, (1, 2))])
    problem.imbalance_ma = 6000
    for given, text in (((32, 8, 6), "differ too much"), ((6, 8, 14), "wasted"), ((6, 14, 17), "unfair")):
        found = violations(problem, milliamps(given))
        assert text in "; ".join(found), (given, found)
