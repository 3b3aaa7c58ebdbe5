"""Boards for tests: what each must offer, and one with pins moved."""

from types import SimpleNamespace

from boards import interface
from fairamp_desk.commands import boards

MEMBERS = [row[0].partition("(")[0] for row in interface.MEMBERS]
PORT_MEMBERS = [row[0].partition("(")[0] for row in interface.PORT_MEMBERS]


def changed(board_id, pins=None, extra=(), **names):
    """A board file with pins moved ({role: pin}, None = row dropped), rows added or names replaced."""
    board = boards.load(board_id)
    rows = [(role, (pins or {}).get(role, gpio), wiring) for role, gpio, wiring in board.PINS]
    rows = [row for row in rows if row[1] is not None] + list(extra)
    content = {
        name: getattr(board, name, None)
        for name in ("CHIP", "NAME", "IMAGE", "WIFI", "DEFAULTS", "PSRAM", "NOTE", "connect")
    }
    content |= {"PINS": tuple(rows), **names}
    return SimpleNamespace(**{name: value for name, value in content.items() if value is not None})


def driver(board):
    name = "esp32" if board.CHIP.startswith("esp32") else "rp2"
    return __import__("boards.chips." + name, fromlist=[name])
