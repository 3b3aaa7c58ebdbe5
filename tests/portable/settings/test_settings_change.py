from checks import equal
from fairamp.settings import Settings
from fairamp.settings.kinds import INSTALLER, OWNER


class Store:
    def __init__(self, save, forget=lambda: None):
        self.save = save
        self.forget = forget


def running(**sections):
    """Settings of a box that runs, and what it kept and adopted since."""
    settings = Settings()
    equal(settings.load(sections, "box"), [])
    settings.board = (True, True, 3, None)
    kept, adopted = [], []

    def save(sections):
        kept.append(sections)
        return []

    settings.store = lambda: Store(save)
    settings.follow(lambda settings: adopted.append(settings["charger.limit"]))
    return settings, kept, adopted


def test_a_live_setting_counts_at_once():
    settings, kept, adopted = running()
    equal(settings.change({"charger": {"limit": 10}}, OWNER), ([], []))
    equal((settings["charger.limit"], kept, adopted), (10000, [{"charger": {"limit": 10}}], [10000]))


def test_other_settings_wait_for_a_restart():
    settings, kept, adopted = running()
    equal(settings.change({"site": {"fuse": [35, 35, 35]}}, INSTALLER), ([], ["[site] fuse"]))
    equal((settings["site.fuse"], adopted), ([25000] * 3, []))
    equal(kept, [{"site": {"fuse": [35, 35, 35]}}])
    # Back to what holds: nothing waits.
    equal(settings.change({"site": {"fuse": [25, 25, 25]}}, INSTALLER), ([], []))
    equal(len(kept), 2)


def test_a_mixture_is_divided():
    settings, _, adopted = running()
    change = {"ems": {"required": True}, "charger": {"limit": 16, "wake": False}}
    errors, waiting = settings.change(change, OWNER)
    equal((errors, sorted(waiting)), ([], ["[charger] wake", "[ems] required"]))
    equal((settings["charger.limit"], settings["charger.wake"], adopted), (16000, True, [16000]))


def test_all_errors_at_once_and_nothing_is_taken():
    settings, kept, adopted = running()
    change = {"charger": {"limit": 500, "max": 16, "colour": 1}, "site": {"fuse": [16, 16, 16]}, "toast": {}}
    errors, waiting = settings.change(change, OWNER)
    text = "\n".join(errors)
    for part in (
        "change: [charger] limit: 500 is not possible; allowed: a number from 6 to 80 A",
        "change: [charger] max: only the installer may change this",
        "change: [charger] colour: unknown key",
        "change: [site] fuse: only the installer may change this",
        "change: [toast]: unknown section",
    ):
        assert part in text, part + " missing in " + text
    equal((len(errors), waiting, kept, adopted, settings["charger.max"]), (5, [], [], [], 32000))
    for junk in (None, [], 5, {"site": 5}):
        equal((len(settings.change(junk, INSTALLER)[0]), kept), (1, []))


def test_what_contradicts_is_refused():
    settings, kept, _ = running()
    for change, words in (
        ({"site": {"safe_current": 26}}, "[site] safe_current: more than the fuse of 25 A"),
        ({"charger": {"station_max": 16}}, "[charger] station_max: belongs to a station"),
    ):
        (error,) = settings.change(change, INSTALLER)[0]
        assert words in error, error
    # What waits counts, too: with it, the box has to start.
    equal(settings.change({"site": {"fuse": [20, 20, 20]}}, INSTALLER), ([], ["[site] fuse"]))
    (error,) = settings.change({"site": {"safe_current": 24}}, INSTALLER)[0]
    assert "[site] safe_current: more than the fuse of 20 A" in error, error
    equal(len(kept), 1)


def test_what_the_board_cannot_do_is_refused():
    settings, kept, _ = running(charger={"leakage": "none"})
    settings.board = (False, False, 2, None)
    for change in ({"wifi": {"name": "home"}}, {"meter": {"model": "ct"}}, {"charger": {"leakage": "contact"}}):
        equal((len(settings.change(change, INSTALLER)[0]), kept), (1, []))


def test_a_live_change_that_does_not_go_with_what_holds_waits():
    """50 A while the meter is lost, and a fuse of 25 A until the restart: that is never true at once."""
    settings, _, adopted = running()
    equal(settings.change({"site": {"fuse": [63, 63, 63]}}, INSTALLER), ([], ["[site] fuse"]))
    equal(settings.change({"site": {"safe_current": 50}}, INSTALLER), ([], ["[site] safe_current"]))
    equal((settings["site.safe_current"], adopted), (6000, []))
    # One that fits takes its place.
    equal(settings.change({"site": {"safe_current": 10}}, INSTALLER), ([], []))
    equal((settings["site.safe_current"], settings.waiting), (10000, {_key("site.fuse"): [63000] * 3}))


def _key(name):
    from fairamp.settings.table import every

    return next(row.key for row in every() if row.name == name)


def test_what_is_so_already_is_no_change():
    settings, kept, adopted = running(charger={"limit": 16})
    shown = {"site": {"fuse": [25, 25.0, 25]}, "charger": {"max": 32, "limit": 16}}
    equal((settings.change(shown, OWNER), kept, adopted), (([], []), [], []))
    shown["charger"]["limit"] = 20
    equal((settings.change(shown, OWNER), kept), (([], []), [{"charger": {"limit": 20}}]))


def test_what_cannot_be_kept_is_not_taken():
    settings, _, adopted = running()
    settings.store = lambda: Store(lambda sections: ["settings.json: no space"])
    equal(settings.change({"charger": {"limit": 10}}, OWNER), (["settings.json: no space"], []))
    equal((settings["charger.limit"], settings.waiting, adopted), (80000, {}, []))


def test_tables_are_given_back_after_every_change():
    forgotten = []
    settings = Settings(store=lambda: Store(lambda sections: [], lambda: forgotten.append(1)))
    settings.change({"charger": {"limit": 10}}, OWNER)
    settings.change({"charger": {"limit": 1000}}, OWNER)
    settings.store = lambda: Store(lambda sections: 1 // 0, lambda: forgotten.append(1))
    try:
        settings.change({"charger": {"limit": 11}}, OWNER)
        raise AssertionError("not told")
    except ZeroDivisionError:
        pass
    equal((len(forgotten), settings["charger.limit"]), (3, 10000))


def test_where_memory_runs_short_the_file_says_nothing_that_is_not_adopted():
    settings, kept, adopted = running()

    from fairamp.settings import changing

    def short(settings, news, notes):
        raise MemoryError

    real = changing._note
    changing._note = short
    try:
        settings.change({"charger": {"limit": 10}}, OWNER, [])
        raise AssertionError("not told")
    except MemoryError:
        pass
    finally:
        changing._note = real
    equal((settings["charger.limit"], kept, adopted), (80000, [], []))
