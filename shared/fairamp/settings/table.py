"""All settings of a box, section by section. A file of rows is loaded when somebody asks for that section."""

from fairamp.features import FEATURES
from fairamp.settings.kinds import Setting

# What every box has; those of features come behind.
_CORE = ("site", "meter", "supply", "ct", "sharing", "charger", "box", "ems", "wifi", "clock")
SECTIONS = _CORE + tuple([row[1] for row in FEATURES if row[1] and row[1] not in _CORE])


def files(section):
    """The files of rows of a section: a feature has its own, also for a section that every box has."""
    own = [section] if section in _CORE else []
    return own + [row[0] for row in FEATURES if row[1] == section]


def rows(section, tables=None):
    """The settings of one section. They are made while somebody goes through them, as they take space.

    `tables`: those of something else than a box, by section.
    """
    if tables:
        for row in tables[section]:
            yield row
        return
    for file in files(section):
        for columns in __import__("fairamp.settings." + file, None, None, ("ROWS",)).ROWS:
            yield Setting(*columns)


def every(tables=None):
    """All settings."""
    for section in tables or SECTIONS:
        for row in rows(section, tables):
            yield row


def place(key):
    """A setting as it stands in a file."""
    for row in every():
        if row.key == key:
            return in_file(row)
    return str(key)


def in_file(row):
    section, name = row.name.split(".")
    return "[" + section + "] " + name
