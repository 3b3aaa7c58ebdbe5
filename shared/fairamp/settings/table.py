"""All settings of a box, section by section. A file of rows is loaded when somebody asks for that section."""

from fairamp.settings.kinds import Setting

SECTIONS = ("site", "meter", "ct", "sharing", "charger", "box", "ems", "web", "wifi")


def rows(section, tables=None):
    """The settings of one section. They are made while somebody goes through them, as they take space.

    `tables`: those of something else than a box, by section.
    """
    if tables:
        for row in tables[section]:
            yield row
        return
    for columns in __import__("fairamp.settings." + section, None, None, ("ROWS",)).ROWS:
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
