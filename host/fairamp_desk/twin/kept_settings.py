"""The settings that a twin has changed, kept in the folder that is its flash, above those of its site."""

from pathlib import Path

from fairamp.settings import Settings
from fairamp_box.io import store
from fairamp_desk.errors import UsageError
from fairamp_desk.hints import with_hint
from fairamp_desk.site import MEANINGLESS, Site


class KeptSettings:
    """What `Settings.store` gives. The file holds only what was changed: the rest is in the site."""

    def __init__(self, folder: Path):
        self._path = str(folder / store.SETTINGS_FILE)
        self._of_site: dict = {}  # the values that hold where the file says nothing

    def save(self, sections: dict) -> list[str]:
        return store.save(sections, self._path)

    def whole(self) -> dict:
        return store.whole(self._path)

    def take_new(self, settings: Settings, sections: dict, below: dict) -> list[str]:
        """A whole file in the place of the one that is there; the rest is in the site, and not `below`."""
        holds, settings.values = settings.values, dict(self._of_site)
        try:
            return settings.load(sections, self._path) or store.keep(sections, self._path)
        finally:
            settings.values = holds

    def reset(self) -> list[str]:
        return store.reset(self._path)

    def forget(self) -> None:
        """A desk has the space."""

    def load(self, site: Site) -> None:
        """What was changed before; UsageError when it does not go with the site."""
        self._of_site = dict(site.settings.values)
        usual = {name: site.settings[name] for name in MEANINGLESS}
        told: list[str] = []
        sections, errors, kind = store.load(self._path, told.append)
        if sections is None:
            sections, errors, kind = store.load(store.beside(self._path, store.COPY_FILE), told.append)
            if sections is None:
                return
            told.append(f"{self._path}: missing, its copy counts")
        unknown: list[str] | None = [] if kind == store.SEALED else None
        errors = errors or site.settings.load(sections, self._path, unknown)
        for line in told:
            print(f"settings: {line}")
        site.settings.values.update(usual)
        if errors:
            advice = f"mend {self._path}, or remove it: then the site alone holds"
            raise UsageError("\n".join([*(with_hint(error) for error in errors), advice]))


def keep(site: Site, folder: Path) -> None:
    """From now on what is changed is kept there; what was kept before holds."""
    kept = KeptSettings(folder)
    kept.load(site)
    site.settings.store = lambda: kept
