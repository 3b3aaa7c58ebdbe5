"""Telegrams for tests: what a port tells of them, and the errors that lines make."""

from fairamp.meters.draft import Draft
from tests.runtimes import ROOT

FACTS = ROOT / "tests" / "facts"


def drafts(port, data, piece=lambda: 1 << 30):
    """What each good telegram in there said, and how many bytes it took to say so."""
    found = []
    start = 0
    while start < len(data):
        length = min(piece(), len(data) - start)
        taken = port.feed(data, start, length)
        assert 0 < taken <= length
        assert taken == length or port.done
        start += taken
        if port.done:
            draft = Draft()
            port.fill(draft)
            found.append((start, vars(draft)))
    return found


def only(port, data):
    ((_, draft),) = drafts(port, data)
    assert port.bad == 0
    return draft


def noisy(rand, data, share):
    """With this share of its bytes replaced by others."""
    return bytes(rand.randrange(256) if rand.random() < share else byte for byte in data)


def damaged(rand, data):
    """With one to three errors as lines make them."""
    data = bytearray(data)
    for _ in range(rand.randrange(1, 4)):
        at, size = rand.randrange(len(data)), rand.randrange(1, 30)
        kind = rand.randrange(5)
        if kind == 0:
            data[at] ^= 1 << rand.randrange(8)
        elif kind == 1:
            data[at] = rand.randrange(256)
        elif kind == 2:
            del data[at : at + size]
        elif kind == 3:
            data[at:at] = data[at : at + size]
        else:
            data[at:at] = rand.randbytes(size)
    return bytes(data)
