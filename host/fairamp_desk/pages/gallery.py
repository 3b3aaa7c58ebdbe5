"""Pictures of small simulated sites with their stories; each is a file that anybody can change and run."""

import functools
from pathlib import Path

from fairamp_desk.simulation.drawing import draw
from fairamp_desk.simulation.play import natural_end, play
from fairamp_desk.simulation.plot import Plot
from fairamp_desk.site import read_site
from fairamp_desk.twin.lockstep import Lockstep

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "scenarios"
SHOWN = {
    "kettle": "The house takes more",
    "later_car": "A second car",
    "reclaim": "What a car leaves",
    "alternating": "Taking turns",
    "combined": "Half equal, half in order",
    "rotation": "Each phase for itself",
    "station": "Two sockets on one cable",
    "phase_change": "From three phases to one and back",
    "meter_lost": "The meter is lost",
}
PAGE = """# Gallery

Made by `make docs` from the sites in `tests/scenarios`: change them there.

Each picture shows the current through the main fuse on each phase, then every socket: what it offered, what the car
drew on its strongest phase, and in the bar below what it was doing. Make your own:

```sh
.venv/bin/fairamp simulate site.toml --plot site.svg
```

A site is a text file with the fuse, the house, the chargers, the cars and what happens to them; the files below are
examples. `fairamp simulate --help` tells what else it can write: a report as JSON, and one row per second as CSV.
{stories}"""
STORY = """
## {title}

{told}

![{title}](gallery/{name}.svg)

```sh
.venv/bin/fairamp simulate tests/scenarios/{name}.toml --plot {name}.svg
```
"""


def page() -> str:
    stories = (STORY.format(name=name, title=title, told=story(name)) for name, title in SHOWN.items())
    return PAGE.format(stories="".join(stories))


def story(name: str) -> str:
    """What the comment at the head of a scenario tells."""
    told = []
    for line in (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            break
        told.append(line[2:])
    return "\n".join(told)


def picture(name: str) -> str:
    site = read_site(FOLDER / f"{name}.toml")
    lockstep = Lockstep(site, quick=True)
    plot = Plot(lockstep, natural_end(site))
    play(lockstep, plot.seconds, [plot])
    return draw(plot, SHOWN[name])


# By the name of the file, below the folder of the pages.
PICTURES = {f"gallery/{name}.svg": functools.partial(picture, name) for name in SHOWN}
