"""SITE.toml: a house, its chargers and cars, as a file that people write."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from fairamp.settings import CHOICE, NUMBER, PER_PHASE, WHOLE, A, S, Setting, Settings
from fairamp_desk.errors import UsageError

FAR = 1_000_000_000  # s
EVENTS = ("meter_lost", "meter_back", "shed_on", "shed_off", "enable_off", "enable_on")
QUIRKS = (
    "none",
    "ignores_pilot",
    "slow_start",
    "sleeps",
    "greedy",
    "no_diode",
    "late",
    "nibbles",
    "ventilation",
    "simple",
    "half_seated",
)
ROWS = {
    "load": (
        Setting("load.at", NUMBER, 0, "from this second on", "s", 0, FAR, S),
        Setting("load.amps", PER_PHASE, [0, 0, 0], "what the house draws; negative = export", "A", -1000, 1000, A),
    ),
    "car": (
        Setting("car.charger", WHOLE, 0, "the socket it comes to", low=0, high=127),
        Setting("car.arrives", NUMBER, 0, "when it is plugged in", "s", 0, FAR, S),
        Setting("car.leaves", NUMBER, None, "when it is unplugged", "s", 0, FAR, S),
        Setting("car.phases", WHOLE, 3, "how many of the charger's terminals it uses", low=1, high=3),
        Setting("car.max", NUMBER, 16, "most that it draws", "A", 1, 80, A),
        Setting("car.min", NUMBER, 6, "least that it can draw", "A", 1, 80, A),
        Setting("car.needs_kwh", NUMBER, None, "how much it takes", "kWh", 0, 10000, 1000),
        Setting("car.quirk", CHOICE, "none", "its bad habit", choices=QUIRKS),
    ),
    "event": (
        Setting("event.at", NUMBER, 0, "when", "s", 0, FAR, S),
        Setting("event.what", CHOICE, None, "what happens", choices=EVENTS),
    ),
}
SECTIONS = ("site", "meter", "sharing", "ems", "box")


@dataclass
class Site:
    """What a file says, in whole inner units: mA, ms, Wh."""

    settings: Settings
    loads: list[Settings] = field(default_factory=list)
    cars: list[Settings] = field(default_factory=list)
    events: list[Settings] = field(default_factory=list)


def read_site(path: Path) -> Site:
    """Reads and checks a file; UsageError lists all that is wrong with it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not a text file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None
    return check_site(content, str(path))


def check_site(content: dict, where: str) -> Site:
    """From the parsed file to a site; UsageError lists all that is wrong with it."""
    errors: list[str] = []
    site = Site(Settings())
    sections = {name: values for name, values in content.items() if name not in (*ROWS, "charger")}
    for name in sections:
        if name not in SECTIONS:
            errors.append(f"{where}: [{name}]: unknown section; known: {', '.join((*SECTIONS, 'charger', *ROWS))}")
    chargers = _tables(content, "charger", where, errors)
    if len(chargers) > 1:
        errors.append(f"{where}: [[charger]]: {len(chargers)} given; this version runs one")
    if chargers:
        sections["charger"] = chargers[0]
    errors += site.settings.load({name: sections[name] for name in sections if name in (*SECTIONS, "charger")}, where)
    for name, found in (("load", site.loads), ("car", site.cars), ("event", site.events)):
        for number, table in enumerate(_tables(content, name, where, errors), 1):
            row = Settings(ROWS[name])
            errors += row.load({name: table}, f"{where}: [[{name}]] {number}")
            found.append(row)
    if not errors:
        _cross_check(site, where, errors)
    if errors:
        raise UsageError("\n".join(errors))
    site.loads.sort(key=lambda load: load["load.at"])
    site.events.sort(key=lambda event: event["event.at"])
    return site


def _tables(content, name, where, errors):
    tables = content.get(name, [])
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        return tables
    errors.append(f"{where}: {name}: write it as [[{name}]], once for each")
    return []


def _cross_check(site, where, errors):
    for number, car in enumerate(site.cars, 1):
        place = f"{where}: [[car]] {number}"
        if car["car.leaves"] is not None and car["car.leaves"] <= car["car.arrives"]:
            errors.append(f"{place}: leaves must come after arrives")
        if car["car.min"] > car["car.max"]:
            errors.append(f"{place}: min is above max")
        if car["car.charger"] != site.settings["charger.id"]:
            errors.append(f"{place}: charger: no charger has id {car['car.charger']}")
    for number, event in enumerate(site.events, 1):
        if event["event.what"] is None:
            errors.append(f"{where}: [[event]] {number}: what: missing; {ROWS['event'][1].allowed()}")
