"""Settings from the flash of the board, and changed ones back into it.

What the box writes ends with a check sum, and lies there twice. A file without one was made by a person, and is never
replaced by the copy: what he wants has to be told wrong, not left out.
"""

import json
import os
import sys
from binascii import crc32

from fairamp_box.io.json_body import parse

# Whatever is longer is something else, and has no room in the memory of a chip.
MOST_BYTES = 8192

SETTINGS_FILE = "settings.json"
ENOENT = 2
# Written beside the file, and then put in its place.
NEW_FILE = "settings.new"
# The same once more, written after the first.
COPY_FILE = "settings.bak"
# The last bytes of what the box writes: the check sum of all bytes before them.
SUM = "sum"
TAIL = b', "sum": "%08x"}'
TAIL_BYTES = 20
# What a file is: made by a person (or not there), as the box wrote it, changed since, or no file any more.
BY_HAND, SEALED, CHANGED, BROKEN = range(4)
EDITED = (
    """: changed by hand since the box wrote it; if that is meant, remove "sum" at its end, or use deploy --settings"""
)
# The preset of a meter that is not in the table, when it does not stand in the settings.
PRESET_FILE = "meter.json"


def load_settings(
    settings, path: str = SETTINGS_FILE, radio=True, leakage=True, cts=3, converter=None, tell=lambda text: None
):
    """Reads the file into the settings; the list of all that is wrong with it, empty when it holds.

    `radio`: whether the board can join a network; `leakage`: whether it has an input for a leakage sensor; `cts`: for
    how many clamps; `converter`: what theirs sees, as (millivolts of 4096 codes, lowest and highest code).
    `tell`: takes what is no reason not to start.
    """
    from fairamp.settings.wiring import check_named

    settings.board = (radio, leakage, cts, converter)
    if not leakage:
        settings.load({"charger": {"leakage": "none"}}, path)
    sections, errors, kind = load(path, tell)
    if sections is None:
        check_named({}, {}, leakage, path, errors)
        return errors
    return errors or _take(settings, sections, path, tell if kind == SEALED else None)


def load(path, tell=lambda text: None):
    """(what a file says, [], what it is), or why not: (None, ...) where there is none.

    The copy takes the place of a file that is none any more. A file that can be read and is not as the box wrote it was
    changed by somebody, and he shall see that.
    """
    sections, errors, kind = _read(path)
    if kind == BY_HAND and errors and sections is not None and _is_rest(path):
        kind = BROKEN
    if kind not in (CHANGED, BROKEN):
        return sections, errors, kind
    copy, _, of_copy = _read(beside(path, COPY_FILE))
    if of_copy != SEALED:
        return sections, errors, kind
    if kind == BROKEN:
        tell(path + ": damaged, its copy counts: look whether the last change is in it")
    elif copy != sections:
        return sections, errors, kind
    return copy, [], SEALED


def _read(path):
    """The same of one file alone."""
    try:
        size = os.stat(path)[6]
    except OSError:
        return None, [path + ": missing"], BY_HAND
    if size > MOST_BYTES:
        return {}, [path + ": longer than " + str(MOST_BYTES // 1024) + " KiB; a few lines are enough"], BY_HAND
    try:
        with open(path, "rb") as file:
            text = file.read().rstrip()
        fitting = fits(text)
        sections = parse(text)
    except OSError as error:
        return {}, [path + ": cannot be read: " + str(error)], BROKEN
    except ValueError as wrong:
        kind = BY_HAND if fitting is None else BROKEN
        return {}, [path + ": " + str(wrong) + "; fairamp deploy --settings tells the line"], kind
    except MemoryError:
        return {}, [path + ": more than this board can hold in its memory; a few lines are enough"], BY_HAND
    if not isinstance(sections.get(SUM), str):
        return sections, [], BY_HAND
    del sections[SUM]
    return (sections, [], SEALED) if fitting else (sections, [path + EDITED], CHANGED)


def _is_rest(path):
    """Of a file that is none: is it what was left of the copy, or no text at all? A person writes something else."""
    try:
        if os.stat(path)[6] > MOST_BYTES:
            return False
        with open(path, "rb") as file:
            text = file.read()
        with open(beside(path, COPY_FILE), "rb") as file:
            if text and file.read(len(text)) == text:
                return True
    except (OSError, MemoryError):
        return False
    for byte in text:
        if byte < 9 or byte > 247:
            return True
    return False


def fits(text):
    """Does the sum at the end of these bytes fit? None = there is none."""
    body, tail = text[:-TAIL_BYTES], text[-TAIL_BYTES:]
    if tail[:10] != TAIL[:10] or tail[-2:] != TAIL[-2:]:
        return None
    return tail == TAIL % crc32(body)


def beside(path, name):
    """A file in the same folder."""
    folder, slash, _ = path.rpartition("/")
    return folder + slash + name


def _take(settings, sections, where, tell=None):
    """What load_settings does when there is a file. `tell`: it is of the box, and what is not known here, of a newer
    version.
    """
    from fairamp.settings.wiring import check_named

    try:
        whole = _with_preset(sections)
    except ValueError as wrong:
        return [PRESET_FILE + ": " + str(wrong)]
    unknown: "list | None" = [] if tell else None
    errors = settings.load(whole, where, unknown)
    if unknown and tell:
        tell(where + ": left alone, as only a newer version knows it: " + ", ".join(unknown))
    check_named(_section(sections, "site"), _section(sections, "charger"), settings.board[1], where, errors)
    return errors


def salvage(settings, path: str = SETTINGS_FILE) -> None:
    """Of a file that does not hold, takes the sections that are right by themselves."""
    sections, _, _ = load(path)
    for name in sections or ():
        try:
            settings.load(_with_preset({name: sections[name]}), path)
        except (ValueError, RuntimeError, MemoryError):
            pass  # the preset beside it; too deep, or too much


def take_new(settings, sections, below, path: str = SETTINGS_FILE):
    """Puts a whole file in the place of the one that is there, if it holds; all that is wrong with it.

    It counts from the next start on. `below`: the values where a file says nothing.
    """
    if isinstance(sections.get(SUM), str):
        del sections[SUM]  # of one that the box wrote: who sends it has looked at it
    holds, settings.values = settings.values, below
    try:
        return _take(settings, sections, path) or keep(sections, path)
    finally:
        settings.values = holds


def whole(path: str = SETTINGS_FILE):
    """What the file says, secrets included; {} where there is none that can be read."""
    return load(path)[0] or {}


def reset(path: str = SETTINGS_FILE):
    """Removes the settings; the list of what went wrong. The copy goes first, so that it never comes back."""
    try:
        for name in (COPY_FILE, PRESET_FILE, SETTINGS_FILE):
            try:
                os.remove(beside(path, name))
            except OSError as error:
                if error.errno != ENOENT:
                    raise
    except OSError as error:
        return [path + ": cannot be removed: " + str(error)]
    return []


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
    whole, errors, _ = load(path)
    if whole is None:
        whole, errors = {}, []  # a desk has no file
    if not errors:
        for section, keys in sections.items():
            if not isinstance(whole.setdefault(section, {}), dict):
                return [path + ": holds no sections any more; copy it onto the box anew"]
            whole[section].update(keys)
    return errors or keep(whole, path)


def renew_copy(path: str = SETTINGS_FILE) -> None:
    """Where the power failed between the two, or a person has put a file there. OSError when it cannot be written."""
    copy = beside(path, COPY_FILE)
    if _read(path)[2] != SEALED:
        return
    with open(path, "rb") as file:
        text = file.read()
    if _read(copy)[2] != SEALED or not _same(copy, text):
        _replace(copy, text)


def _same(path, text):
    with open(path, "rb") as file:
        return file.read() == text


def sealed(whole):
    """The bytes of a file as the box writes it."""
    body = json.dumps(whole).encode()[:-1]
    return body + TAIL % crc32(body)


def keep(whole, path):
    text = sealed(whole)
    if len(text) > MOST_BYTES:
        return [path + ": would be longer than " + str(MOST_BYTES // 1024) + " KiB"]
    try:
        _replace(path, text)
    except OSError as error:
        return [path + ": cannot be written: " + str(error) + "; is the flash full?"]
    try:
        _replace(beside(path, COPY_FILE), text)
    except OSError:
        pass  # it holds, and the next start makes the copy
    return []


def _replace(path, text):
    new = beside(path, NEW_FILE)
    with open(new, "wb") as file:
        file.write(text)
    if not _same(new, text):
        raise OSError("the flash holds something else")
    os.rename(new, path)
