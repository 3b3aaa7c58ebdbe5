"""The settings of a box. A file or a change is checked as a whole: all that is wrong is told, and then nothing of it is
taken.

What they may be stands in one file of rows per section, which a chip loads while it looks at a file, and forgets.
"""


class Settings:
    """The values that hold now, by name: settings["site.fuse"] is [25000, 25000, 25000]."""

    def __init__(self, tables=None, store=None):
        """`tables`: of something else than a box, see table.

        `store`: gives what has `save(sections)`, which keeps a change for the next start and returns what went wrong,
        and `forget()`, which is called when no table is needed for now. None = nothing is kept.
        """
        from fairamp.settings.table import every

        self.tables = tables
        self.store = store
        self.defaults: dict = {}  # of this board, where they differ from the usual ones, as a file has them
        self.board = None  # (has a radio, an input for a leakage sensor, so many clamps, their converter); None = any
        self.values = {row.key: row.convert(row.default) for row in every(tables)}
        self.waiting: dict = {}  # what was changed and holds from the next start on
        self.followers: list = []  # called with the settings when values have changed, see follow

    def __getitem__(self, name):
        return self.values[name]

    def load(self, sections, where: str, unknown=None):
        """Takes {"site": {"fuse": ...}, ...}; returns the list of all errors, and takes nothing if there are any.

        `unknown`: a list to which goes what is not known here, where that is no error.
        """
        from fairamp.settings.checking import load

        return load(self, sections, where, unknown)

    def follow(self, settle) -> None:
        """From now on `settle(settings)` is called when values have changed, for whoever holds what is made of them.

        It adopts them all, and needs no memory for that.
        """
        self.followers.append(settle)

    def change(self, sections, who: int, noted=None):
        """Takes what a file could say too, while the box runs. `who`: OWNER or INSTALLER.

        `noted`: a list to which goes (name, old, new) of all that has changed, as a file has it.
        Returns (all errors, the names of what holds after a restart only); with errors nothing is taken.
        """
        from fairamp.settings.changing import change

        return change(self, sections, who, noted)
