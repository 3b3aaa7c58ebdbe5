"""SITE.toml: what is taken, and what a user is told about what is not."""

import pytest

from fairamp.settings.table import SECTIONS
from fairamp_desk.commands.run import EXAMPLE
from fairamp_desk.errors import UsageError
from fairamp_desk.site import check_site, read_site


def errors_of(content) -> list[str]:
    with pytest.raises(UsageError) as error:
        check_site(content, "site.toml")
    return str(error.value).splitlines()


def test_an_empty_file_is_a_site_with_the_defaults():
    site = check_site({}, "site.toml")
    assert site.settings["site.fuse"] == [25000, 25000, 25000]
    assert (site.loads, site.cars, site.events) == ([], [], [])


def test_units_and_order():
    site = check_site(
        {
            "site": {"fuse": [16, 20, 25.5]},
            "load": [{"at": 60, "amps": [1, 2.5, -3]}, {"at": 0}],
            "car": [{"arrives": 8, "max": 16, "needs_kwh": 1.5}],
            "charger": [{"id": 3, "mapping": "L2L3L1"}],
        }
        | {"car": [{"charger": 3, "needs_kwh": 1.5}]},
        "site.toml",
    )
    assert [load["load.at"] for load in site.loads] == [0, 60000]
    assert site.loads[1]["load.amps"] == [1000, 2500, -3000]
    assert site.cars[0]["car.needs_kwh"] == 1500
    assert site.cars[0]["car.leaves"] is None


def test_all_errors_are_told_at_once_with_place_and_remedy():
    errors = errors_of(
        {
            "site": {"fuse": 25},
            "car": [{"phases": 4}, {"speed": 1}],
            "event": [{"what": "fire"}],
            "garage": {},
            "load": {"at": 0},
        }
    )
    assert errors == [
        f"site.toml: [garage]: unknown section; known: {', '.join(SECTIONS)}, load, car, event",
        "site.toml: [site] fuse: 25 is not possible; allowed: three numbers from 6 to 1000 A",
        "site.toml: load: write it as [[load]], once for each",
        "site.toml: [[car]] 1: [car] phases: 4 is not possible; allowed: a whole number from 1 to 3",
        "site.toml: [[car]] 2: [car] speed: unknown key; known here: "
        "charger, arrives, leaves, phases, max, min, needs_kwh, quirk",
        "site.toml: [[event]] 1: [event] what: 'fire' is not possible; allowed: one of "
        "meter_lost, meter_frozen, meter_slow, meter_noisy, meter_reversed, meter_swapped, "
        "meter_unclamped, meter_tenth, meter_tenfold, meter_back, "
        "network_lost, network_back, clock_lost, clock_back, shed_on, shed_off, enable_off, enable_on",
    ]


def test_what_does_not_fit_together_is_told_beside_what_is_wrong_by_itself():
    errors = errors_of(
        {
            "site": {"margin": 95},
            "charger": [{"id": 1}, {"id": 1}],
            "car": [{"arrives": 10, "leaves": 5}, {"phases": 4}],
            "event": [{"at": 3}],
        }
    )
    parts = "[site] margin: 95", "[[car]] 1: leaves must", "[[car]] 2: [car] phases: 4", "[[event]] 1: what: missing"
    assert [part in error for part, error in zip(parts, errors, strict=True)] == [True] * 4
    # Which chargers there are is known only where they are right themselves.
    errors = errors_of({"charger": [{"id": 1}, {"id": 1}], "car": [{"charger": 7}, {"phases": 4}]})
    parts = "[[car]] 1: charger: no charger has id 7", "[[car]] 2: [car] phases: 4", "[[charger]] 2: id 1 is taken"
    assert [part in error for part, error in zip(parts, errors, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ({"car": [{"arrives": 10, "leaves": 10}]}, "leaves must come after arrives"),
        ({"car": [{"min": 14, "max": 10}]}, "min is above max"),
        ({"car": [{"charger": 4}]}, "no charger has id 4"),
        ({"event": [{"at": 3}]}, "what: missing"),
        ({"charger": [{}, {}]}, "id 0 is taken by another"),
        (
            {"charger": [{"id": id, "safe": 6, "station": 7, "station_max": 10 + id} for id in (0, 1)]},
            "safe currents of chargers 0, 1: 6 + 6 = 12 A on L1, more than the 10 A of [charger] station_max",
        ),
        (
            {"meter": {"model": "homewizard_p1", "host": "p1.local"}},
            "[meter] host: 'p1.local' is no address in numbers",
        ),
        ({"site": 5}, "must be a section"),
        ({"car": ["bus"]}, "write it as [[car]]"),
    ],
)
def test_what_does_not_fit_together(content, part):
    assert part in errors_of(content)[0]


def test_files_that_cannot_be_read(tmp_path):
    for name, content in {"broken.toml": b"[site\n", "binary.toml": b"\xff\xfe\x00"}.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UsageError, match=name):
            read_site(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_site(tmp_path / "missing.toml")


def test_the_built_in_example_is_the_one_of_the_contract():
    """25 A, a three-phase car of 16 A within 20 s, at least 13 A left by the house for ten minutes."""
    site = read_site(EXAMPLE)
    assert site.settings["site.fuse"] == [25000] * 3
    car = site.cars[0]
    assert car["car.arrives"] <= 20000 and car["car.phases"] == 3 and car["car.max"] == 16000
    early = [load for load in site.loads if load["load.at"] < 600_000]
    assert early and all(25000 - max(load["load.amps"]) >= 13000 for load in early)
    assert any(max(load["load.amps"]) > 12000 for load in site.loads)


def test_in_the_built_in_example_something_happens_while_one_watches():
    loads = read_site(EXAMPLE).loads
    assert [load["load.at"] for load in loads[1:3]] == [20_000, 80_000]
    # The car, which takes 16 A, has to make room for it.
    assert 25000 - max(loads[1]["load.amps"]) < 16000


def test_settings_of_the_box_and_its_energy_managers_too():
    site = check_site({"ems": {"safe_current": 0, "alfen_validity": 300}, "box": {"name": "Garage"}}, "site.toml")
    assert site.settings["ems.alfen_validity"] == 300_000
    assert site.settings["box.name"] == "Garage"


def test_all_sections_of_a_box_are_taken():
    assert check_site({name: {} for name in SECTIONS if name != "charger"}, "site.toml").settings


def test_network_and_ports_are_checked_and_then_left_to_the_command_line():
    assert (
        check_site(
            {"wifi": {"name": "home", "password": "secret12"}, "web": {"port": 0}, "ems": {"alfen_port": 1503}},
            "site.toml",
        ).settings.values
        == check_site({}, "site.toml").settings.values
    )
    assert errors_of({"web": {"port": 70000}, "ems": {"alfen_port": 503}}) == [
        "site.toml: [web] port: 70000 is not possible; allowed: a whole number from 0 to 65535"
    ]
    assert "port 502 is that of" in errors_of({"ems": {"alfen_port": 502}})[0]


def test_a_second_charger_keeps_the_same_rules():
    """What is wrong with it alone is told with its place, what is wrong with the site is told once."""
    chargers = [{"id": 0, "mapping": "L1"}, {"id": 1}, {"id": 2, "mapping": "L1", "max": 7}]
    content = {
        "meter": {"model": "eastron_sdm120", "unit": 1, "baud": 9600},
        "sharing": {"step": 4},
        "charger": chargers,
    }
    second, third = errors_of(content)
    assert second.startswith("site.toml: [[charger]] 2: [meter] model: eastron_sdm120 measures L1 only"), second
    assert third.startswith("site.toml: [[charger]] 3: [sharing] step: offers in steps of 4 A begin at 8 A"), third
    assert len(errors_of({"site": {"margin": 62}, "charger": [{"id": 0}, {"id": 1}]})) == 1


@pytest.mark.parametrize(
    "text, wanted",
    [
        (b"[site]\nfuse = " + b"[" * 600 + b"]" * 600, "nested too deep"),
        (b"[site]\nfuse = [" + b"9" * 5000 + b"]", "thousands of digits"),
        (b"[" + b"x" * 100_000 + b"]", "xxx...]: unknown section"),
        (b"[site]\n" + b"x" * 100_000 + b" = 1", "xxx...: unknown key"),
        ("[site]".encode("utf-16"), "UTF-8"),
        (b"[[load]]\namps = [x]", "line 2"),
    ],
)
def test_files_that_nobody_wrote_by_hand_get_one_short_line(tmp_path, text, wanted):
    file = tmp_path / "site.toml"
    file.write_bytes(text)
    with pytest.raises(UsageError) as refused:
        read_site(file)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{file}: ") and wanted in line and len(line) < 600


def test_a_mark_of_the_byte_order_is_no_part_of_a_file(tmp_path):
    file = tmp_path / "site.toml"
    file.write_bytes(b"\xef\xbb\xbf[site]\nfuse = [16, 16, 16]\n")
    assert read_site(file).settings["site.fuse"] == [16000] * 3


def test_no_error_tells_of_what_the_file_has_not():
    """A site that simulates a meter on a network knows where it is; here there is none."""
    for meter, key in ({"model": "homewizard_p1"}, "model"), ({"model": "eastron_sdm630", "port": 502}, "port"):
        errors = errors_of({"supply": {"mode": "static"}, "meter": meter})
        assert [error.split(":")[1:2] for error in errors] == [[f" [meter] {key}"]], errors
    (error,) = errors_of({"meter": {"model": "dsmr_p1", "transport": "udp"}})
    assert "[meter] transport: is for Modbus" in error


def test_a_charger_in_single_brackets_is_told_with_what_is_wrong_inside():
    errors = errors_of({"charger": {"max": 7, "mapping": "L4"}})
    assert errors[0] == "site.toml: charger: write it as [[charger]], once for each"
    assert any("[charger] mapping: 'L4' is not possible" in error for error in errors[1:]), errors


def test_what_was_meant_is_named():
    for content, hint in (
        (
            {"meter": {"model": "eastron_sdm63"}},
            "'eastron_sdm63' is not possible; did you mean eastron_sdm630? allowed:",
        ),
        ({"meter": {"model": "Eastron_SDM630"}}, "did you mean eastron_sdm630?"),
        ({"site": {"fuze": [25, 25, 25]}}, "[site] fuze: unknown key; did you mean fuse? known here: fuse,"),
    ):
        (error,) = errors_of(content)
        assert hint in error, error
    (error,) = errors_of({"meter": {"model": "cooking"}})
    assert "did you mean" not in error, error
