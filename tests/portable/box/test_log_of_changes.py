"""What the log tells of watchdogs, of refusals, and when memory is short."""

import sys

from asked import EMS, WHY_NOT, make

from checks import equal
from fairamp import commands, refusals
from fairamp.journal import MOST

HOUR_MS = 3600000


def test_a_changed_watchdog_is_told_once():
    box, told = make()
    point = commands.set_point(box, "test", 30000)
    for timeout_ms, failsafe_ma in ((60000, 8000), (60000, 8000), (60000, 0), (0, 0)):
        equal(commands.set_watchdog(box, EMS, point, timeout_ms, failsafe_ma), refusals.DONE)
        equal((point.timeout_ms, point.failsafe_ma), (timeout_ms, failsafe_ma))
    wanted = ("8 A after a silence of 60 s", "0 A after a silence of 60 s", "0 A after a silence of 0 s")
    equal(told, [EMS + ": " + text for text in wanted])


def test_another_wish_that_is_refused_for_the_same_reason_is_told():
    box, told = make(allow=False)
    for _ in range(2):
        commands.stop(box, EMS)
    for _ in range(2):
        commands.start(box, EMS)
    equal(told, [EMS + ": " + what + " refused: " + WHY_NOT for what in ("stop", "start")])


def test_who_was_silent_for_long_may_tell_no_more_at_once_than_another():
    box, told = make()
    box.now = HOUR_MS
    for number in range(50):
        commands.lock(box, EMS, number % 2 + 1)
    equal(len(told), MOST)


def test_a_check_that_finds_no_memory_is_refused():
    box, told = make()

    def full():
        raise MemoryError

    box.start_check = full
    equal((commands.start_check(box, "http"), box.check), (refusals.NO_MEMORY, None))
    equal(told, ["http: check refused: " + refusals.WORDS[refusals.NO_MEMORY]])


class Full:
    """In the place of the module of refusals, when its words do not fit."""

    @property
    def WORDS(self):
        raise MemoryError


def test_without_memory_for_its_words_a_refusal_is_told_by_its_number():
    box, told = make()
    name = "fairamp.refusals"
    before = sys.modules[name]
    sys.modules[name] = Full()
    try:
        equal(commands.card(box, "http", ""), refusals.NO_CARD)
    finally:
        sys.modules[name] = before
    equal(told, ["http: card refused: for the reason " + str(refusals.NO_CARD)])
