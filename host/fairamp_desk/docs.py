"""Makes the parts of docs/ that come from the code: `make docs`."""

import argparse
import asyncio
import functools
import io
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from fairamp.managers import NAMES
from fairamp_desk.commands.run import EXAMPLE
from fairamp_desk.forgotten import everything
from fairamp_desk.live import view
from fairamp_desk.pages import boards, chargepoint, gallery, images, light, meters, registers, settings, sharing
from fairamp_desk.site import read_site
from fairamp_desk.twin.twin import Twin

FOLDER = Path(__file__).resolve().parents[2] / "docs"
README = FOLDER.parent / "README.md"
# Fonts of the reader's own machine, none from the network.
SVG = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace("Fira Code, ", "")
HEIGHT = 24
ENDPOINTS = ["modbus-tcp teltocharge 127.0.0.1:1502", "http http://127.0.0.1:8080"]


def live_picture() -> str:
    """The live view of the built-in example after half a minute, as SVG."""
    twin = Twin(read_site(EXAMPLE), speed=10)
    console = Console(record=True, width=96, file=io.StringIO())

    async def watch():
        running = asyncio.create_task(twin.run())
        while twin.world.ms < 30_000:
            await asyncio.sleep(0.05)
        console.print(view(twin, ENDPOINTS, console.width, HEIGHT))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(watch())
    finally:
        twin.close()
    return console.export_svg(title="make run", code_format=SVG, unique_id="live")


# Pages that are made from tables; the tests check that they are current.
PAGES: dict[str, Callable[[], str]] = {
    "chargepoint.md": chargepoint.page,
    "images.md": images.page,
    "light.md": light.page,
    "meters.md": meters.page,
    "settings.md": settings.page,
    "sharing.md": sharing.page,
    "gallery.md": gallery.page,
    **gallery.PICTURES,
    **{f"registers-{name}.md": functools.partial(registers.page, name) for name in NAMES},
}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make docs", description="Makes the parts of docs/ that come from the code.")
    # It shows a twin in real time: no two of them are the same.
    parser.add_argument("--live", action="store_true", help="the picture of the live view, too")
    args = parser.parse_args(argv)
    if forgotten := everything():
        sys.exit("\n".join(forgotten))
    for name, make in PAGES.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(make(), encoding="utf-8")
    if args.live:
        (FOLDER / "live.svg").write_text(live_picture(), encoding="utf-8")
    README.write_text(boards.replaced(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
