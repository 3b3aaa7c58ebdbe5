"""What portable tests share, beside plain `assert`."""


class raises:
    """`with raises(ValueError, "part of the text"):` fails unless the block raises that."""

    def __init__(self, kind, text=""):
        self._kind = kind
        self._text = text

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        assert kind is not None, "nothing was raised"
        if not issubclass(kind, self._kind):
            return False
        assert self._text in str(error), "raised, but says: " + str(error)
        return True


def equal(found, wanted):
    """Fails with both values in the message, which MicroPython's `assert` does not show."""
    assert found == wanted, "found " + repr(found) + ", wanted " + repr(wanted)
