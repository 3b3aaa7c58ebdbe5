import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairamp_desk.chips import bundle
from fairamp_desk.commands import deploy
from tests.desk.chips import small_application
from tests.desk.chips.chip import StandIn


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the small application in it."""
    root = tmp_path / "checkout"
    small_application.write(root)
    monkeypatch.setattr(bundle, "ROOT", root)
    return root


@pytest.fixture(autouse=True)
def older_than_a_chip_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in is a MicroPython for the desk, without timers of any kind."""
    monkeypatch.setattr(deploy, "OLDEST", (1, 25))


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path) as chip:
        yield chip


@pytest.fixture(scope="module")
def flash_of_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flash of a chip with the small application; where the next test finds it."""
    return tmp_path_factory.mktemp("box") / "flash.bin"


@pytest.fixture
def box(tree: Path, tmp_path: Path, flash_of_box: Path) -> Iterator[StandIn]:
    """A chip on which the small application runs."""
    if not flash_of_box.exists():
        with StandIn(tmp_path) as chip:
            small_application.to_pico(chip.tty)
        shutil.copyfile(chip.flash, flash_of_box)
    shutil.copyfile(flash_of_box, tmp_path / "flash.bin")
    with StandIn(tmp_path) as chip:
        yield chip
