"""SITE.toml: a house, its chargers and cars, as a file that people write."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from boards.twin import TwinBoard
from fairamp import meters
from fairamp.clock.timekeeper import END_S, FIRST_S
from fairamp.features import FEATURES
from fairamp.meters import sources
from fairamp.settings import Settings, safe
from fairamp.settings.checking import named
from fairamp.settings.kinds import CHOICE, INSTALLER, NUMBER, PER_PHASE, RESTART, WHOLE, A, S, Setting
from fairamp.settings.table import SECTIONS
from fairamp_desk.errors import UsageError
from fairamp_desk.hints import with_hint
from fairamp_desk.twin.meters import FAULTS as METER_FAULTS

HERE = "127.0.0.1"
FAR = 1_000_000_000  # s
EVENTS = (
    *(f"meter_{fault}" for fault in METER_FAULTS),
    "meter_back",
    "network_lost",
    "network_back",
    "clock_lost",
    "clock_back",
    "shed_on",
    "shed_off",
    "enable_off",
    "enable_on",
)
# What happens at no charger.
OF_SITE = ("meter_", "clock_")
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


def _row(name: str, kind: int, default: object, *span: object) -> Setting:
    return Setting(name, INSTALLER, RESTART, kind, default, *span)


ROWS = {
    "load": (
        _row("load.at", NUMBER, 0, "s", 0, FAR, S),
        _row("load.amps", PER_PHASE, [0, 0, 0], "A", -1000, 1000, A),
    ),
    "car": (
        _row("car.charger", WHOLE, 0, "", 0, 127),
        _row("car.arrives", NUMBER, 0, "s", 0, FAR, S),
        _row("car.leaves", NUMBER, None, "s", 0, FAR, S),
        _row("car.phases", WHOLE, 3, "", 1, 3),
        _row("car.max", NUMBER, 16, "A", 1, 80, A),
        _row("car.min", NUMBER, 6, "A", 1, 80, A),
        _row("car.needs_kwh", NUMBER, None, "kWh", 0, 10000, 1000),
        _row("car.quirk", CHOICE, "none", QUIRKS),
    ),
    "event": (
        _row("event.at", NUMBER, 0, "s", 0, FAR, S),
        _row("event.what", CHOICE, None, EVENTS),
        _row("event.charger", WHOLE, 0, "", 0, 127),
    ),
}
# The network of a twin is that of this computer, and its ports are those of the command line.
MEANINGLESS = ("wifi.name", "wifi.password", *(port for _, _, _, ports, _ in FEATURES for port in ports))
# The board of the twin, as Settings.board has it.
WIRED = (True, True, 3, (TwinBoard.ct_span_mv, TwinBoard.ct_ends))


@dataclass
class Site:
    """What a file says, in whole inner units: mA, ms, Wh."""

    settings: Settings  # of the site and of its first charger
    start: int | None = None  # seconds since 1970 when it begins; None = nobody says
    meter_port: str | None = None  # serial port of this computer, at which the house meter is a real one
    chargers: list[Settings] = field(default_factory=list)
    loads: list[Settings] = field(default_factory=list)
    cars: list[Settings] = field(default_factory=list)
    events: list[Settings] = field(default_factory=list)


def read_site(path: Path) -> Site:
    """Reads and checks a file; UsageError lists all that is wrong with it."""
    try:
        # Some editors begin a file with a mark of its byte order.
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not a text file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deep; there are sections, and keys in them") from None
    except ValueError:
        raise UsageError(f"{path}: a number of thousands of digits; write amperes, seconds and the like") from None
    return check_site(content, str(path))


def check_site(content: dict, where: str) -> Site:
    """From the parsed file to a site; UsageError lists all that is wrong with it."""
    errors: list[str] = []
    site = Site(Settings())
    usual = dict(site.settings.values)
    sections = {name: values for name, values in content.items() if name not in (*ROWS, "charger")}
    for name in sections:
        if name not in SECTIONS:
            errors.append(f"{where}: [{named(name)}]: unknown section; known: {', '.join((*SECTIONS, *ROWS))}")
    chargers = _tables(content, "charger", where, errors)
    sections["meter"] = _meter(sections.get("meter", {}), sections.get("supply"))
    if isinstance(sections["meter"], dict) and isinstance(sections["meter"].get("port"), str):
        site.meter_port = sections["meter"].pop("port")
    site.start = _start(sections, where, errors)
    common = {name: sections[name] for name in sections if name in SECTIONS}
    site.settings.board = WIRED
    told = site.settings.load({**common, "charger": chargers[0] if chargers else {}}, where)
    errors += told
    site.settings.values.update({name: usual[name] for name in MEANINGLESS})
    if "ntp" not in common.get("clock", {}):
        # A twin asks nobody on the internet unless its site says so.
        site.settings.values["clock.ntp"] = ""
    sound = not told  # the chargers are as the file says
    site.chargers.append(site.settings)
    for number, table in enumerate(chargers[1:], 2):
        charger, of_this = Settings(), f"{where}: [[charger]] {number}"
        charger.board = WIRED
        # What is wrong with what all have is told already.
        for error in charger.load({**common, "charger": table}, of_this):
            sound = False
            if where + error.removeprefix(of_this) not in told:
                errors.append(error)
        site.chargers.append(charger)
    for name, found in (("load", site.loads), ("car", site.cars), ("event", site.events)):
        for number, table in enumerate(_tables(content, name, where, errors), 1):
            row = Settings({name: ROWS[name]})
            place = f"{where}: [[{name}]] {number}"
            wrong = row.load({name: table}, place)
            errors += wrong
            found.append(row)
            if not wrong:
                # What is right by itself has to fit the rest: all at once.
                errors += _misfits(name, row, site.chargers if sound else None, place)
    if sound:
        _cross_check(site, where, errors)
    if errors:
        raise UsageError("\n".join(with_hint(error) for error in errors))
    site.loads.sort(key=lambda load: load["load.at"])
    site.events.sort(key=lambda event: event["event.at"])
    return site


def _meter(section, supply):
    """A site reads its meter every second unless it says otherwise, and simulates what is on a network.

    Where the supply needs no house meter, there is none. A meter that runs already (a port, or another computer) sees
    no simulated car. One on a serial port of this computer has a line for itself: the simulated meter of the charger
    is on the other.
    """
    if not isinstance(section, dict):
        return section
    if isinstance(supply, dict) and supply.get("mode", "dynamic") != "dynamic":
        return {"period": 1, **section}
    model = section.get("model")
    found = meters.find(model)
    networked = model in meters.HTTP or (found is not None and found.serial is None) or "transport" in section
    usual: dict = {"period": 1}
    if isinstance(section.get("port"), str):
        return {**usual, "line": "ems", "location": "excluding", **section}
    if (networked or "port" in section) and model not in (meters.P1, meters.TIC):
        usual["host"] = HERE
    if "port" in section or section.get("host", HERE) != HERE:
        usual["location"] = "excluding"
    return {**usual, **section}


def _start(sections, where, errors):
    """Takes it out of the section, whose other keys are settings of the box."""
    if not isinstance(sections.get("clock"), dict):
        return None
    sections["clock"] = dict(sections["clock"])
    value = sections["clock"].pop("start", None)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        # Without a zone nobody knows when that is.
        if found.utcoffset() is not None and FIRST_S <= found.timestamp() < END_S:
            return int(found.astimezone(UTC).timestamp())
    except (AttributeError, TypeError, ValueError, OverflowError):
        pass
    wanted = 'a moment from 2025 to 2099 in UTC, such as "2026-06-21T00:00:00Z"'
    errors.append(f"{where}: [clock] start: {named(repr(value))} is not possible; allowed: {wanted}")
    return None


def _tables(content, name, where, errors):
    tables = content.get(name, [])
    if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
        return tables
    errors.append(f"{where}: {name}: write it as [[{name}]], once for each")
    # What is wrong inside is told along.
    return [tables] if isinstance(tables, dict) else []


def _cross_check(site, where, errors):
    ids = [charger["charger.id"] for charger in site.chargers]
    for number, id in enumerate(ids, 1):
        if id in ids[: number - 1]:
            errors.append(f"{where}: [[charger]] {number}: id {id} is taken by another")
    _check_safe(site, where, errors)
    _check_meter_port(site, where, errors)


def _misfits(name, row, chargers, place):
    """What is wrong with a car or an event whose values are possible each; `chargers`: None = not known."""
    wrong = []
    if name == "car":
        if row["car.leaves"] is not None and row["car.leaves"] <= row["car.arrives"]:
            wrong.append(f"{place}: leaves must come after arrives")
        if row["car.min"] > row["car.max"]:
            wrong.append(f"{place}: min is above max")
    if name == "event" and row["event.what"] is None:
        wrong.append(f"{place}: what: missing; {ROWS['event'][1].allowed()}")
    at_charger = name == "car" or (name == "event" and not (row["event.what"] or "").startswith(OF_SITE))
    if at_charger and chargers is not None and row[f"{name}.charger"] not in [one["charger.id"] for one in chargers]:
        wrong.append(f"{place}: charger: no charger has id {row[f'{name}.charger']}")
    return wrong


def _check_meter_port(site, where, errors):
    if site.meter_port is None:
        return
    settings, place = site.settings, f"{where}: [meter] port: "
    if sources.transport(settings) not in (sources.SERIAL, sources.TELEGRAM):
        text = f"is a serial port, and {settings['meter.model']} "
        text += "is reached at host" if settings["meter.host"] else "has none"
        errors.append(f"{place}{site.meter_port!r} {text}; a port of the network is a number, such as 502")
    elif settings["meter.line"] != "ems":
        errors.append(f'{where}: [meter] line: the charger\'s own meter is simulated there; leave it out, or "ems"')


def _check_safe(site, where, errors):
    """Chargers that lost the network keep their safe currents, and fuse and cables have to carry them all."""
    if len(site.chargers) > 1:
        safe.check(site.settings, [safe.share_of(charger) for charger in site.chargers], where, errors)
