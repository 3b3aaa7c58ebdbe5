"""The table of the boards, for the README."""

from fairamp_desk.chips import memory
from fairamp_desk.commands import boards
from fairamp_desk.pages import table

BEGIN, END = "<!-- boards: made by `make docs` -->\n", "<!-- boards: end -->"
HEAD = ("id", "board", "transformers", "memory", *(name for name, _ in memory.CONFIGURATIONS))


def replaced(text: str) -> str:
    """The README with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + board_table() + "\n" + END + after


def board_table() -> str:
    rows = []
    for board_id, board in boards.load_all().items():
        roles = {role for role, _, _ in board.PINS}
        transformers = str(len(roles.intersection(boards.TRANSFORMERS)))
        verdicts = boards.verdicts(board_id, board)
        rows.append((f"`{board_id}`", board.NAME, transformers, memory.heap(board_id), *verdicts))
    return table(HEAD, rows)
