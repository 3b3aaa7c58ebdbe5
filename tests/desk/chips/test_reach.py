"""What goes onto a board, and what a board without radio is spared."""

import ast
from pathlib import Path

import pytest

from fairamp_desk.chips import bundle, reach
from fairamp_desk.commands import boards

# What needs sockets. A module that joins them is one that a board without radio cannot load: is that meant?
NEED_SOCKETS = {
    "fairamp_box.features.announce",
    "fairamp_box.features.announce.port",
    "fairamp_box.features.announce.task",
    "fairamp_box.features.registers.tcp_server",
    "fairamp_box.features.web.server",
    "fairamp_box.io.http_client",
    "fairamp_box.meters.http_source",
    "fairamp_box.features.ntp.asking",
    "fairamp_box.features.ntp.task",
    "fairamp_box.network",
    "fairamp_box.io.streams",
    "fairamp_box.io.tcp_link",
    "fairamp_box.io.gateway_link",
    "fairamp_box.io.udp_link",
}
# What nobody else asks for.
FOR_THEM = {
    "fairamp.clock.sntp",
    "fairamp.dns",
    "fairamp_box.features.ntp",
    "fairamp.host_name",
    "fairamp.mdns",
    "fairamp.modbus.tcp_exchange",
    "fairamp.modbus.tcp_session",
    "fairamp.session_list",
    "fairamp.status",
    "fairamp_box.features.registers.masters",
    "fairamp_box.features.web",
    "fairamp_box.features.diary",
    "fairamp_box.features.diary.diary",
    "fairamp_box.features.sessions",
    "fairamp_box.features.sessions.book",
    "fairamp.access",
    "fairamp.administration",
    "fairamp_box.features.web.changes",
    "fairamp_box.features.web.manage",
    "fairamp_box.features.web.page",
    "fairamp_box.io.places",
    "fairamp_box.io.roll",
    "microdot",
    "microdot.microdot",
}
# The network between boxes is to come: so far only the twin carries these messages.
TO_COME = {"fairamp.sharing.hearing", "fairamp.local", "fairamp.sharing.remote"}


def checkout(board: str = "pico") -> reach.Checkout:
    return reach.Checkout(bundle.ROOT, bundle.ROOT / "boards" / f"{board}.py")


def test_what_starts_and_what_is_loaded_by_name_is_there() -> None:
    for module in ("main", "fairamp_pack", *reach.PROMPT_TOOLS, *reach.BY_NAME):
        assert checkout().file(module), module


def test_only_these_need_sockets() -> None:
    every = reach.needed(checkout(), radio=True)
    assert checkout().with_radio(every) - FOR_THEM == NEED_SOCKETS


def test_a_board_without_radio_has_everything_else() -> None:
    all_of_it = reach.needed(checkout(), radio=True)
    assert reach.needed(checkout(), radio=False) == all_of_it - NEED_SOCKETS - FOR_THEM
    assert bundle.everything() - all_of_it == TO_COME


@pytest.mark.parametrize("board", boards.BOARDS)
def test_what_a_board_gets_it_can_load(board: str) -> None:
    """Whatever is loaded at once by what it has, it has; what it lacks is asked for in functions only."""
    files = bundle.sources(board)
    all_of_it = checkout(board)
    modules = {file.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".") for file in files} - {"main.py"}
    for module in {*modules, "main"}:
        needs = set(all_of_it.needs(module, at_once=True))
        ours = {name for name in needs if all_of_it.file(name)}
        assert ours <= modules, module
        if not boards.load(board).WIFI:
            assert not reach.RADIO & reach.roots(needs), module


def test_names_made_at_run_time_are_those_that_the_desk_knows() -> None:
    found = set()
    for folder in ("shared", "firmware", "boards"):
        for file in (bundle.ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
                    name = node.args[0]
                    assert isinstance(name, ast.BinOp) and isinstance(name.left, ast.Constant), file
                    found.add(name.left.value)
    assert found == {name.rpartition(".")[0] + "." for name in reach.BY_NAME}


FILES = {
    "firmware/main.py": "import board\nfrom fairamp_box import start\n",
    "firmware/fairamp_box/__init__.py": "",
    "firmware/fairamp_box/start.py": "def main():\n    from fairamp_box import web\n    from fairamp import late\n",
    "firmware/fairamp_box/web.py": "try:\n    import socket\nexcept ImportError:\n    pass\nimport fairamp.page\n",
    "firmware/fairamp_box/above.py": "class Above:\n    from fairamp_box import web\n",
    "shared/fairamp/__init__.py": "",
    "shared/fairamp/late.py": "",
    "shared/fairamp/page.py": "",
    "shared/fairamp/unused.py": "",
    "boards/one.py": "def connect():\n    from boards.chips import chip\n",
    "boards/chips/__init__.py": "",
    "boards/__init__.py": "",
    "boards/chips/chip.py": "import machine\n",
}


@pytest.fixture
def small(tmp_path: Path) -> reach.Checkout:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return reach.Checkout(tmp_path, tmp_path / "boards" / "one.py")


def test_reach(small: reach.Checkout) -> None:
    without = {"main", "board", "boards", "boards.chips", "boards.chips.chip"}
    without |= {"fairamp", "fairamp.late", "fairamp_box", "fairamp_box.start"}
    assert reach.needed(small, radio=False) == without
    assert reach.needed(small, radio=True) == without | {"fairamp_box.web", "fairamp.page"}


def test_who_needs_a_radio(small: reach.Checkout) -> None:
    assert small.with_radio(["fairamp_box.web", "fairamp_box.above", "fairamp_box.start", "fairamp.page"]) == {
        "fairamp_box.web",
        "fairamp_box.above",
    }
