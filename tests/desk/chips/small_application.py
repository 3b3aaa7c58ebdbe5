"""A small application in the places of the real one, to be deployed onto the stand-in of a chip."""

from pathlib import Path

from fairamp_desk import ports
from fairamp_desk.chips import bundle
from fairamp_desk.chips import chip as repl
from fairamp_desk.commands import deploy
from fairamp_desk.errors import Failure
from tests.desk.chips.chip import StandIn, until
from tests.desk.command_line import fairamp

FIRMWARE = bundle.ROOT / "firmware"
# Like the real one it leaves `hold` when it is interrupted. It says more than deploy shows, so that deploy need not
# wait for the time to be up.
FILES = {
    "shared/fairamp/__init__.py": "VERSION = '0.0'\n",
    "shared/fairamp/units.py": "AMPS = int(16)\n",
    "shared/fairamp/managers/__init__.py": "",
    "shared/fairamp/managers/alfen.py": "ROWS = ()\n",
    "firmware/fairamp_box/__init__.py": "",
    "firmware/fairamp_box/start.py": """
import os
import time

def main(board, defaults):
    from fairamp.units import AMPS

    if "hold" in os.listdir():
        os.remove("hold")
        print("held by Ctrl-C: nothing runs and nothing charges; reset to start")
        return
    print("box:", AMPS, "A on", board.NAME)
    for i in range(30):
        print("line", i)
    try:
        while True:
            time.sleep_ms(10)
    except KeyboardInterrupt:
        open("hold", "w").close()
        board.reset()
""",
    "firmware/main.py": (FIRMWARE / "main.py").read_text(),
    "firmware/fairamp_pack.py": (FIRMWARE / "fairamp_pack.py").read_text(),
    "boards/__init__.py": "",
    "boards/interface.py": "",
    "boards/chips/__init__.py": "",
    "boards/chips/common.py": "from machine import reset\nclass Board:\n    reset = staticmethod(reset)\n",
    "boards/chips/rp2040.py": "from boards.chips import common\nclass Board(common.Board):\n    NAME = 'a Pico'\n",
    "boards/chips/esp32.py": "from boards.chips.common import Board\nBoard.NAME = 'an ESP32'\n",
    "boards/esp32_devkitc.py": """
DEFAULTS = {}
def connect():
    from boards.chips.esp32 import Board
    return Board()
""",
    "boards/pico.py": """
DEFAULTS = {}
def connect():
    from boards.chips import rp2040
    return rp2040.Board()
""",
    "boards/pico_w.py": "",
}
# Without what nothing reaches: boards/interface.py.
COMPILED = [
    "board.mpy",
    "boards/__init__.mpy",
    "boards/chips/__init__.mpy",
    "boards/chips/common.mpy",
    "boards/chips/rp2040.mpy",
    "fairamp/__init__.mpy",
    "fairamp/managers/__init__.mpy",
    "fairamp/managers/alfen.mpy",
    "fairamp/units.mpy",
    "fairamp_box/__init__.mpy",
    "fairamp_box/start.mpy",
    "fairamp_pack.mpy",
    "main.py",
]
ON_PICO = ["fairamp.pack", "fairamp_pack.mpy", "main.py"]
LIST_FILES = """
import os
def walk(path):
    for name, kind, *_ in os.ilistdir(path):
        if kind != 0x4000:
            print(path + name)
        elif name not in ("rom", "without"):
            walk(path + name + "/")
walk("")
"""


def write(root: Path) -> None:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def change(root: Path, amps: int = 32) -> None:
    (root / "shared/fairamp/units.py").write_text(f"AMPS = int({amps})\n")


def to_pico(port: str, *options: object) -> int:
    return fairamp(deploy, "deploy", "--board", "pico", "--port", port, *options)


def on_chip(chip: StandIn, code: str) -> str:
    """What it prints there; the application does not run meanwhile, nor afterwards."""
    until(lambda: is_free(chip.tty))
    with repl.Chip(chip.tty) as prompt:
        return prompt.run(code)


def is_free(port: str) -> bool:
    """While the stand-in starts a process anew, that has all that is open for a moment."""
    try:
        ports.open_port(port).close()
    except Failure:
        return False
    return True


def files_on(chip: StandIn) -> list[str]:
    return sorted(name for name in on_chip(chip, LIST_FILES).split() if name != "hold")
