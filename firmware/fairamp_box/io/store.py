"""Settings from the flash of the board, and changed ones back into it."""

import json
import os
import sys

from fairamp_box.io.json_body import parse

# Whatever is longer is something else, and has no room in the memory of a chip.
MOST_BYTES = 8192

SETTINGS_FILE = "settings.json"
# Written beside the file, and then put in its place.
NEW_FILE = "settings.new"
# The preset of a meter that is not in the table, when it does not stand in the settings.
PRESET_FILE = "meter.json"


def load_settings(settings, path: str = SETTINGS_FILE, radio=True, leakage=True, cts=3, converter=None):
    """Reads the file into the settings; the list of all that is wrong with it, empty when it holds.

    `radio`: whether the board can join a network; `leakage`: whether it has an input for a leakage sensor; `cts`: for
    how many clamps; `converter`: what theirs sees, as (millivolts of 4096 codes, lowest and highest code).
    """
    from fairamp.settings.wiring import check_named

    settings.board = (radio, leakage, cts, converter)
    if not leakage:
        settings.load({"charger": {"leakage": "none"}}, path)
    sections, errors = _load(path)
    if sections is None:
        check_named({}, {}, leakage, path, errors)
        return errors
    return errors or _take(settings, sections, path)


def _load(path):
    """(what a file says, []), or why not: (None, ...) where there is none, else ({}, ...)."""
    try:
        if os.stat(path)[6] > MOST_BYTES:
            return {}, [path + ": longer than " + str(MOST_BYTES // 1024) + " KiB; a few lines are enough"]
        with open(path, "rb") as file:
            return parse(file.read()), []
    except OSError:
        return None, [path + ": missing"]
    except ValueError as wrong:
        return {}, [path + ": " + str(wrong) + "; fairamp deploy --settings tells the line"]
    except MemoryError:
        return {}, [path + ": more than this board can hold in its memory; a few lines are enough"]


def _take(settings, sections, where):
    """What load_settings does when there is a file."""
    from fairamp.settings.wiring import check_named

    try:
        whole = _with_preset(sections)
    except ValueError as wrong:
        return [PRESET_FILE + ": " + str(wrong)]
    errors = settings.load(whole, where)
    check_named(_section(sections, "site"), _section(sections, "charger"), settings.board[1], where, errors)
    return errors


def salvage(settings, path: str = SETTINGS_FILE) -> None:
    """Of a file that does not hold, takes the sections that are right by themselves."""
    sections, _ = _load(path)
    for name in sections or ():
        try:
            settings.load(_with_preset({name: sections[name]}), path)
        except (ValueError, RuntimeError, MemoryError):
            pass  # the preset beside it; too deep, or too much


def take_new(settings, sections, below, path: str = SETTINGS_FILE):
    """Puts a whole file in the place of the one that is there, if it holds; all that is wrong with it.

    It counts from the next start on. `below`: the values where a file says nothing.
    """
    holds, settings.values = settings.values, below
    try:
        return _take(settings, sections, path) or _keep(sections, path)
    finally:
        settings.values = holds


def for_settings():
    """Modules that take space until the settings are known."""
    found = [name for name in sys.modules if name.startswith("fairamp.settings.")]
    found += ["fairamp.sharing.mappings", "fairamp.features"]
    return found + ["fairamp_box.io.store", "fairamp_box.io.json_body"]


def forget():
    """After a change while the box runs; the space comes back when garbage is collected the next time."""
    from fairamp_box.heap import drop, for_making

    drop(for_settings() + for_making())


def _section(sections, name):
    section = sections.get(name) if isinstance(sections, dict) else None
    return section if isinstance(section, dict) else {}


def _with_preset(sections):
    """With the meter of the other file, where the settings name one and do not describe it themselves."""
    meter = _section(sections, "meter")
    if meter.get("model") != "custom" or "custom" in meter:
        return sections
    try:
        with open(PRESET_FILE, "rb") as file:
            return dict(sections, meter=dict(meter, custom=parse(file.read())))
    except OSError:
        return sections  # the settings say what is missing


def save(sections, path: str = SETTINGS_FILE):
    """Puts what has changed into the file; the list of what went wrong.

    Whenever the power fails, the old file is there as a whole, or the new one is.
    """
    whole, errors = _load(path)
    if whole is None:
        whole, errors = {}, []  # a desk has no file
    if not errors:
        for section, keys in sections.items():
            if not isinstance(whole.setdefault(section, {}), dict):
                return [path + ": holds no sections any more; copy it onto the box anew"]
            whole[section].update(keys)
    return errors or _keep(whole, path)


def _keep(whole, path):
    text = json.dumps(whole).encode()
    if len(text) > MOST_BYTES:
        return [path + ": would be longer than " + str(MOST_BYTES // 1024) + " KiB"]
    try:
        _replace(path, text)
    except OSError as error:
        return [path + ": cannot be written: " + str(error) + "; is the flash full?"]
    return []


def _replace(path, text):
    with open(NEW_FILE, "wb") as file:
        file.write(text)
    with open(NEW_FILE, "rb") as file:
        if file.read() != text:
            raise OSError("the flash holds something else")
    os.rename(NEW_FILE, path)
