"""The settings of a box at a serial port: it is stopped, its files are changed, and it starts again."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from fairamp.settings import Settings
from fairamp.settings.showing import sections as showing
from fairamp.settings.showing import with_secrets, without_secrets
from fairamp_box.io import store
from fairamp_box.io.store import COPY_FILE, PRESET_FILE, SETTINGS_FILE
from fairamp_desk import settings_file
from fairamp_desk.chips.chip import RESET, Chip
from fairamp_desk.chips.placing import OF_USER, Inventory, Placing
from fairamp_desk.commands import boards
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.starting import LOG_S, show_log

LIST = "import os; print(*os.listdir())"
MACHINE = "import sys; print(sys.implementation._machine)"
REMOVE = "import os; os.remove({!r})"


class StoppedBox:
    """With its prompt, and the board that it is."""

    def __init__(self, chip: Chip, board: Any) -> None:
        self._chip = chip
        self._board = board
        with chip.failures("reading its settings"):
            there = chip.run(LIST).split()
            self._files = {name: bytes(chip.fs_readfile(name)) for name in OF_USER if name in there}

    def values(self) -> dict[str, Any]:
        return dict(showing(self._checked(self._files)))

    def change(self, sections: dict, of_installer: bool) -> list[str]:
        """`of_installer`: whoever holds the cable is that. Nothing waits: the box restarts."""
        whole = self._whole()
        for name, keys in sections.items():
            whole.setdefault(name, {}).update(keys)
        self._put(whole, newer=self._is_sealed())
        return []

    def backup(self) -> dict[str, Any]:
        return without_secrets(self._whole())

    def restore(self, sections: dict) -> None:
        self._put(with_secrets(sections, self._whole() if self._files.get(SETTINGS_FILE) else {}))

    def reset(self) -> None:
        """The copy first, so that it never comes back."""
        for name in (COPY_FILE, PRESET_FILE, SETTINGS_FILE):
            if name in self._files:
                with self._chip.failures(f"removing {name}"):
                    self._chip.run(REMOVE.format(name))

    def _is_sealed(self):
        return bool(store.fits(self._files.get(SETTINGS_FILE, b"").rstrip()))

    def _checked(self, files: dict[str, bytes]) -> Settings:
        return settings_file.check(files, SETTINGS_FILE, self._board)

    def _whole(self) -> dict[str, Any]:
        self._checked(self._files)
        name = SETTINGS_FILE
        try:
            whole = json.loads(self._files[name])
        except ValueError:
            whole = json.loads(self._files[COPY_FILE])  # it holds in the place of a damaged one
        whole.pop(store.SUM, None)
        return whole

    def _put(self, whole: dict, newer: bool = False) -> None:
        """`newer`: what is not known here was written by a box, and stays."""
        text = store.sealed(whole)
        preset = {PRESET_FILE: self._files[PRESET_FILE]} if PRESET_FILE in self._files else {}
        self._checked({SETTINGS_FILE: text if newer else json.dumps(whole).encode(), **preset})
        if len(text) > store.MOST_BYTES:
            raise UsageError(f"{SETTINGS_FILE}: would be longer than {store.MOST_BYTES} bytes")
        placing = Placing(self._chip, Inventory(), {})
        for name in (SETTINGS_FILE, COPY_FILE):
            placing.replace(name, text)


@contextlib.contextmanager
def stopped(device: str, board_id: str | None) -> Iterator[StoppedBox]:
    """The box, which starts again whatever happens."""
    print(f"{device}: the box stops, and charging with it, until it has started again")
    with Chip(device) as chip:
        try:
            yield StoppedBox(chip, _board(chip, board_id))
        except BaseException:
            with contextlib.suppress(Failure), chip.failures("restarting it"):
                chip.leave(RESET)
            raise
        with chip.failures("restarting it"):
            port = chip.leave(RESET)
        print("restart: the first lines of the log")
        show_log(device, port, LOG_S)


def _board(chip: Chip, board_id: str | None) -> Any:
    if board_id:
        return boards.load(board_id)
    with chip.failures("asking which board it is"):
        name = chip.run(MACHINE).strip().partition(" with ")[0]
    found = [board for board in boards.load_all().values() if name == board.NAME]
    if not found:
        raise UsageError(f"{chip.device_name}: which board is this ({name})? Say it: --board ID, see fairamp boards")
    return found[0]
