"""Settings from the flash of the board."""

import json

SETTINGS_FILE = "settings.json"
# The preset of a meter that is not in the table, when it does not stand in the settings.
PRESET_FILE = "meter.json"


def load_settings(settings, path: str = SETTINGS_FILE, radio: bool = True):
    """Reads the file into the settings; the list of all that is wrong with it, empty when it holds.

    `radio`: whether the board can join a network.
    """
    try:
        with open(path) as file:
            sections = json.load(file)
    except OSError:
        return [path + ": missing, so the fuse of the house is not known"]
    except ValueError:
        return [path + ": not valid JSON; fairamp deploy --settings tells the line"]
    try:
        _add_preset(sections)
    except ValueError:
        return [PRESET_FILE + ": not valid JSON"]
    errors = settings.load(sections, path)
    if not errors:
        from fairamp.settings_rows import check_board

        check_board(settings, radio, path, errors)
    if "fuse" not in _section(sections, "site"):
        errors.append(path + ": [site] fuse is missing; the fuse of the house must be named")
    return errors


def _section(sections, name):
    section = sections.get(name) if isinstance(sections, dict) else None
    return section if isinstance(section, dict) else {}


def _add_preset(sections):
    meter = _section(sections, "meter")
    if meter.get("model") != "custom" or "custom" in meter:
        return
    try:
        with open(PRESET_FILE) as file:
            meter["custom"] = json.load(file)
    except OSError:
        pass  # the settings say what is missing
