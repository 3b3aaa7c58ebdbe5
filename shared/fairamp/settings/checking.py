"""What a file says, taken only when all of it can be: loaded while one is looked at, and forgotten."""

from fairamp.settings import wiring
from fairamp.settings.kinds import PRESET
from fairamp.settings.table import SECTIONS, rows

MOST_SHOWN = 60
# More at once help nobody, and fill the memory of a chip.
MOST_ERRORS = 15


def parse(tables, sections, where, errors, unknown=None):
    """[(setting, inner value)] of what the sections say; what is wrong goes into `errors`, with None as value.

    `unknown`: see Settings.load.
    """
    found: list = []
    if not isinstance(sections, dict):
        errors.append(where + ": must hold sections such as site and meter")
        return found
    for section, values in sections.items():
        if unknown is not None and section not in SECTIONS:
            unknown.append("[" + named(section) + "]")
        elif not isinstance(values, dict):
            errors.append(where + ": " + named(section) + " must be a section of keys")
            if section in (tables or SECTIONS):
                found.extend([(row, None) for row in rows(section, tables)])
        elif section not in (tables or SECTIONS):
            known = ", ".join(tables or SECTIONS)
            errors.append(where + ": [" + named(section) + "]: unknown section; known: " + known)
        else:
            for key, value in values.items():
                if len(errors) < MOST_ERRORS:
                    _parse_one(section, key, value, tables, where, found, errors, unknown)
        if len(errors) >= MOST_ERRORS:
            errors.append(where + ": and perhaps more; mend these first")
            break
    return found


def _parse_one(section, key, value, tables, where, found, errors, unknown):
    place = where + ": [" + str(section) + "] " + named(key)
    known = []
    for row in rows(section, tables):
        name = row.name.split(".")[1]
        known.append(name)
        if name != key:
            continue
        if row.kind == PRESET:
            # Few have one, and it takes space.
            from fairamp.meters import preset

            inner, wrong = preset.check(value, place)
            errors.extend(wrong)
        else:
            inner = row.convert(value)
            if inner is None:
                errors.append(place + ": " + _shown(value) + " is not possible; allowed: " + row.allowed())
        found.append((row, inner))
        return
    if unknown is not None:
        unknown.append("[" + str(section) + "] " + named(key))
        return
    errors.append(place + ": unknown key; known here: " + ", ".join(known))


def _shown(value):
    """A wrong value, as much of it as tells which one is meant."""
    try:
        text = repr(value)
    except (RuntimeError, MemoryError):
        return "what is nested there"  # too deep to be shown
    return named(text)


def named(name):
    """The name of something in a file, as much of it as tells which one is meant."""
    text = str(name)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "..."


def load(settings, sections, where, unknown):
    """Takes what the sections of a file say, or returns all that is wrong with it."""
    errors: list = []
    found = parse(settings.tables, sections, where, errors, unknown)
    values = dict(settings.values)
    for row, value in found:
        values[row.key] = value
    if not settings.tables:
        check(known(values, found), settings.board, where, errors)
    if not errors:
        settings.values = values
    return errors


def known(values, found):
    """Those that are possible by themselves: whether others go with the rest, nobody can tell."""
    for row, value in found:
        if value is None:
            values.pop(row.key, None)
    return values


def check(values, board, where, errors):
    """Whether the values go together, as far as they are known; also where others of them are wrong."""
    if len(errors) < MOST_ERRORS:
        wiring.check(values, board, where, errors)
