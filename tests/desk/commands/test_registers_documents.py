"""What the documents tell about registers is what the maps have."""

import json
import re

import pytest
import yaml

from fairamp.managers import NAMES
from fairamp.settings import Settings
from fairamp_desk import docs
from fairamp_desk.registers import map as register_map
from tests.desk.commands.registers_command import rows_of

TYPES = {"i16": "int16", "u16": "uint16", "u32": "uint32", "u64": "uint64", "i32": "int32"}


def code_of(kind):
    page = (docs.FOLDER / "connect-your-ems.md").read_text()
    return [
        re.sub(r"(?m)^   ", "", code) if indent else code
        for indent, code in re.findall(rf"(?ms)^( *)```{kind}\n(.*?)^ *```", page)
    ]


def test_the_home_assistant_configuration_fits_the_registers():
    (config,) = [found for code in code_of("yaml") if "modbus" in (found := yaml.safe_load(code))]
    rows = {row.address: row for row in rows_of("teltocharge")}
    (hub,) = config["modbus"]
    assert (hub["type"], hub["port"]) == ("tcp", Settings()["ems.teltocharge_port"])
    assert len(hub["sensors"]) >= 10
    for sensor in hub["sensors"]:
        row = rows[sensor["address"]]
        assert sensor["unique_id"] == f"fairamp_{row.name}"
        assert sensor["data_type"] == TYPES[row.kind], row.name
        assert sensor.get("scale", 1) == row.scale, row.name
        assert (sensor.get("swap") == "word") == row.low_first, row.name
        assert sensor.get("unit_of_measurement", "") == row.unit.replace("deg", "°"), row.name
        assert sensor["slave"] == 1
        assert sensor["scan_interval"] > 0
    assert min(sensor["scan_interval"] for sensor in hub["sensors"]) < 30, "the watchdog would strike"
    for key in ("unique_id", "name", "address"):
        assert len({sensor[key] for sensor in hub["sensors"]}) == len(hub["sensors"])
    (number,) = config["template"][0]["number"]
    assert (rows[15].name, rows[15].allowed) == ("amps_to_use", ((number["min"], number["max"]),))
    names = {"sensor." + re.sub(r"\W", "_", sensor["name"].lower()) for sensor in hub["sensors"]}
    assert set(re.findall(r"sensor\.\w+", number["state"])) <= names
    scripts = [step for script in config["script"].values() for step in script["sequence"]]
    for step in (*number["set_value"], *scripts):
        assert step["action"] == "modbus.write_register"
        assert (step["data"]["hub"], step["data"]["slave"]) == (hub["name"], 1)
        row = rows[step["data"]["address"]]
        assert row.set is not None
        assert isinstance(step["data"]["value"], str) or row.permits(step["data"]["value"])


def test_the_other_snippets_are_valid_and_the_settings_exist():
    chargers = [found["chargers"][0] for code in code_of("yaml") if "chargers" in (found := yaml.safe_load(code))]
    units = {charger["template"]: charger["id"] for charger in chargers}
    assert units == {"alfen": 1, "vestel": 255, "bender": 255}
    assert 1 in register_map.units("alfen")
    (settings,) = code_of("json")
    assert Settings().load(json.loads(settings), "settings.json") == []


@pytest.mark.parametrize("name", NAMES)
def test_every_register_is_on_its_page(name):
    page = docs.PAGES[f"registers-{name}.md"]()
    for row in rows_of(name):
        (found,) = [line for line in page.splitlines() if line.startswith(f"| {row.address} | {row.name} | {row.kind}")]
        assert found.count(" | ") == 6
        assert ("low word first" in found) == row.low_first
        assert ("filler" in found) == (not row.works)
    assert "Watchdog" in page and "When it strikes" in page
