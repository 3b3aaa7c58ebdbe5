from checks import equal
from fairamp.settings import Settings
from fairamp.settings_help import HELP
from fairamp.settings_rows import SETTINGS


def test_defaults_are_allowed_and_whole():
    settings = Settings()
    equal(settings["site.fuse"], [25000, 25000, 25000])
    equal(settings["meter.period"], 2000)
    for row in SETTINGS:
        assert HELP[row.name] and row.name.count(".") == 1, row.name
        assert row.default is None or row.convert(row.default) is not None, row.name
    equal(len(HELP), len(list(SETTINGS)))


def test_decimals_and_whole_numbers():
    settings = Settings()
    equal(settings.load({"site": {"fuse": [16, 16.5, 20]}, "meter": {"period": 0.1}}, "file"), [])
    equal(settings["site.fuse"], [16000, 16500, 20000])
    equal(settings["meter.period"], 100)


def test_all_errors_at_once_and_nothing_taken():
    settings = Settings()
    errors = settings.load(
        {
            "site": {"fuse": [25, 25], "voltage": "230", "fuze": 1},
            "meter": {"model": "none such", "unit": 0, "period": float("nan")},
            "charger": {"vip": 1, "max": 16, "mapping": "L4"},
            "cooking": {"time": 3},
            "sharing": 7,
        },
        "site.toml",
    )
    equal(len(errors), 10)
    text = "\n".join(errors)
    for part in (
        "site.toml: [site] fuse: [25, 25] is not possible; allowed: three numbers from 6 to 1000 A",
        "site.toml: [site] fuze: unknown key; known here: fuse, voltage, safe_current",
        "[meter] model: 'none such' is not possible; allowed: one of",
        "[charger] vip: 1 is not possible; allowed: true or false",
        "unknown section",
        "sharing must be a section of keys",
    ):
        assert part in text, part + " missing in " + text
    equal(settings["charger.max"], 32000)


def test_two_meters_at_one_address_are_refused():
    settings = Settings()
    for meter in ({"unit": 2}, {"charger_unit": 1}, {"unit": 5, "charger_unit": 5}):
        errors = settings.load({"meter": meter}, "file")
        assert "two meters cannot have the same address" in errors[0], errors
    equal(settings["meter.charger_unit"], 2)
    equal(settings.load({"meter": {"unit": 2, "charger_unit": 1}}, "file"), [])


def test_what_is_no_table_at_all():
    for junk in (None, [], "site", 5):
        equal(len(Settings().load(junk, "file")), 1)


def test_hostile_numbers():
    for value in (True, None, "6", [6], float("inf"), -1, 10**30, 5.999):
        assert Settings().load({"charger": {"max": value}}, "file"), repr(value)
