"""A change of the settings while the box runs: who may, whether it can be, and what of it counts at once."""

from fairamp.settings.checking import check, known, parse
from fairamp.settings.kinds import LIVE
from fairamp.settings.table import in_file

WHERE = "change"


def change(settings, sections, who, noted=None):
    """(all that is wrong, []), or ([], the names of what waits for a restart); see Settings.change."""
    store = settings.store() if settings.store else None
    try:
        errors: list = []
        news = _news(settings, sections, who, errors)
        if errors:
            return errors, []
        # All that may run out of memory comes before the file is written: what is in it has to be adopted, too.
        now = _at_once(settings, news)
        notes: list = []
        if noted is not None:
            _note(settings, news, notes)
        if news and store:
            errors = store.save(_as_in_file(news, sections))
            if errors:
                return errors, []
        if noted is not None:
            noted += notes
        # What is in them is there already, or takes the place of what is.
        settings.values.update(now)
        waiting = _take_rest(settings, news, now)
    finally:
        if store:
            store.forget()
    if now:
        for settle in settings.followers:
            settle(settings)
    return [], waiting


def _note(settings, news, noted):
    from fairamp.settings.showing import in_file_units

    for row, value in news:
        old = settings.waiting[row.key] if row.key in settings.waiting else settings.values[row.key]
        noted.append((row.name, in_file_units(row, old), in_file_units(row, value)))


def _news(settings, sections, who, errors):
    """[(setting, inner value)] of what is not so already: a form may send all that it shows."""
    planned = dict(settings.values)
    planned.update(settings.waiting)
    found = parse(None, sections, WHERE, errors)
    news = [pair for pair in found if planned[pair[0].key] != pair[1]]
    for row, value in news:
        planned[row.key] = value
        if row.who > who:
            errors.append(WHERE + ": " + in_file(row) + ": only the installer may change this")
    check(known(planned, found), settings.board, WHERE, errors)
    return news


def _as_in_file(news, sections):
    found: dict = {}
    for row, _ in news:
        section, name = row.name.split(".")
        found.setdefault(section, {})[name] = sections[section][name]
    return found


def _at_once(settings, news):
    """Inner values of what is live, unless that does not go with what holds until the restart."""
    now = {row.key: value for row, value in news if row.when == LIVE}
    if len(now) == len(news) and not settings.waiting:
        return now  # that was checked already
    values = dict(settings.values)
    values.update(now)
    against: list = []
    check(values, settings.board, WHERE, against)
    return {} if against else now


def _take_rest(settings, news, now):
    """Notes what waits; its names, as they stand in a file."""
    names = []
    for row, value in news:
        if row.key in now:
            settings.waiting.pop(row.key, None)
        else:
            settings.waiting[row.key] = value
            if settings.values[row.key] != value:
                names.append(in_file(row))
    return names
