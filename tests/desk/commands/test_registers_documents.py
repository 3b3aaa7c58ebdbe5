"""What the documents tell about registers is what the maps have."""

import json
import re

import pytest
import yaml

from fairamp.charging import faults
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
    for phase in (1, 2, 3):
        assert {f"Fairamp {what} L{phase}" for what in ("voltage", "current")} <= {
            one["name"] for one in hub["sensors"]
        }
    (switch,) = hub["switches"]
    row = rows[switch["address"]]
    assert switch["unique_id"] == f"fairamp_{row.name}"
    assert (row.meanings[switch["command_off"]], row.meanings[switch["command_on"]]) == (
        "stop the session",
        "start it again",
    )
    entities = {kind: found for part in config["template"] for kind, (found,) in part.items()}
    number = entities["number"]
    # 1 to 5 A are no currents that a car can be offered: they would look like one and pause.
    assert (rows[15].name, rows[15].allowed) == ("amps_to_use", ((0, number["max"]),)) and number["min"] == 6
    names = {"sensor." + re.sub(r"\W", "_", sensor["name"].lower()) for sensor in hub["sensors"]}
    for entity in entities.values():
        assert set(re.findall(r"sensor\.\w+", entity["state"] + entity.get("availability", ""))) <= names
    bits = {int(bit): text for bit, text in re.findall(r"(\d+): '([^']+)'", entities["sensor"]["state"])}
    first = {}
    for name, bit, *_ in faults.FAULTS:
        first.setdefault(bit, name)
    assert bits == first
    assert rows[6].meanings[7] == "not connected" and "not in (7, 9)" in entities["binary_sensor"]["state"]
    for step in number["set_value"]:
        assert step["action"] == "modbus.write_register"
        assert (step["data"]["hub"], step["data"]["slave"]) == (hub["name"], 1)
        row = rows[step["data"]["address"]]
        assert row.set is not None
        assert isinstance(step["data"]["value"], str) or row.permits(step["data"]["value"])


def evcc() -> list[dict]:
    return [found["chargers"][0] for code in code_of("yaml") if "chargers" in (found := yaml.safe_load(code))]


def test_the_evcc_configuration_without_a_template_fits_the_registers():
    (charger,) = [found for found in evcc() if found["type"] == "custom"]
    rows = {row.address: row for row in rows_of("teltocharge")}
    used = {}
    for what in ("status", "enabled", "enable", "maxcurrent", "power"):
        part = charger[what]
        (source,) = [each["config"] for each in (*part.get("in", ()), *part.get("out", ()))] or [part]
        register = source["register"]
        row = used[what] = rows[register["address"]]
        writes = register["type"] == "writesingle"
        assert (row.set is not None) if writes else (row.get is not None)
        assert register["encoding" if writes else "decode"] == TYPES[row.kind] and row.scale == 1
    assert [row.name for row in used.values()] == [
        *("iec_state", "request_stop_charging", "request_stop_charging", "amps_to_use", "instant_active_power"),
    ]
    letters = re.findall('"(.)"', charger["status"]["script"])
    # Who is offered nothing does not charge, whatever he wants.
    wanted = {"A": "A", "B1": "B", "B2": "B", "C1": "B", "C2": "C", "D1": "B", "D2": "C", "E": "E", "F": "F"}
    assert letters == [wanted[state] for state in used["status"].meanings.values()]


def test_the_other_snippets_are_valid_and_the_settings_exist():
    units = {charger["template"]: charger["id"] for charger in evcc() if charger["type"] == "template"}
    assert units == {"alfen": 1, "vestel": 255, "bender": 255}
    (loadpoint,) = [found for code in code_of("yaml") if "loadpoints" in (found := yaml.safe_load(code))]
    assert loadpoint["loadpoints"][0]["phases"] in (1, 3)
    assert 1 in register_map.units("alfen")
    (settings,) = code_of("json")
    assert Settings().load(json.loads(settings), "settings.json") == []


def test_commands_are_written_as_they_can_be_typed():
    for page in docs.FOLDER.glob("*.md"):
        for code in re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", page.read_text()):
            assert not re.search(r"(?m)^ *fairamp ", code), f"{page.name}: {code}"


@pytest.mark.parametrize("name", NAMES)
def test_every_register_is_on_its_page(name):
    page = docs.PAGES[f"registers-{name}.md"]()
    for row in rows_of(name):
        (found,) = [line for line in page.splitlines() if line.startswith(f"| {row.address} | {row.name} | {row.kind}")]
        assert found.count(" | ") == 6
        assert ("low word first" in found) == row.low_first
        assert ("filler" in found) == (not row.works)
    assert "Watchdog" in page and "When it strikes" in page
