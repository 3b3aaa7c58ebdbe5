import sys

from checks import equal
from fairamp.addresses import is_numeric
from fairamp.settings import Settings
from fairamp.settings.checking import MOST_ERRORS
from fairamp.settings.table import SECTIONS, rows


def test_defaults_are_allowed_and_whole():
    settings = Settings()
    equal(settings["site.fuse"], [25000, 25000, 25000])
    equal(settings["meter.period"], 2000)
    for section in SECTIONS:
        for row in rows(section):
            equal(row.name.split(".")[0], section)
            assert row.default is None or row.convert(row.default) is not None, row.name


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
        assert "two meters cannot have the same address on one line: give one of them another" in errors[0], errors
    equal(settings["meter.charger_unit"], 2)
    equal(settings.load({"meter": {"unit": 2, "charger_unit": 1}}, "file"), [])


def test_a_meter_on_the_network_has_its_address_in_numbers():
    names = ("meter.local", "localhost", "192.168.1", "192.168.1.256", "192.168.1.20:502", " 192.168.1.20", "fe80::1")
    for model in ("eastron_sdm630", "socomec_e27", "homewizard_p1"):
        for host in names:
            settings = Settings()
            errors = settings.load({"meter": {"model": model, "host": host}}, "file")
            equal(len(errors), 1)
            for part in ("file: [meter] host: '" + host + "' is no address in numbers", "such as 192.168.1.20"):
                assert part in errors[0], errors
            equal(settings["meter.host"], "")
        equal(Settings().load({"meter": {"model": model, "host": "127.0.0.1"}}, "file"), [])
    for model in ("socomec_e27", "homewizard_p1"):
        errors = Settings().load({"meter": {"model": model}}, "file")
        equal(errors, ["file: [meter] host: missing; " + model + " is reached over the network"])
    # What is not looked at may stand there.
    for model in ("push", "ct"):
        equal(Settings().load({"meter": {"model": model, "host": "meter.local"}}, "file"), [])


def test_numeric_addresses():
    for host in ("0.0.0.0", "127.0.0.1", "192.168.1.20", "255.255.255.255"):
        assert is_numeric(host), host
    for host in (
        "",
        ".",
        "...",
        "1.2.3",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.1000",
        "1.2.3." + "9" * 5000,
        "1.2.3.+4",
        "1.2.3.-4",
        "1.2.3. 4",
        "1.2.3.4\n",
        "1.2.3.4_0",
        "1.2.3.0x1",
        "1.2.3.04",
        "1.2.3.08",
        "1.2.3.\u00b2",
        "1.2.3.1\u00b21",
        "1.2.3.\u0664",
    ):
        assert not is_numeric(host), host


def test_an_address_above_247_is_for_tcp_only():
    registers = {"current": {"address": 12, "step": 2, "type": "int32"}}
    for unit in (248, 255):
        for place, meter in (
            ("[meter] unit: ", {"unit": unit}),
            ("[meter] unit: ", {"unit": unit, "line": "ems"}),
            ("[meter.custom] unit: ", {"model": "custom", "custom": {"unit": unit, "registers": registers}}),
        ):
            errors = Settings().load({"meter": meter}, "file")
            text = " is possible over TCP only; on a serial line use 1 to 247"
            equal(errors, ["file: " + place + str(unit) + text])
            meter["host"] = "192.168.1.20"
            equal(Settings().load({"meter": meter}, "file"), [])
    equal(Settings().load({"meter": {"unit": 247}}, "file"), [])
    equal(Settings().load({"meter": {"model": "socomec_e27", "host": "10.0.0.1", "unit": 255}}, "file"), [])


def test_what_is_no_table_at_all():
    for junk in (None, [], "site", 5):
        equal(len(Settings().load(junk, "file")), 1)


def test_hostile_numbers():
    for value in (True, None, "6", [6], float("inf"), -1, 10**30, 5.999):
        assert Settings().load({"charger": {"max": value}}, "file"), repr(value)


def test_house_and_sun_need_two_clamps():
    for clamps, wrong in ((1, 1), (2, 0), (3, 1)):
        sections = {"meter": {"model": "ct"}, "ct": {"solar": True, "clamps": clamps}, "charger": {"mapping": "L1"}}
        errors = Settings().load(sections, "file")
        equal(len(errors), wrong)
    assert errors[0].startswith("file: [ct] solar: needs clamps = 2"), errors
    (error,) = Settings().load({"ct": {"solar": True, "clamps": 2}}, "file")
    equal(error, "file: [ct] solar: is for clamps only, which means [meter] model = ct")


def test_a_charger_on_a_phase_that_no_clamp_measures():
    def wrong(mapping, **ct):
        return Settings().load({"meter": {"model": "ct"}, "ct": ct, "charger": {"mapping": mapping}}, "file")

    for mapping, clamps in (("L1L2L3", 3), ("L2", 2), ("L1", 1)):
        equal(wrong(mapping, clamps=clamps), [])
    for mapping, clamps, text in (("L1L2L3", 2, "L1 to L2, but the charger uses L3"), ("L2", 1, "L1, but the charger")):
        (error,) = wrong(mapping, clamps=clamps)
        assert "[ct] clamps: they measure " + text in error, error
    (error,) = wrong("L1L2L3", clamps=2, solar=True)
    assert "they measure L1, but the charger uses L3" in error, error


def test_a_maximum_without_a_station():
    (error,) = Settings().load({"charger": {"station_max": 16}}, "file")
    assert error.startswith("file: [charger] station_max: belongs to a station"), error
    equal(Settings().load({"charger": {"station_max": 16, "station": 1}}, "file"), [])


def test_settings_that_contradict_each_other_are_told_all_at_once():
    cases = (
        (
            {"site": {"least_voltage": 260, "most_voltage": 220}},
            ("[site] least_voltage: must be below [site] most_voltage",),
        ),
        (
            {"charger": {"warn_temperature": 90, "reduce_temperature": 85, "stop_temperature": 80}},
            (
                "[charger] warn_temperature: must be below [charger] stop_temperature",
                "[charger] reduce_temperature: must be below [charger] stop_temperature",
            ),
        ),
        ({"site": {"fuse": [25, 16, 25], "safe_current": 20}}, ("[site] safe_current: more than the fuse of 16 A",)),
    )
    for sections, texts in cases:
        errors = Settings().load(sections, "box")
        equal(len(errors), len(texts))
        for error, text in zip(errors, texts):
            assert text in error, error
    equal(Settings().load({"site": {"safe_current": 25}}, "box"), [])


def test_a_wrong_value_is_shown_as_far_as_it_tells_which_one():
    (error,) = Settings().load({"box": {"name": "x" * 5000}}, "box")
    assert len(error) < 200 and "'xxx" in error, error
    for file in ({"box": {"x" * 5000: 1}}, {"x" * 5000: {}}, {"x" * 5000: 1}):
        (error,) = Settings().load(file, "box")
        assert len(error) < 500 and "xxx..." in error, len(error)


def test_what_is_nested_without_end_is_told_and_not_shown():
    value: list = []
    for _ in range(500 if sys.maxsize <= 0x7FFFFFFF else 5000):
        value = [value]
    (error,) = Settings().load({"site": {"fuse": value}}, "box")
    assert error.startswith("box: [site] fuse: ") and len(error) < 200, error


def test_hundreds_of_errors_are_not_told_one_by_one():
    settings = Settings()
    errors = settings.load({"site": {"key" + str(number): 1 for number in range(500)}, "meter": {"wrong": 1}}, "box")
    equal((len(errors), errors[-1]), (MOST_ERRORS + 1, "box: and perhaps more; mend these first"))
