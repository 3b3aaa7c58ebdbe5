"""The codes of limits are public as those of reasons are: programs read them in /api/status."""

from checks import equal
from fairamp import words
from fairamp.charging import limits

# Code, words as the user reads them.
LIMITS = (
    (limits.HARDWARE, 0, "hardware"),
    (limits.GRID, 1, "maximum from the grid"),
    (limits.USER, 2, "user setting"),
    (limits.CABLE, 3, "cable"),
    (limits.SIMPLE_PILOT, 4, "simplified pilot"),
    (limits.TEMPERATURE, 5, "temperature"),
    (limits.EMS, 6, "energy management"),
    (limits.SHEDDING, 7, "load shedding"),
    (limits.ENABLE, 8, "enable input"),
    (limits.BALANCE, 9, "load balance"),
)


def test_each_limit_keeps_its_code_and_its_words():
    for code, number, text in LIMITS:
        equal((code, words.WORDS[number]), (number, text))
