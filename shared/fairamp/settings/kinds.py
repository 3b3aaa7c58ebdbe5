"""Every setting as a row: what it is called and what it may be. What it is for stands in settings_help.

Files give amperes, volts and seconds as people write them; inside they are whole milliamperes, volts and
milliseconds. Loaded only while a file is checked: a chip forgets it afterwards.
"""

from fairamp import meters
from fairamp.mappings import MAPPINGS
from fairamp.meters import sources

NUMBER = "number"
WHOLE = "whole number"
FLAG = "true or false"
TEXT = "text"
CHOICE = "choice"
PER_PHASE = "three numbers"
PRESET = "meter preset"
PROFILE = "hours and amperes"


class Setting:
    """One row. `scale`: what one unit of the file is inside; `low` and `high` are in the file's unit."""

    def __init__(self, name, kind, default, unit="", low=0, high=0, scale=1, choices=()):
        # A chip looks up its settings by a shorter key, which stands behind the name there.
        self.name, _, key = name.partition(" ")
        self.key = key or name
        self.kind = kind
        self.default = default
        self.unit = unit
        self.low = low
        self.high = high
        self.scale = scale
        self.choices = choices

    def allowed(self) -> str:
        """What a value may be, in words for an error message or a table."""
        if self.kind == CHOICE:
            return "one of " + ", ".join(self.choices)
        if self.kind == PRESET:
            return "a table with registers"
        if self.kind == PROFILE:
            return "pairs of hour (0 to 23, rising) and A (0 to 9999), such as [[0, 32], [7, 16], [20, 32]]"
        if self.kind == TEXT:
            return "text of at most " + str(self.high) + " characters"
        if self.kind == FLAG:
            return FLAG
        span = " from " + str(self.low) + " to " + str(self.high) + (" " + self.unit if self.unit else "")
        return ("a " + self.kind if self.kind != PER_PHASE else self.kind) + span

    def convert(self, value):
        """The inner value, or None when the file's value is not allowed."""
        if self.kind == PRESET:
            return None
        if self.kind == PROFILE:
            return _profile(value)
        if self.kind == FLAG:
            return value if isinstance(value, bool) else None
        if self.kind == CHOICE:
            return value if isinstance(value, str) and value in self.choices else None
        if self.kind == TEXT:
            return value if isinstance(value, str) and len(value) <= self.high else None
        if self.kind == PER_PHASE:
            if not isinstance(value, (list, tuple)) or len(value) != 3:
                return None
            inner = [self._number(item) for item in value]
            return None if None in inner else inner
        if self.kind == WHOLE and not isinstance(value, int):
            return None
        return self._number(value)

    def _number(self, value):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        # The comparison is false for "not a number" too.
        if not self.low <= value <= self.high:
            return None
        return value * self.scale if isinstance(value, int) else round(value * self.scale)


EMS_MAPS = ("teltocharge", "alfen", "vestel", "mennekes")

CONTACTS = ("enable", "shed", "downgrade", "suspend")

LEAKAGE = ("contact", "none")
LEAKAGE_WORDS = (
    '"contact" where a sensor (RDC-DD, RCM), normally closed, is wired to that input; "none" where no sensor is, '
    "because the house has an RCD type B or the wiring a sensor that switches off by itself"
)

MOST_SHOWN = 60
A = 1000
S = 1000
MV = 1000
DC = 10


def _profile(value):
    """[(hour, mA), ...] of a day, None when it is not one."""
    if not isinstance(value, (list, tuple)) or len(value) > 24:
        return None
    found: list = []
    for pair in value:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            return None
        hour, amps = pair
        if isinstance(hour, bool) or not isinstance(hour, int) or not (found[-1][0] if found else -1) < hour < 24:
            return None
        if isinstance(amps, bool) or not isinstance(amps, (int, float)) or not 0 <= amps <= 9999:
            return None
        found.append((hour, round(amps * A)))
    return found


# Rows, not objects: a Setting is made of one when somebody looks at it, which saves a third of their space.
_ROWS: tuple = (
    ("site.fuse", PER_PHASE, [25, 25, 25], "A", 6, 1000, A),
    ("site.voltage", NUMBER, 230, "V", 100, 260),
    ("site.safe_current", NUMBER, 6, "A", 0, 1000, A),
    ("site.least_voltage", NUMBER, 196, "V", 100, 260, MV),
    ("site.most_voltage", NUMBER, 264, "V", 200, 300, MV),
    ("meter.model", CHOICE, "eastron_sdm630", "", 0, 0, 1, meters.IDS),
    ("meter.custom", PRESET, None),
    ("meter.line", CHOICE, "meter", "", 0, 0, 1, ("meter", "ems")),
    ("meter.unit", WHOLE, None, "", 1, 255),
    ("meter.charger_model", CHOICE, "eastron_sdm630", "", 0, 0, 1, meters.IDS),
    ("meter.charger_unit", WHOLE, 2, "", 1, 247),
    ("meter.baud", WHOLE, None, "baud", 1200, 115200),
    ("meter.parity", CHOICE, None, "", 0, 0, 1, ("N", "E", "O")),
    ("meter.stop", WHOLE, None, "", 1, 2),
    ("meter.host", TEXT, "", "", 0, 64),
    ("meter.port", WHOLE, None, "", 1, 65535),
    ("meter.location", CHOICE, "including", "", 0, 0, 1, ("including", "excluding")),
    ("meter.period", NUMBER, 2, "s", 0, 60, S),
    ("meter.timeout", NUMBER, 0.5, "s", 0.05, 10, S),
    ("meter.fallback", PER_PHASE, [9999, 9999, 9999], "A", 0, 9999, A),
    ("meter.climb", NUMBER, 0.2, "A/s", 0.01, 100, A),
    ("ct.clamps", WHOLE, 3, "", 1, 3),
    ("ct.solar", FLAG, False),
    ("ct.ratio", CHOICE, "3000:1", "", 0, 0, 1, ("2000:1", "3000:1")),
    ("ct.burden", NUMBER, 22, "ohm", 1, 1000, 1000),
    ("ct.trim", PER_PHASE, [0, 0, 0], "%", -10, 10, 10),
    ("ct.floor", PER_PHASE, [0, 0, 0], "A", 0, 2, A),
    ("site.feeder", PER_PHASE, [9999, 9999, 9999], "A", 0, 9999, A),
    ("site.margin", WHOLE, 0, "%", 0, 90),
    ("site.headroom", NUMBER, 0, "A", 0, 1000, A),
    ("sharing.operator_limit", PER_PHASE, [9999, 9999, 9999], "A", 0, 9999, A),
    ("sharing.downgrade", NUMBER, 0, "A", 0, 1000, A),
    ("sharing.profile", PROFILE, []),
    ("sharing.probe_current", NUMBER, 14, "A", 0, 80, A),
    ("sharing.imbalance_at", CHOICE, "chargers", "", 0, 0, 1, ("chargers", "meter")),
    ("sharing.mode", CHOICE, "equal", "", 0, 0, 1, ("equal", "fifo", "combined")),
    ("sharing.fifo_percent", WHOLE, 50, "%", 0, 100),
    ("sharing.turn_period", NUMBER, 900, "s", 60, 36000, S),
    ("sharing.imbalance", NUMBER, 0, "A", 0, 1000, A),
    ("sharing.step", NUMBER, 1, "A", 0.1, 6, A),
    ("charger.id", WHOLE, 0, "", 0, 127),
    ("charger.mapping", CHOICE, "L1L2L3", "", 0, 0, 1, MAPPINGS),
    ("charger.max", NUMBER, 32, "A", 6, 80, A),
    ("charger.limit", NUMBER, 32, "A", 6, 80, A),
    ("charger.start", CHOICE, "auto", "", 0, 0, 1, ("auto", "request")),
    ("charger.start_delay", NUMBER, 0, "s", 0, 1800, S),
    ("charger.wake", FLAG, True),
    ("charger.enable_input", FLAG, True),
    ("charger.enable_function", CHOICE, "enable", "", 0, 0, 1, CONTACTS),
    ("charger.enable_inverted", FLAG, False),
    ("charger.shed_function", CHOICE, "shed", "", 0, 0, 1, CONTACTS),
    ("charger.shed_inverted", FLAG, False),
    ("charger.shed_current", NUMBER, 8, "A", 0, 80, A),
    ("charger.shed_latch", FLAG, False),
    ("charger.leakage", CHOICE, "contact", "", 0, 0, 1, LEAKAGE),
    ("charger.ventilation", FLAG, False),
    ("charger.simple_pilot", FLAG, True),
    ("charger.temperature_sensor", FLAG, False),
    ("charger.warn_temperature", NUMBER, 60, "degrees C", 20, 120, DC),
    ("charger.reduce_temperature", NUMBER, 65, "degrees C", 20, 120, DC),
    ("charger.stop_temperature", NUMBER, 80, "degrees C", 25, 125, DC),
    ("charger.safe", NUMBER, 6, "A", 0, 80, A),
    ("charger.phase_switch", FLAG, False),
    ("charger.vip", FLAG, False),
    ("charger.station", WHOLE, 0, "", 0, 127),
    ("charger.station_max", NUMBER, 9999, "A", 6, 9999, A),
    ("box.name", TEXT, "Fairamp", "", 0, 32),
    ("box.serial", TEXT, "000001", "", 0, 20),
    ("ems.required", FLAG, False),
    ("ems.safe_current", NUMBER, 6, "A", 0, 80, A),
    ("ems.alfen_validity", NUMBER, 60, "s", 1, 86400, S),
    ("ems.allow_start_stop", FLAG, True),
    ("ems.disclose_card", FLAG, False),
    ("ems.read_only", FLAG, False),
    ("ems.peers", TEXT, "", "", 0, 200),
    ("ems.teltocharge_port", WHOLE, 502, "", 0, 65535),
    ("ems.alfen_port", WHOLE, 0, "", 0, 65535),
    ("ems.vestel_port", WHOLE, 0, "", 0, 65535),
    ("ems.mennekes_port", WHOLE, 0, "", 0, 65535),
    ("ems.serial_map", CHOICE, "teltocharge", "", 0, 0, 1, EMS_MAPS),
    ("ems.serial_unit", WHOLE, 1, "", 1, 247),
    ("ems.serial_baud", WHOLE, 9600, "baud", 1200, 115200),
    ("ems.serial_parity", CHOICE, "N", "", 0, 0, 1, ("N", "E", "O")),
    ("web.port", WHOLE, 80, "", 0, 65535),
    ("wifi.name", TEXT, "", "", 0, 32),
    ("wifi.password", TEXT, "", "", 0, 63),
)


class Table:
    """Settings that are made while somebody goes through them."""

    def __init__(self, rows):
        self._rows = rows

    def __iter__(self):
        for row in self._rows:
            yield Setting(*row)


SETTINGS = Table(_ROWS)


def checked(rows, values, sections, where):
    """(values with what the sections of a file say, []), or (values, all that is wrong with the file)."""
    errors: list = []
    if not isinstance(sections, dict):
        return values, [where + ": must hold sections such as site and meter"]
    taken: dict = {}
    for section, keys in sections.items():
        if not isinstance(keys, dict):
            errors.append(where + ": " + str(section) + " must be a section of keys")
            continue
        for key, value in keys.items():
            check(rows, section, key, value, where, taken, errors)
    both = dict(values)
    both.update(taken)
    if not errors and "meter.model" in both:
        check_together(both, taken, where, errors)
    return (values if errors else both), errors


def _shown(value):
    """A wrong value, as much of it as tells which one is meant."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "..."


def check(rows, section, key, value, where, taken, errors):
    """Looks at one key of a file: its inner value goes into `taken`, or what is wrong into `errors`."""
    place = where + ": [" + str(section) + "] " + str(key)
    sections = []
    keys = []
    for row in rows:
        of_section, of_key = row.name.split(".")
        if of_section not in sections:
            sections.append(of_section)
        if of_section != section:
            continue
        if of_key == key:
            if row.kind == PRESET:
                # Few have one, and it takes space.
                from fairamp.meters import preset

                taken[row.key], found = preset.check(value, place)
                errors.extend(found)
                return
            inner = row.convert(value)
            if inner is None:
                errors.append(place + ": " + _shown(value) + " is not possible; allowed: " + row.allowed())
            else:
                taken[row.key] = inner
            return
        keys.append(of_key)
    if keys:
        errors.append(place + ": unknown key; known here: " + ", ".join(keys))
    else:
        errors.append(place + ": unknown section; known: " + ", ".join(sections))


# The first has to stay below the second.
ORDERED = (
    ("site.least_voltage", "site.most_voltage"),
    ("charger.warn_temperature", "charger.stop_temperature"),
    ("charger.reduce_temperature", "charger.stop_temperature"),
)
PORTS = ("ems.teltocharge_port", "ems.alfen_port", "ems.vestel_port", "ems.mennekes_port", "web.port")


def _place(key):
    """As it stands in a file."""
    for setting in SETTINGS:
        if setting.key == key:
            section, name = setting.name.split(".")
            return "[" + section + "] " + name
    return key


def check_together(values, taken, where, errors):
    """What single values cannot tell. `taken`: those of the file."""
    sources.check(values, where, errors)
    for low, high in ORDERED:
        if values[low] >= values[high]:
            text = "must be below " + _place(high) + ", or the box never charges"
            errors.append(where + ": " + _place(low) + ": " + text)
    least = min(values["site.fuse"])
    if values["site.safe_current"] > least:
        text = (
            "more than the fuse of " + str(least // 1000) + " A; it holds when a meter is lost, beside an unseen house"
        )
        errors.append(where + ": " + _place("site.safe_current") + ": " + text)
    users: dict = {}
    for name in PORTS:
        port = values[name]
        if port and port in users:
            errors.append(where + ": " + _place(name) + ": port " + str(port) + " is that of " + _place(users[port]))
        users[port] = name
    if "charger.station_max" in taken and not values["charger.station"]:
        text = "belongs to a station: give it and its neighbours the same number as station"
        errors.append(where + ": [charger] station_max: " + text)


def check_named(site, charger, leakage, where, errors):
    """What a file has to name, because no guess is safe. `leakage`: whether the board has an input for a sensor."""
    if "fuse" not in site:
        errors.append(where + ": [site] fuse is missing; the fuse of the house must be named")
    if leakage and charger.get("leakage") not in LEAKAGE:
        errors.append(where + ": [charger] leakage must be named: " + LEAKAGE_WORDS)


def check_board(values, radio, leakage, cts, where, errors):
    """What the values ask of a board.

    `radio`: whether it can join a network; `leakage` as above; `cts`: for how many clamps it has inputs.
    """
    if values["meter.model"] == meters.CT and values["ct.clamps"] > cts:
        text = ": [ct] clamps: " + str(values["ct.clamps"]) + " are set, and this board has inputs for " + str(cts)
        errors.append(where + text + ": set what is wired, or take another meter or board")
    if not leakage and values["charger.leakage"] == "contact":
        text = ": [charger] leakage: this board has no input for a sensor: leave it out, or take another board; "
        errors.append(where + text + LEAKAGE_WORDS)
    model = values["meter.model"]
    if not radio and values["wifi.name"]:
        errors.append(where + ": [wifi] name: this board has no radio; leave it out")
    if not radio and (model == meters.PUSH or sources.way(values) in (sources.TCP, sources.HTTP)):
        errors.append(where + ": [meter] model: " + model + " is read over the network, and this board has no radio")
    elif model == meters.PUSH and not values["web.port"]:
        errors.append(where + ": [meter] model: push takes values over the web server; set [web] port")
