"""What must hold whatever is shared: very many problems drawn by lot, always the same ones, judged by the checker."""

import json
import random

import pytest
from sharing_checker import violations
from sharing_problems import Dice, add_stations, draw

from fairamp.sharing.member import Member
from fairamp.sharing.shares import EQUAL, Rules, share
from fairamp_desk.commands import share as command

CAMPAIGNS = 6
PROBLEMS = 25_000  # in each campaign
LARGE = 20
SOCKETS = 128
MOST_SMALL = 12


def solved(dice, count, stations=False):
    problem = draw(dice, count)
    if stations:
        add_stations(dice, problem)
    offers = problem.solve()
    found = violations(problem, offers)
    assert not found, f"{'; '.join(found)}\n{problem.line()}\noffers {offers}"
    return problem, offers


@pytest.mark.parametrize("campaign", range(CAMPAIGNS))
def test_the_rules_hold(campaign):
    dice = Dice(1000 + campaign)
    for _ in range(PROBLEMS):
        solved(dice, dice.between(1, MOST_SMALL))
    for _ in range(LARGE):
        solved(dice, SOCKETS)


@pytest.mark.parametrize("campaign", range(2))
def test_the_rules_hold_where_sockets_share_a_station(campaign):
    dice = Dice(2000 + campaign)
    for _ in range(PROBLEMS):
        solved(dice, dice.between(1, MOST_SMALL), stations=True)


def test_the_order_of_the_input_does_not_matter():
    dice, chance = Dice(77), random.Random(77)
    for _ in range(5_000):
        problem, offers = solved(dice, dice.between(2, MOST_SMALL))
        chance.shuffle(problem.sockets)
        assert problem.solve() == offers, problem.line()


def test_sockets_that_are_alike_pause_equally_often():
    dice = Dice(78)
    for _ in range(1_000):
        count = dice.between(2, MOST_SMALL)
        least, step = dice.between(60, 140) * 100, dice.pick((100, 1000))
        members = [Member(3 * index, (0, 1, 2), least) for index in range(count)]
        budget = [dice.below(count * least + 4000)] * 3
        pauses = [0] * count
        amps = [0] * count
        for turn in range(count):
            share(Rules(EQUAL, step), members, budget, turn=turn)
            for index, member in enumerate(members):
                pauses[index] += member.waits
                amps[index] += member.offer_ma
        assert len(set(pauses)) == 1, (count, least, budget, pauses)
        # Left-over steps are one per turn at most.
        assert max(amps) - min(amps) <= count * step


def test_the_command_answers_the_same():
    dice = Dice(79)
    for _ in range(3_000):
        problem, offers = solved(dice, dice.between(1, MOST_SMALL))
        answer = command.answer(problem.line().encode())
        assert {int(id): amps * 1000 for id, amps in answer["offers"].items()} == pytest.approx(offers)
        waiting = [socket.id for socket in problem.sockets if socket.demand_ma != 0 and not offers[socket.id]]
        assert answer["waiting"] == sorted(waiting)
        assert json.loads(json.dumps(answer)) == answer
