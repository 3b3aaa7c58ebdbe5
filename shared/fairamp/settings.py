"""Every setting as a row: what it is called, what it may be, what it is for.

Files give amperes, volts and seconds as people write them; inside they are whole milliamperes, volts and
milliseconds. A file is checked as a whole: all that is wrong is reported at once, and nothing of it is taken.
"""

from fairamp.meters.rows import METERS

NUMBER = "number"
WHOLE = "whole number"
FLAG = "true or false"
TEXT = "text"
CHOICE = "choice"
PER_PHASE = "three numbers"

MAPPINGS = ("L1L2L3", "L2L3L1", "L3L1L2", "L1L3L2", "L3L2L1", "L2L1L3", "L1", "L2", "L3")


class Setting:
    """One row. `scale`: what one unit of the file is inside; `low` and `high` are in the file's unit."""

    def __init__(self, name, kind, default, help, unit="", low=0, high=0, scale=1, choices=()):
        self.name = name
        self.kind = kind
        self.default = default
        self.help = help
        self.unit = unit
        self.low = low
        self.high = high
        self.scale = scale
        self.choices = choices

    def allowed(self) -> str:
        """What a value may be, in words for an error message or a table."""
        if self.kind == CHOICE:
            return "one of " + ", ".join(self.choices)
        if self.kind == TEXT:
            return "text of at most " + str(self.high) + " characters"
        if self.kind == FLAG:
            return FLAG
        span = " from " + str(self.low) + " to " + str(self.high) + (" " + self.unit if self.unit else "")
        return ("a " + self.kind if self.kind != PER_PHASE else self.kind) + span

    def convert(self, value):
        """The inner value, or None when the file's value is not allowed."""
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

A = 1000
S = 1000
MV = 1000
DC = 10

SETTINGS = (
    Setting("site.fuse", PER_PHASE, [25, 25, 25], "main fuse of each phase", "A", 6, 1000, A),
    Setting("site.voltage", NUMBER, 230, "nominal voltage between phase and neutral", "V", 100, 260),
    Setting(
        "site.safe_current",
        NUMBER,
        6,
        "per phase, for all sockets together while the meter is lost",
        "A",
        0,
        1000,
        A,
    ),
    Setting("site.least_voltage", NUMBER, 196, "below this the mains is faulty", "V", 100, 260, MV),
    Setting("site.most_voltage", NUMBER, 264, "above this the mains is faulty", "V", 200, 300, MV),
    Setting("meter.model", CHOICE, "eastron_sdm630", "the meter of the house", choices=tuple(sorted(METERS))),
    Setting("meter.unit", WHOLE, 1, "its Modbus address", low=1, high=247),
    Setting("meter.charger_unit", WHOLE, 2, "Modbus address of the charger's own meter", low=1, high=247),
    Setting("meter.baud", WHOLE, 9600, "speed of the meter line", "baud", 1200, 115200),
    Setting(
        "meter.location",
        CHOICE,
        "including",
        "does the meter see the chargers?",
        choices=("including", "excluding"),
    ),
    Setting("meter.period", NUMBER, 1, "time between readings", "s", 0.1, 60, S),
    Setting("sharing.mode", CHOICE, "equal", "how sockets share", choices=("equal", "fifo", "combined")),
    Setting("sharing.fifo_percent", WHOLE, 50, "part served in order of arrival, combined mode", "%", 0, 100),
    Setting("sharing.turn_period", NUMBER, 900, "length of a turn when not all minimums fit", "s", 60, 36000, S),
    Setting("sharing.imbalance", NUMBER, 0, "most that phases may differ, 0 = off", "A", 0, 1000, A),
    Setting("sharing.step", NUMBER, 1, "offers move in steps of this", "A", 0.1, 6, A),
    Setting("charger.id", WHOLE, 0, "number of this socket", low=0, high=127),
    Setting("charger.mapping", CHOICE, "L1L2L3", "grid phase of each terminal", choices=MAPPINGS),
    Setting("charger.max", NUMBER, 32, "most that this socket may offer", "A", 6, 80, A),
    Setting("charger.limit", NUMBER, 32, "current limiter of the user", "A", 6, 80, A),
    Setting("charger.start", CHOICE, "auto", "charge at once, or when somebody says so", choices=("auto", "request")),
    Setting("charger.start_delay", NUMBER, 0, "most that a start is delayed, at random", "s", 0, 1800, S),
    Setting("charger.wake", FLAG, True, "wake a car that sleeps through an offer, once"),
    Setting("charger.enable_input", FLAG, True, "an open enable contact forbids charging"),
    Setting("charger.shed_current", NUMBER, 8, "offer while the load shedding contact is closed", "A", 0, 80, A),
    Setting("charger.shed_latch", FLAG, False, "load shedding stays until it is reset"),
    Setting("charger.ventilation", FLAG, False, "cars that need ventilation may charge here"),
    Setting("charger.simple_pilot", FLAG, True, "cars with a simplified pilot may charge, with 10 A"),
    Setting("charger.temperature_sensor", FLAG, False, "without a temperature there is no charging"),
    Setting("charger.warn_temperature", NUMBER, 60, "warn", "degrees C", 20, 120, DC),
    Setting("charger.reduce_temperature", NUMBER, 65, "begin to offer less", "degrees C", 20, 120, DC),
    Setting("charger.stop_temperature", NUMBER, 80, "stop", "degrees C", 25, 125, DC),
    Setting("charger.safe", NUMBER, 6, "kept when this socket lost the network", "A", 0, 80, A),
    Setting("charger.phase_switch", FLAG, False, "has a relay for one and three phases"),
    Setting("charger.vip", FLAG, False, "goes first"),
    Setting("box.name", TEXT, "Fairamp", "name that energy managers see", high=32),
    Setting("box.serial", TEXT, "000001", "serial number that energy managers see", high=20),
    Setting("ems.required", FLAG, False, "failsafe holds until an energy manager has come"),
    Setting("ems.safe_current", NUMBER, 6, "failsafe while an energy manager is silent; 0 pauses", "A", 0, 80, A),
    Setting("ems.alfen_validity", NUMBER, 60, "how long a set-point of Alfen's holds", "s", 1, 86400, S),
    Setting("ems.allow_start_stop", FLAG, True, "energy managers may start and stop a session"),
    Setting("ems.disclose_card", FLAG, False, "energy managers may read the card of a session"),
    Setting("ems.read_only", FLAG, False, "energy managers may read, but not write"),
    Setting("ems.peers", TEXT, "", "network addresses that may connect, with commas; empty = all", high=200),
    Setting(
        "ems.teltocharge_port", WHOLE, 502, "Modbus TCP port of the TeltoCharge registers, 0 = off", low=0, high=65535
    ),
    Setting("ems.alfen_port", WHOLE, 0, "Modbus TCP port of the Alfen registers, 0 = off", low=0, high=65535),
    Setting("ems.vestel_port", WHOLE, 0, "Modbus TCP port of the Vestel registers, 0 = off", low=0, high=65535),
    Setting("ems.mennekes_port", WHOLE, 0, "Modbus TCP port of the MENNEKES registers, 0 = off", low=0, high=65535),
    Setting("ems.serial_map", CHOICE, "teltocharge", "registers on the serial line", choices=EMS_MAPS),
    Setting("ems.serial_unit", WHOLE, 1, "Modbus address on the serial line", low=1, high=247),
    Setting("ems.serial_baud", WHOLE, 9600, "speed of the serial line", "baud", 1200, 115200),
    Setting("ems.serial_parity", CHOICE, "N", "parity of the serial line", choices=("N", "E", "O")),
    Setting("web.port", WHOLE, 80, "port of the status page, 0 = off", low=0, high=65535),
    Setting("wifi.name", TEXT, "", "network to join, empty = none", high=32),
    Setting("wifi.password", TEXT, "", "its password", high=63),
)


class Settings:
    """The values that hold now, by name: settings["site.fuse"] is [25000, 25000, 25000]."""

    def __init__(self, rows=SETTINGS):
        self.rows = rows
        self._values = {row.name: row.convert(row.default) for row in rows}

    def __getitem__(self, name):
        return self._values[name]

    def load(self, sections, where: str):
        """Takes {"site": {"fuse": ...}, ...}; returns the list of all errors, and takes nothing if there are any."""
        errors = []
        if not isinstance(sections, dict):
            return [where + ": must hold sections such as site and meter"]
        taken: dict = {}
        for section, values in sections.items():
            if not isinstance(values, dict):
                errors.append(where + ": " + str(section) + " must be a section of keys")
                continue
            for key, value in values.items():
                _check(self.rows, section, key, value, where, taken, errors)
        if not errors:
            both = dict(self._values)
            both.update(taken)
            if "meter.unit" in both and both["meter.unit"] == both["meter.charger_unit"]:
                # One meter read twice: the draw of the charger would hide the whole house.
                errors.append(where + ": [meter] unit and charger_unit: two meters cannot have the same address")
            else:
                self._values = both
        return errors


def _check(rows, section, key, value, where, taken, errors):
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
            inner = row.convert(value)
            if inner is None:
                errors.append(place + ": " + repr(value) + " is not possible; allowed: " + row.allowed())
            else:
                taken[row.name] = inner
            return
        keys.append(of_key)
    if keys:
        errors.append(place + ": unknown key; known here: " + ", ".join(keys))
    else:
        errors.append(place + ": unknown section; known: " + ", ".join(sections))
