"""An image from MicroPython's own download page, kept in the cache of rp2040py, which knows the addresses."""

from pathlib import Path

from rp2040py.utils.firmware_retrieve import MICROPYTHON, retrieve

from tests.chip.image import WHERE, BadImage

WORD = "fetch"


def fetch(board: str) -> Path:
    """Of the newest release."""
    known = (MICROPYTHON.boards or {}).get(board)
    if known is None:
        raise BadImage(f"no image for {board} is known by address; get one at {WHERE}")
    newest = max((tag for tag in known.fw if "-" not in tag), key=lambda tag: [int(part) for part in tag.split(".")])
    try:
        path = retrieve(MICROPYTHON, newest, board)
    except OSError as error:
        raise BadImage(f"{known.fw[newest]}: {error}; get the file yourself") from error
    if path is None:
        raise BadImage(f"{known.fw[newest]}: not there, or too slow; get the file yourself")
    return path
