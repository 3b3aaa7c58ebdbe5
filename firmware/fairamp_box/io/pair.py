"""A few bytes that outlast a loss of power at any moment: two files take turns, and the newest whole one counts."""

from binascii import crc32
from struct import pack, unpack

# Number of the writing and check sum; what is kept lies between them.
FRAME = 8


class Pair:
    """Small enough, such a file lies in the table of its folder, and writing it erases next to nothing."""

    def __init__(self, path: str):
        """`path`: without the ending, which tells the two apart."""
        self._paths = (path + ".0", path + ".1")
        self._number = 0  # of the newest writing
        self._next = 0  # the file to be written

    def load(self):
        """What was kept last; None when there is nothing, or both files are damaged."""
        found = None
        for index, path in enumerate(self._paths):
            whole = _whole(path)
            if whole is None:
                continue
            number = unpack("<I", whole[:4])[0]
            if found is None or number > self._number:
                found = whole[4:-4]
                self._number, self._next = number, 1 - index
        return found

    def save(self, data: bytes) -> None:
        """OSError when it cannot be written; then what was kept before still counts."""
        whole = pack("<I", self._number + 1) + data
        with open(self._paths[self._next], "wb") as file:
            file.write(whole + pack("<I", crc32(whole)))
        self._number += 1
        self._next = 1 - self._next


def _whole(path):
    """Everything in the file but its check sum's bytes; None when that does not fit, or there is no such file."""
    try:
        with open(path, "rb") as file:
            whole = file.read(1024)
    except OSError:
        return None
    if len(whole) < FRAME or unpack("<I", whole[-4:])[0] != crc32(whole[:-4]):
        return None
    return whole
