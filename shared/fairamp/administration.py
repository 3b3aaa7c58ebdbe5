"""What who has logged in may do with all settings at once. Loaded when somebody does: see commands for the rest.

Where a list of errors comes back that is empty, it is done.
"""

from fairamp import commands
from fairamp.settings import Settings


def follow(box, take) -> None:
    """From now on take(who, name, old, new) is called when a setting has changed."""
    box.when_changed = take


def shown(box):
    """(section, what is in it) of all settings, as a file has them, without secrets."""
    from fairamp.settings.showing import sections

    for section in sections(box.settings):
        yield section
    box.settings.store().forget()


def backup(box):
    """What the file says, without secrets."""
    from fairamp.settings.showing import without_secrets

    return _with_store(box, lambda store: without_secrets(store.whole()))


def restore(box, who: str, sections):
    """A whole file in the place of the one that is there, and a restart with it. Secrets that are not in it stay."""
    from fairamp.settings.showing import with_secrets

    settings, below = box.settings, Settings()
    below.load(settings.defaults, "defaults")
    errors = _with_store(
        box, lambda store: store.take_new(settings, with_secrets(sections, store.whole()), below.values)
    )
    return errors or _ends(box, who, "settings restored")


def reset(box, who: str):
    """Settings and passwords as they were before anybody set any, and a restart."""
    return _with_store(box, lambda store: store.reset()) or _ends(box, who, "settings reset")


def _with_store(box, work):
    store = box.settings.store()
    try:
        return work(store)
    finally:
        store.forget()


def _ends(box, who, what):
    commands.tell(box, who, what)
    if box.when_changed:
        box.when_changed(who, what, "", "")
    commands.restart(box, who)
    return []
