from checks import equal
from fairamp.meters.model import CURRENT, VOLTAGE
from fairamp.meters.preset import check
from fairamp.settings import Settings

GOOD = {
    "name": "My meter",
    "phases": 3,
    "function": 4,
    "word_order": "low_first",
    "most_words": 20,
    "unit": 7,
    "baud": 19200,
    "parity": "E",
    "stop": 1,
    "port": 5020,
    "registers": {
        "voltage": {"address": 0, "step": 2, "type": "uint32", "scale": 0.1},
        "current": {"address": [12, 20, 28], "type": "int64", "scale": 0.001},
    },
}


def changed(**keys):
    made = dict(GOOD)
    made.update(keys)
    return made


def test_a_good_preset():
    model, errors = check(GOOD, "f")
    equal(errors, [])
    equal((model.name, model.phases, model.function, model.low_first, model.most), ("My meter", 3, 4, True, 20))
    equal((model.serial, model.tcp), ((7, 19200, "E", 1), (5020, 7)))
    equal(sorted(model.values), sorted([(VOLTAGE, 0, 2, "u32", 0.1), (CURRENT, (12, 20, 28), 0, "i64", 0.001)]))


def test_every_wrong_key_is_named():
    for key, bad in (
        ("phases", 2),
        ("phases", True),
        ("function", 6),
        ("word_order", "middle"),
        ("word_order", ["high_first"]),
        ("parity", 0),
        ("baud", 1),
        ("unit", 0),
        ("most_words", 500),
        ("name", ""),
        ("name", "x" * 41),
        ("registers", {}),
        ("registers", [1]),
        ("colour", "red"),
    ):
        model, errors = check(changed(**{key: bad}), "f")
        equal(model, None)
        assert len(errors) == 1 and key in errors[0] and errors[0].startswith("f: "), (key, bad, errors)


def test_every_wrong_register_is_named():
    for row in (
        {"address": -1, "type": "int16"},
        {"address": 70000, "type": "int16"},
        {"address": "12", "type": "int16"},
        {"address": [1, 2], "type": "int16"},
        {"address": 1, "type": "int8"},
        {"address": 1, "type": ["int16"]},
        {"address": 1},
        {"type": "int16"},
        {"address": 1, "type": "int16", "scale": 0},
        {"address": 1, "type": "int16", "scale": "1"},
        {"address": 1, "type": "int16", "step": -2},
        {"address": 1, "type": "int16", "words": 2},
        {"address": 65535, "type": "int32", "step": 0},
        {"address": 65000, "type": "int16", "step": 300},
        {"address": [1, 2, 65535], "type": "int32"},
        7,
    ):
        model, errors = check(changed(registers={"current": row}), "f")
        equal(model, None)
        assert errors and "registers: current" in errors[0], (row, errors)
    _, errors = check(changed(registers={"amps": {"address": 1, "type": "int16"}}), "f")
    assert "amps: unknown; known: current" in errors[0], errors
    _, errors = check(changed(registers={"voltage": {"address": 1, "type": "int16"}}), "f")
    assert "current or power" in errors[0], errors
    for wrong in (None, 5, [], "x"):
        assert check(wrong, "f")[1]


def test_in_the_settings():
    settings = Settings()
    equal(settings.load({"meter": {"model": "custom", "custom": GOOD, "baud": 19200, "parity": "E"}}, "f"), [])
    equal(settings["meter.custom"].name, "My meter")
    errors = Settings().load({"meter": {"model": "custom", "custom": changed(phases=2)}}, "f")
    equal(errors, ["f: [meter] custom: phases must be 1 or 3"])
    errors = Settings().load({"meter": {"model": "custom"}}, "f")
    assert "[meter.custom]" in errors[0], errors


def test_meters_that_cannot_work_are_refused():
    for meter, text in (
        ({"model": "entes_es"}, "no known registers"),
        ({"model": "eastron_sdm72d_v1"}, "cannot protect a fuse"),
        ({"model": "socomec_e27"}, "host"),
        ({"model": "homewizard_p1"}, "host"),
        ({"unit": 2}, "same address"),
        ({"charger_model": "dsmr_p1"}, "charger_model"),
        ({"model": "nobody"}, "allowed: one of"),
    ):
        errors = Settings().load({"meter": meter}, "f")
        assert len(errors) == 1 and text in errors[0], (meter, errors)
    for meter in (
        {"model": "socomec_e27", "host": "10.0.0.5"},
        {"model": "dsmr_p1"},
        {"model": "ct"},
        {"unit": 2, "line": "ems"},
        {"model": "eastron_sdm630", "host": "10.0.0.5", "unit": 2},
    ):
        equal(Settings().load({"meter": meter}, "f"), [])
