"""Lines full of errors change nothing that P1 tells, and any pieces of a line tell the same."""

import random

import pytest

from fairamp.meters.p1 import P1
from fairamp.meters.tic import Tic
from tests.desk.meters.p1_telegrams import p1_telegram
from tests.desk.meters.telegrams import damaged, drafts, noisy, only
from tests.desk.meters.tic_house import House


@pytest.mark.parametrize("version", ["42", "50", "BE"])
def test_no_error_on_the_line_changes_what_p1_tells(version):
    rand = random.Random(version)
    port = P1()
    told = 0
    for number in range(1500):
        data = p1_telegram(rand, version, rand.choice((1, 3)))
        truth = only(P1(), data)
        wrong = noisy(rand, data, 0.1) if number % 2 else damaged(rand, data)
        found = drafts(port, wrong)
        assert all(draft == truth for _, draft in found)
        told += len(found)
        if number % 10 == 0:
            assert drafts(port, data)[-1][1] == truth
    # An error that changes nothing: a parity bit, bytes in front of the beginning or behind the end.
    assert told < 100
    assert port.bad > 1200


def test_any_pieces_of_a_bad_line_tell_the_same():
    rand = random.Random(1)
    p1 = b"".join(damaged(rand, p1_telegram(rand, rand.choice(["42", "50", "BE", "22"]), 3)) for _ in range(300))
    house = House(rand, "tri", 0.2)
    tic = b"".join(damaged(rand, house.frame()) if rand.random() < 0.5 else house.frame() for _ in range(300))
    for kind, data in ((P1, p1), (Tic, tic), (P1, tic), (Tic, p1)):
        whole = kind()
        wanted = drafts(whole, data)
        for piece in (lambda: 1, lambda: rand.randrange(1, 300)):
            port = kind()
            assert drafts(port, data, piece) == wanted
            assert (port.bad, port.problem) == (whole.bad, whole.problem)
