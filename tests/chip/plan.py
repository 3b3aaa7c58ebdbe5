"""From an image to a report: deploy, play, measure."""

import json
from collections.abc import Callable
from functools import partial

from tests.chip import budgets, install, report, trials, wifi
from tests.chip.image import Image
from tests.chip.install import SETTINGS
from tests.chip.pico import Pico
from tests.chip.report import Report
from tests.chip.session import Play, Session
from tests.chip.snapshot import Progress, together
from tests.chip.trials import Charging

# What the progress bar is told: what is being done, and how far it is, or None when nobody knows.
Show = Callable[[str, float | None], object]


def rtu(image: Image, board: str, count: int, show: Show) -> Report:
    """A box with two lines and no radio."""
    show("deploy", None)
    flash = install.deploy(image, board, SETTINGS)
    companion = install.with_companion(image, flash)
    show("session", 0.0)
    works = [partial(session, image, flash, board), partial(costs, image, companion, board)]
    plays = together(works, lambda parts: show("session", parts[0]))
    show("trials", 0.0)
    charging = Charging(image, companion, board)
    plays.append(trials.trials(charging, count, lambda part: show(f"{count} trials", part)))
    return report.make(image, board, budgets.rtu(install.in_place(image)), plays)


def radio(image: Image, board: str, show: Show) -> Report:
    """A box on a network: its registers over TCP, then with its page."""
    show("deploy", None)
    settings = {**SETTINGS, **wifi.SETTINGS}
    flash = install.deploy(image, board, settings, radio=True)
    with_page = reconfigured(image, flash, {**settings, "web": {"port": wifi.HTTP_PORT}})
    works = [partial(wifi.plain, image, flash, board), partial(wifi.with_page, image, with_page, board)]
    plays = together(works, lambda parts: show("network", min(parts)))
    return report.make(image, board, budgets.RADIO, plays)


def session(image: Image, flash: bytes, board: str, progress: Progress) -> Play:
    return Session(image, flash, board, progress).all()


def costs(image: Image, flash: bytes, board: str, progress: Progress) -> Play:
    return trials.costs(Charging(image, flash, board), progress)


def reconfigured(image: Image, flash: bytes, settings: dict) -> bytes:
    pico = Pico(image, radio=True)
    pico.chip.core.flash[:] = flash
    pico.prompt_instead()
    install.put(pico, "settings.json", json.dumps(settings).encode())
    return bytes(pico.chip.core.flash)
