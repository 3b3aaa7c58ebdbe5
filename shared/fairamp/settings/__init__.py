"""The settings of a box. A file is checked as a whole: all that is wrong is told, and then nothing of it is taken."""


class Settings:
    """The values that hold now, by name: settings["site.fuse"] is [25000, 25000, 25000]."""

    def __init__(self, rows=None):
        from fairamp.settings_rows import SETTINGS

        self._rows = rows  # None = those of a box
        self._values = {row.key: row.convert(row.default) for row in rows or SETTINGS}

    def __getitem__(self, name):
        return self._values[name]

    def load(self, sections, where: str):
        """Takes {"site": {"fuse": ...}, ...}; returns the list of all errors, and takes nothing if there are any."""
        from fairamp.settings_rows import SETTINGS, checked

        self._values, errors = checked(self._rows or SETTINGS, self._values, sections, where)
        return errors
