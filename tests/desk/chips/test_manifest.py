"""What boards/manifest.py hands over to the build of MicroPython."""

import contextlib
from pathlib import Path
from types import SimpleNamespace

from fairamp_desk.chips import bundle

MANIFEST = bundle.ROOT / "boards" / "manifest.py"


def frozen(board: str) -> dict[str, list[str]]:
    """Folder -> the files of it that are frozen, all as the build of MicroPython runs a manifest."""
    found: dict[str, list[str]] = {}
    options = SimpleNamespace(defaults=lambda board: None, board=board)

    def freeze(folder: str, files: str | list[str]) -> None:
        found[str(Path(folder).resolve())] = [files] if isinstance(files, str) else files

    names = {"options": options, "freeze": freeze}
    with contextlib.chdir(MANIFEST.parent):
        exec(MANIFEST.read_text(), names)
    return found


def test_what_is_frozen_is_what_a_board_would_get_otherwise() -> None:
    for board in ("pico", "pico_w"):
        made = bundle.build(board)
        found = frozen(board)
        modules = found[str(bundle.ROOT / "build" / "folded" / board)]
        assert modules == sorted(file.replace(".mpy", ".py") for file in made.modules())
    assert found[str(bundle.ROOT / "firmware")] == ["main.py"]
