"""The settings of a box. A file is checked as a whole: all that is wrong is told, and then nothing of it is taken."""


class Settings:
    """The values that hold now, by name: settings["site.fuse"] is [25000, 25000, 25000]."""

    def __init__(self, rows=None):
        from fairamp.settings_rows import SETTINGS

        self._rows = rows  # None = those of a box
        self._values = {row.name: row.convert(row.default) for row in rows or SETTINGS}

    def __getitem__(self, name):
        return self._values[name]

    def load(self, sections, where: str):
        """Takes {"site": {"fuse": ...}, ...}; returns the list of all errors, and takes nothing if there are any."""
        from fairamp.settings_rows import SETTINGS, check, check_together

        errors: list = []
        if not isinstance(sections, dict):
            return [where + ": must hold sections such as site and meter"]
        taken: dict = {}
        for section, values in sections.items():
            if not isinstance(values, dict):
                errors.append(where + ": " + str(section) + " must be a section of keys")
                continue
            for key, value in values.items():
                check(self._rows or SETTINGS, section, key, value, where, taken, errors)
        if not errors:
            both = dict(self._values)
            both.update(taken)
            if "meter.model" in both:
                check_together(both, taken, where, errors)
            if not errors:
                self._values = both
        return errors
