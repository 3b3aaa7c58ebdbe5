"""The page on settings: every one of them, from its row."""

from importlib import import_module
from types import ModuleType

from fairamp import meters
from fairamp.features import FEATURES
from fairamp.settings.kinds import EACH, FLAG, LIVE, OWNER, PER_PHASE, PRESET, PROFILE, Setting
from fairamp.settings.table import SECTIONS, files, rows
from fairamp_box.io.store import MOST_BYTES
from fairamp_desk.pages import table

PAGE = """# Settings

Made by `make docs` from `shared/fairamp/settings`: change it there.

A box reads `settings.json`: sections, with keys in them, at most {most} bytes. What is missing keeps its default.

```json
{{"site": {{"fuse": [25, 25, 25]}}, "charger": {{"max": 16, "leakage": "contact"}}}}
```

`[site] fuse` has to be there, and `[charger] leakage` on a board with that input. `fairamp deploy --settings FILE`
checks a file with the rules of the box before it copies it, and tells all that is wrong with it. A site for the twin
has the same sections, as TOML; its network is that of your computer, and its ports are those of `--modbus-tcp` and
`--http`, so `[wifi]` and ports are checked there and then left alone.

**Who** may change a setting while the box runs: the *owner*, or only the *installer*, who answers for fuse and wires
and may change all others, too. **When**: a *live* change counts at once, a lower limit within a moment, a higher one
as fast as offers may rise; the others wait for a *restart*. A live change that does not go with what holds until then
waits as well. **Needs**: without that, the setting means nothing.

## The file, and its copy

What the box itself writes (a change while it runs) ends with a check sum, `"sum"`, and lies there twice, as
`settings.json` and `settings.bak`. A loss of power at any moment leaves the old settings or the new ones. A damaged
file is replaced by its copy, and the log tells it. A file without a sum was made by a person: whatever is wrong with
it is told, and never replaced. A file of the box that was edited needs its sum removed, or `fairamp deploy --settings`,
which does that. What only a newer version knows stays in a file of the box, and is told.

## While it runs

Over the network with a password, or over the cable: [settings while it runs](settings-while-running.md), with the log
of changes. The twin takes them by hand, too, from everybody as from the installer:

```sh
curl -X POST --data '{{"site": {{"headroom": 5}}}}' http://127.0.0.1:8080/twin/settings      # live: at once
curl -X POST --data '{{"site": {{"fuse": [16, 16, 16]}}}}' http://127.0.0.1:8080/twin/settings
```

The answer names what waits for a restart: `{{"restart": ["[site] fuse"]}}`. When anything is wrong, all of it is told
and nothing is taken. It forgets them when it ends, unless it has a folder to keep them (`--state DIR`).

## Safe mode

A box whose file is missing or wrong does not charge. It starts all the same: sections that are right by themselves
hold, the others have their defaults, the log tells all that is wrong every ten seconds, and the [light](light.md)
flashes three times.
Registers can be read, on the serial line and on the network, but not written. The page tells the same in
`wrong_settings` of `/api/status`. Mend the file and send it, as a whole:

```sh
.venv/bin/fairamp deploy --board pico_w --port /dev/ttyACM0 --settings settings.json       # over the cable, always
curl -X PUT -H "Content-Type: application/json" --data-binary @settings.json http://192.168.1.20/api/settings
```

The second way needs a box that is on its network: `[wifi]` in the wrong file has to be right, and `[web] port` set. All
that is wrong with the new file comes back at once; one that holds takes the place of the old one in one step, and the
box restarts with it. That is in safe mode only, and open to whoever is on that network, unless the file has a right
password: then he has to log in.

{sections}"""


# Whatever is served on a port needs a network.
PORTS = {port: "wifi.name" for _, _, _, ports, _ in FEATURES for port in ports}

# What else they may be.
MODELS = {"meter.model": "", "meter.charger_model": "none, or "}


def page() -> str:
    return PAGE.format(most=MOST_BYTES, sections="\n".join(_section(name) for name in SECTIONS))


def _section(name):
    modules = _files(name)
    needs = {**PORTS, **{f"{name}.{key}": text for file in modules for key, text in getattr(file, "NEEDS", {}).items()}}
    lines = [
        (
            f"`{row.name}`",
            default(row),
            MODELS[row.name] + _meters() if row.name in MODELS else allowed(row),
            "owner" if row.who == OWNER else "installer",
            "live" if row.when == LIVE else "restart",
            needs.get(row.name, ""),
            purpose(row),
        )
        for row in rows(name)
    ]
    head = ("setting", "default", "may be", "who", "when", "needs", "what it is for")
    about = "\n\n".join(str(file.__doc__) for file in modules)
    return f"## {name}\n\n{about}\n\n{table(head, lines)}\n"


def _files(section: str) -> list[ModuleType]:
    return [import_module(f"fairamp.settings.{file}") for file in files(section)]


def _meters():
    return f"one of the {len(list(meters.IDS))} [meters](meters.md)"


def default(row: Setting) -> str:
    if row.default is None or row.kind in (PRESET, PROFILE):
        return "none"
    if row.kind == EACH and len(set(row.default)) == 1:
        return f"{row.default[0]:g} {row.span[0]}"
    if row.kind in (PER_PHASE, EACH):
        return ", ".join(f"{value:g}" for value in row.default) + " " + row.span[0]
    if row.kind == FLAG:
        return str(row.default).lower()
    return f"{row.default} {row.span[0] if row.is_number() else ''}".strip()


def allowed(row: Setting) -> str:
    return ", ".join(row.choices()) or row.allowed()


def purpose(row: Setting) -> str:
    section, key = row.name.split(".")
    return next(file.HELP[key] for file in _files(section) if key in file.HELP)
