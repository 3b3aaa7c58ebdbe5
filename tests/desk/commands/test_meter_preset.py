"""`fairamp meter test --model custom`: a meter that is described in a file, and files that describe none."""

import json

from fairamp import meters
from fairamp.meters import preset
from fairamp_desk.pages import meters as page
from tests.desk.commands.meter_command import PRESET, on_a_line, wrong_use
from tests.desk.meters.facts_meters import number_words

COMMAND = "meter"


class OddMeter:
    """Tells nothing but currents, low word first."""

    def reply(self, pdu):
        first, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        known = {
            10 * phase + at: word for phase in range(3) for at, word in enumerate(number_words(">f", 1.5 + phase)[::-1])
        }
        return bytes([3, 2 * count]) + b"".join(known.get(first + at, 0).to_bytes(2, "big") for at in range(count))


def test_a_meter_that_is_not_in_the_table(ask, tmp_path):
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(PRESET))
    with on_a_line({4: OddMeter()}) as port:
        code, out, err = ask("test", "--model", "custom", "--preset", file, "--port", port)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "L1 +1.50 A",
        "L2 +2.50 A",
        "L3 +3.50 A",
        "note: it does not tell import from export, so all counts as import",
    ]


def test_the_preset_on_the_page_is_a_good_one():
    model, errors = preset.check(json.loads(page.EXAMPLE), "page")
    assert errors == []
    assert model.phases == 3
    assert set(page.HINTS) <= set(meters.IDS)


def test_bad_presets(ask, tmp_path):
    file = tmp_path / "odd.json"
    err = wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))
    assert f"{file}: cannot be read: No such file" in err
    for content, text in (
        ("{", "not valid JSON"),
        ("[" * 100000, "not valid JSON"),
        ("[1]", "must be a table"),
        ("{}", "registers"),
        (json.dumps({**PRESET, "phases": 2}), "phases must be 1 or 3"),
        (json.dumps({**PRESET, "registers": {"current": {"address": 5, "type": "int16"}}}), "current: needs a step"),
        (json.dumps({**PRESET, "registers": {"current": {"address": [5], "type": "int16"}}}), "current: needs a step"),
        (json.dumps({**PRESET, "registers": {"current": {"address": -1, "type": "int8"}}}), "type must be one of"),
    ):
        file.write_text(content)
        err = wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))
        assert text in err and str(file) in err
    file.write_bytes(b"\xff\xfe")
    assert "not valid JSON" in wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))
