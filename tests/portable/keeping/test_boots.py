"""How often and why the box has started; after three failures in a row it starts in safe mode."""

from empty_folder import empty

from checks import equal
from fairamp_box.io.pair import Pair
from fairamp_box.keeping.boots import MOST_FAILURES, MOST_WORDS, STOOD_STILL, Boots


def start(cause="reset"):
    return Boots(Pair("boots/boot"), cause)


def first():
    empty("boots")
    return start("power")


def test_starts_are_counted():
    first()
    equal([start("power").count for _ in range(3)], [2, 3, 4])


def test_the_reason_is_what_was_said_at_the_end():
    boots = first()
    equal((boots.count, boots.reason), (1, "power on"))
    boots.ends(False, "as asked by http")
    again = start()
    equal((again.reason, again.failures), ("as asked by http", 0))
    again.ends(True, "ValueError: no such thing")
    equal(start().reason, "ValueError: no such thing")


def test_who_says_nothing_was_without_power_or_stood_still():
    first()
    equal((start("power").reason, start("power").failures), ("power on", 0))
    still = start("reset")
    equal((still.reason, still.failures), (STOOD_STILL, 1))


def test_failures_in_a_row_and_what_ends_the_row():
    boots = first()
    for number in range(MOST_FAILURES):
        equal((boots.failures, boots.failing), (number, False))
        boots.ends(True, "failed")
        boots = start()
    assert boots.failing
    boots.ends(False, "as asked by the owner")
    boots = start()
    equal((boots.failures, boots.failing), (0, False))
    boots.ends(True, "failed")
    boots = start()
    boots.runs_well()
    boots.ends(True, "failed")
    equal(start().failures, 1)
    equal(start("power").failures, 0)


def test_long_words_and_damaged_ones():
    first().ends(True, "\u00e4" * MOST_WORDS)
    assert start().reason
    pair = Pair("boots/boot")
    pair.load()
    pair.save(b"\xff" * 40)
    equal(start("power").count, 1)


def test_without_a_place_it_starts_all_the_same():
    boots = Boots(None, "reset")
    boots.ends(True, "failed")
    equal((boots.count, boots.failing), (1, False))


class Full:
    def load(self):
        return None

    def save(self, data):
        raise OSError(30)


def test_a_start_that_cannot_be_written_down_is_known():
    assert Boots(Full(), "power").problem
    equal(first().problem, "")
