"""What is thought of a clamp: how much it takes until it is not believed, and until it is again."""

from checks import equal
from fairamp.sharing.opinion import RATIO, REVERSED, UNSEEN, Opinion


def missed(*misses):
    """(kind, percent seen, asked) of each."""
    opinion = Opinion()
    for kind, percent, asked in misses:
        opinion.miss(kind, 6000, percent, asked, 0)
    return opinion


def test_what_is_seen_by_the_way_names_nothing():
    opinion = missed((UNSEEN, 0, False), (UNSEEN, 0, False), (UNSEEN, 0, False))
    equal((opinion.problem, opinion.misses, opinion.strange), ("", 1, True))


def test_what_was_asked_for_bears_out_what_was_seen_by_the_way():
    assert "clamp off" in missed((UNSEEN, 0, False), (UNSEEN, 0, True)).problem
    equal(missed((UNSEEN, 0, True), (REVERSED, -100, True)).problem, "")
    assert "round" in missed((UNSEEN, 0, True), (REVERSED, -100, True), (REVERSED, -100, True)).problem


def test_a_ratio_has_to_be_the_same_three_times():
    equal(missed((RATIO, 50, True), (RATIO, 50, True)).problem, "")
    assert "ratio" in missed((RATIO, 50, True), (RATIO, 50, True), (RATIO, 52, True)).problem
    equal(missed((RATIO, 50, True), (RATIO, 50, True), (RATIO, 90, True)).problem, "")


def test_one_fit_by_chance_gives_nothing_back():
    opinion = missed((UNSEEN, 0, True), (UNSEEN, 0, True))
    opinion.fit()
    assert opinion.problem
    opinion.miss(UNSEEN, 6000, 0, False, 0)
    opinion.fit()
    assert opinion.problem
    opinion.fit()
    equal((opinion.problem, opinion.proved, opinion.strange), ("", True, False))
