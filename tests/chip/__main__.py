"""`make chip`: the product on an emulated chip, with everything measured that has a budget."""

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from fairamp_desk.progress import time_bar
from tests.chip import image as images
from tests.chip import plan, report
from tests.chip.emulator.native import NoCompiler
from tests.chip.image import BadImage, Image
from tests.chip.install import NotDeployed
from tests.chip.snapshot import Failed

ADVICE = (
    "make chip needs an image of MicroPython: IMAGE=RPI_PICO.uf2 from https://micropython.org/download/RPI_PICO, "
    "or IMAGE=fetch, which gets the newest release from there"
)
TRIALS = 300
MISSED, WRONG_USE, INTERRUPTED = 1, 2, 130


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chip", description=__doc__)
    parser.add_argument("image", nargs="?", help="a .uf2 file, or fetch")
    parser.add_argument("--board", metavar="ID", help="the board file; told by the image of a Pico or Pico W")
    trials = int(os.environ.get("TRIALS") or TRIALS)
    parser.add_argument(
        "--trials", type=int, default=trials, metavar="N", help="times that the car leaves C (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    parser.add_argument("--docs", action="store_true", help=f"write the results into {report.PAGE}")
    parser.add_argument("--no-tests", action="store_true", help="leave out the tests of the emulator itself")
    return parser.parse_args()


def main() -> int:
    args = parsed()
    if not args.image:
        print(ADVICE, file=sys.stderr)
        return WRONG_USE
    try:
        image = found(args)
        return play(args, image, args.board or image.board)
    except (BadImage, NoCompiler) as error:
        print(f"make chip: {error}", file=sys.stderr)
        return WRONG_USE
    except (NotDeployed, Failed) as error:
        print(f"make chip: {error}", file=sys.stderr)
        return MISSED
    except KeyboardInterrupt:
        return INTERRUPTED


def found(args: argparse.Namespace) -> Image:
    path = Path(args.image)
    if args.image == "fetch":
        from tests.chip.fetch import fetch

        path = fetch(args.board or "pico")
    image = images.load(path)
    if not (args.board or image.board):
        raise BadImage(f'{path}: for a board that is not known here; name its file in boards with ARGS="--board ID"')
    return image


def play(args: argparse.Namespace, image: Image, board: str) -> int:
    console = Console()
    radio = importlib.import_module(f"boards.{board}").WIFI
    console.print(f"{image.path}: MicroPython {image.version}, board {board}", markup=False)
    if not args.no_tests:
        test(image)
    with time_bar() as bar:
        task = bar.add_task("", total=None)

        def show(what: str, part: float | None) -> None:
            bar.update(task, description=what, total=None if part is None else 1.0, completed=part or 0.0)

        found = plan.radio(image, board, show) if radio else plan.rtu(image, board, args.trials, show)
    report.show(found, console)
    if args.json:
        report.write_json(found, args.json)
    if args.docs:
        report.write_page(found)
    return MISSED if found.missed else 0


def test(image: Image) -> None:
    """The emulator itself; nothing measured on a wrong one is worth anything."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(Path(__file__).parent)]
    done = subprocess.run(command, env={**os.environ, "FAIRAMP_CHIP_IMAGE": str(image.path)})
    if done.returncode:
        raise Failed("the tests of the emulator fail; see above")


if __name__ == "__main__":
    sys.exit(main())
