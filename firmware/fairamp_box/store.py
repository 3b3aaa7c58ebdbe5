"""Settings from the flash of the board."""

import json

SETTINGS_FILE = "settings.json"


def load_settings(settings, path: str = SETTINGS_FILE):
    """Reads the file into the settings; the list of all that is wrong with it, empty when it holds."""
    try:
        with open(path) as file:
            sections = json.load(file)
    except OSError:
        return [path + ": missing; the fuse of the house is not known. Copy a settings file to the board"]
    except ValueError:
        return [path + ": not valid JSON"]
    errors = settings.load(sections, path)
    if not errors and "fuse" not in sections.get("site", {}):
        errors = [path + ": [site] fuse is missing; the fuse of the house must be named"]
    return errors
