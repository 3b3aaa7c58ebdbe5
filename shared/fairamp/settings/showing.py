"""The settings as a file has them: loaded while somebody looks, and forgotten."""

from fairamp.settings.kinds import EACH, PER_PHASE, PRESET, PROFILE, SECRET
from fairamp.settings.table import SECTIONS, every, rows


def sections(settings):
    """(section, what is in it) of all that will hold after the next start; of secrets only whether they are set."""
    for section in SECTIONS:
        shown = {}
        for row in rows(section):
            inner = settings.waiting[row.key] if row.key in settings.waiting else settings.values[row.key]
            shown[row.name.split(".")[1]] = in_file_units(row, inner)
        yield section, shown


def in_file_units(row, inner):
    if row.kind in (SECRET, PRESET):
        return {"set": bool(inner)}
    if inner is None:
        return None
    if row.kind == PROFILE:
        return [[hour, _each(mas, 1000)] for hour, mas in inner]
    scale = row.span[3] if row.is_number() and len(row.span) > 3 else 1
    if row.kind == PER_PHASE:
        return [_number(value, scale) for value in inner]
    if row.kind == EACH:
        return _each(inner, scale)
    return _number(inner, scale) if scale != 1 else inner


def _each(inner, scale):
    """One number where all are the same."""
    found = [_number(value, scale) for value in inner]
    return found[0] if found.count(found[0]) == len(found) else found


def _number(inner, scale):
    return inner / scale if inner % scale else inner // scale


def without_secrets(whole):
    """Sections of a file, to be shown to somebody."""
    secret = [row.name for row in every() if row.kind == SECRET]
    return {
        section: {key: keys[key] for key in keys if section + "." + key not in secret}
        for section, keys in whole.items()
        if isinstance(keys, dict)
    }


def with_secrets(sections, whole):
    """The sections that somebody was shown, with the secrets of the file from which they came."""
    found = dict(sections)
    for row in every():
        section, key = row.name.split(".")
        keys, kept = found.get(section, {}), whole.get(section, {})
        if row.kind == SECRET and isinstance(keys, dict) and isinstance(kept, dict) and key in kept:
            found[section] = dict({key: kept[key]}, **keys)
    return found
