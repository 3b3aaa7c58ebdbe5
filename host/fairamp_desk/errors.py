"""How a command ends when it cannot do its work: one line that says what, where and what to do."""


class UsageError(Exception):
    """Wrong use or wrong input: exit code 2."""


class Failure(Exception):
    """The work itself did not succeed: exit code 1."""
