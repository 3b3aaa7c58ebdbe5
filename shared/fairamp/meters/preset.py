"""A meter that is not in the table, described by whoever has its manual: checked, and all errors told at once.

    {"name": "My meter", "phases": 3, "function": 4, "word_order": "high_first", "most_words": 60,
     "unit": 1, "baud": 9600, "parity": "N", "stop": 1, "port": 502,
     "registers": {"current": {"address": 12, "step": 2, "type": "int32", "scale": 0.001}, ...}}

`address` is one number, with `step` from phase to phase, or a list with one per phase. `scale` makes A, V, W,
Wh or Hz of the number. `registers` needs current, or power; everything else may be missing.
"""

from fairamp.meters import CUSTOM
from fairamp.meters.model import NAMES, POWER_OUT, Model, addresses, row
from fairamp.modbus.table import KINDS

QUANTITIES = {name: number for number, name in enumerate(NAMES.split())}
TYPES = {
    "int16": "i16",
    "uint16": "u16",
    "int32": "i32",
    "uint32": "u32",
    "float32": "f32",
    "int64": "i64",
    "uint64": "u64",
    "float64": "f64",
}
# key, default, what it may be: (least, most), or the choices
KEYS = (
    ("phases", 3, (1, 3)),
    ("function", 3, (3, 4)),
    ("most_words", 60, (8, 125)),
    ("unit", 1, (1, 255)),
    ("baud", 9600, (1200, 115200)),
    ("stop", 1, (1, 2)),
    ("port", 502, (1, 65535)),
)
WORDS = (
    ("word_order", "high_first", ("high_first", "low_first")),
    ("parity", "N", ("N", "E", "O")),
)


def check(data, where: str):
    """(model, errors): the model is None when there are errors."""
    if not isinstance(data, dict):
        return None, [where + ": must be a table with registers"]
    errors = []
    found = {"name": data.get("name", "custom meter")}
    if not isinstance(found["name"], str) or not 0 < len(found["name"]) <= 40:
        errors.append(where + ": name must be text of at most 40 characters")
    for key, default, (least, most) in KEYS:
        found[key] = data.get(key, default)
        if not _whole(found[key], least, most):
            errors.append(where + ": " + key + " must be a whole number from " + str(least) + " to " + str(most))
    if found["phases"] == 2:
        errors.append(where + ": phases must be 1 or 3")
    for key, word, choices in WORDS:
        found[key] = data.get(key, word)
        if found[key] not in choices:
            errors.append(where + ": " + key + " must be one of " + ", ".join(choices))
    known = [rule[0] for rule in KEYS + WORDS] + ["name", "registers"]
    for key in data:
        if key not in known:
            errors.append(where + ": " + str(key) + ": unknown key; known: " + ", ".join(known))
    values = _registers(data.get("registers"), where + ": registers", errors)
    if errors:
        return None, errors
    serial = (found["unit"], found["baud"], found["parity"], found["stop"])
    made = row(
        CUSTOM,
        found["name"],
        found["phases"],
        found["function"],
        found["most_words"],
        values,
        serial,
        (found["port"], found["unit"]),
        found["word_order"] == "low_first",
    )
    model = Model(*made)
    if not model.per_phase():
        return None, [where + ": registers: current or power of each phase is missing"]
    for value in values:
        name = NAMES.split()[value[0]]
        # One register read three times would pass for three phases.
        if value[0] <= POWER_OUT and len(set(addresses(value, model.phases))) < model.phases:
            errors.append(where + ": registers: " + name + ": needs a step, or an address for each phase")
        if max(addresses(value, model.phases)) + KINDS[value[3]][0] > 65536:
            errors.append(where + ": registers: " + name + ": ends behind register 65535")
    return (None, errors) if errors else (model, [])


def _registers(table, where, errors):
    if not isinstance(table, dict) or not table:
        errors.append(where + " must be a table such as current = { address = 12, step = 2, type = 'int32' }")
        return ()
    values = []
    for name in sorted(table):
        given = table[name]
        place = where + ": " + str(name)
        if name not in QUANTITIES:
            errors.append(place + ": unknown; known: " + ", ".join(sorted(QUANTITIES)))
        elif not isinstance(given, dict):
            errors.append(place + " must be a table with address and type")
        else:
            values.append(_value(QUANTITIES[name], given, place, errors))
    return tuple(values)


def _value(quantity, given, place, errors):
    address, step = given.get("address"), given.get("step", 0)
    kind, scale = given.get("type"), given.get("scale", 1)
    for key in given:
        if key not in ("address", "step", "type", "scale"):
            errors.append(place + ": " + str(key) + ": unknown key; known: address, step, type, scale")
    several = isinstance(address, (list, tuple))
    for one in address if several else (address,):
        if not _whole(one, 0, 65535):
            errors.append(place + ": address must be a whole number from 0 to 65535")
            break
    if several and len(address) not in (1, 3):
        errors.append(place + ": address must be one number, or one for each phase")
    if not _whole(step, 0, 1000):
        errors.append(place + ": step must be a whole number from 0 to 1000")
    if not isinstance(kind, str) or kind not in TYPES:
        kind = None
        errors.append(place + ": type must be one of " + ", ".join(sorted(TYPES)))
    if isinstance(scale, bool) or not isinstance(scale, (int, float)) or not 0 < abs(scale) <= 1000000:
        errors.append(place + ": scale must be a number other than 0")
    return (quantity, tuple(address) if several else address, step, kind and TYPES[kind], scale)


def _whole(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
