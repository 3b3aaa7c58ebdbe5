"""The search finds every simulated meter of the facts, wherever it is set, and only reads."""

import asyncio

import pytest

from fairamp import meters
from fairamp.meters import probes
from fairamp.meters.search import Search
from fairamp_box.tools import meter_search
from fairamp_box.tools.meter_search import on_line
from tests.desk.meters.facts_line import Constant, Exceptions, FactsLine, JumpingClock
from tests.desk.meters.facts_meters import METERS, FactsMeter, House

SERIAL = [id for id, meter in METERS.items() if "rtu" in meter["transport"] and meter["regs"]]
NETWORK = [id for id, meter in METERS.items() if "tcp" in meter["transport"] and meter["regs"]]
# Who cannot be told apart from another one, which is found in its place.
TWINS = {
    "garo_gnm3d": "cg_em340",
    "garo_gnm3t": "cg_em330",
    "eastron_sdm120ct": "eastron_sdm220",
    "eastron_sem3": "eastron_sdm630",
    "eastron_sdm72ct": "eastron_sdm630",
    "klefr_6934": "inepro_pro380",
    "klefr_6924": "inepro_pro1",
}
# An engineering sample with another order of words is none of the table.
SAMPLE = ("cg_em111", 111)
CODES = [
    (id, int(code))
    for id in SERIAL
    for code in METERS[id].get("ident", {}).get("values", {})
    if METERS[id]["ident"]["type"] == "uint16" and (id, int(code)) != SAMPLE
]


def search(meters_of_line, all=False):
    clock = JumpingClock()
    line = FactsLine(clock, meters_of_line)
    return asyncio.run(on_line(line, clock, lambda *_: None, all)), line


def serial(id, unit=None):
    way = METERS[id]["serial"]
    return (unit or way["unit"], way["baud"], way["parity"], way["stopbits"])


def places(done):
    return [(found.model.id, found.unit, *found.line) for found in done.found]


@pytest.mark.parametrize("id", SERIAL)
@pytest.mark.parametrize("unit", [None, 3, 247])
@pytest.mark.parametrize("exceptions", [False, True])
def test_every_meter_is_found(id, unit, exceptions):
    place = serial(id, unit)
    meter = FactsMeter(id, exceptions=exceptions, unit=place[0])
    done, line = search({place: meter})
    assert places(done) == [(TWINS.get(id, id), *place)]
    assert done.strangers == []
    if id in TWINS:
        assert meters.find(id).name in done.found[0].note
    if "current_l1" not in METERS[id]["regs"]:
        assert "cannot protect a fuse" in done.found[0].note
    assert {function for _, _, function, _, _ in line.asked} <= {3, 4}


@pytest.mark.parametrize(("id", "code"), CODES)
def test_every_code_is_known(id, code):
    meter = FactsMeter(id)
    meter.extra = {METERS[id]["ident"]["addr"]: code}
    done, _ = search({serial(id): meter})
    assert places(done) == [(TWINS.get(id, id), *serial(id))]


def test_an_eastron_that_does_not_tell_its_code_is_taken_for_an_sdm630():
    meter = FactsMeter("eastron_sdm630")
    meter.facts = {**meter.facts, "ident": {**meter.facts["ident"], "values": {}}}
    (found,) = search({serial("eastron_sdm630"): meter})[0].found
    assert found.model.id == "eastron_sdm630"
    assert found.note.endswith("either will do; but if it is Eastron SDM72CT, set eastron_sdm72ct"), found.note


@pytest.mark.parametrize("id", ["abb_b23", "klefr_6934", "siemens_pac1600", "cg_em340", "eastron_sdm120"])
@pytest.mark.parametrize("way", [(9600, "N", 1), (9600, "E", 1), (19200, "N", 1), (19200, "E", 1)])
def test_other_settings_of_the_line_are_found(id, way):
    done, line = search({(5, *way): FactsMeter(id, unit=5)})
    assert places(done) == [(TWINS.get(id, id), 5, *way)]
    assert line.line == way


@pytest.mark.parametrize("amps", [[0.0, 0.0, 0.0], [-16.0, 20.0, -0.5]])
@pytest.mark.parametrize("id", SERIAL)
def test_the_load_does_not_matter(id, amps):
    done, _ = search({serial(id): FactsMeter(id, House(amps=amps))})
    assert places(done) == [(TWINS.get(id, id), *serial(id))]


@pytest.mark.parametrize("volts", [[230.0, 0.0, 0.0], [230.0, 229.0, 0.0]])
def test_phases_without_voltage(volts):
    for id in ("eastron_sdm630", "cg_em340", "abb_b23", "chint_dtsu666", "acrel_adl400", "siemens_pac2200"):
        done, _ = search({serial(id): FactsMeter(id, House(volts=volts))})
        assert places(done) == [(id, *serial(id))]


@pytest.mark.parametrize(
    ("house", "text"),
    [
        (House(hertz=40.0), "frequency = 40.0 Hz cannot be"),
        (House(hertz=70.0), "frequency = 70.0 Hz cannot be"),
        (House(volts=[60.0, 230.0, 230.0]), "voltage L1 = 60.0 V cannot be"),
        (House(volts=[230.0, 230.0, 320.0]), "voltage L3 = 320.0 V cannot be"),
    ],
)
def test_values_that_no_mains_has_are_no_meter(house, text):
    done, _ = search({serial("eastron_sdm630"): FactsMeter("eastron_sdm630", house)})
    assert done.found == []
    (stranger,) = done.strangers
    assert stranger.startswith("a Modbus device at address 1, 9600 8N1, that is none of the table: use custom")
    assert f"Eastron SDM630, but {text}" in stranger


def test_old_meters_with_ten_times_the_frequency():
    done, _ = search({serial("eastron_sdm630"): FactsMeter("eastron_sdm630", House(hertz=500.0))})
    assert places(done) == [("eastron_sdm630", *serial("eastron_sdm630"))]


@pytest.mark.parametrize("id", ["eastron_sdm120", "siemens_pac2200"])
def test_who_is_there_gets_the_time_for_a_long_answer(id, monkeypatch):
    made = []

    class Noting(meter_search.RtuLink):
        def __init__(self, port, clock, baud, parity, stop, timeout):
            made.append((baud, timeout))
            super().__init__(port, clock, baud, parity, stop, timeout)

    monkeypatch.setattr(meter_search, "RtuLink", Noting)
    done, _ = search({serial(id): FactsMeter(id)})
    assert done.found[0].model.id == id
    *others, (baud, timeout) = made
    assert {timeout for _, timeout in others} == {300}
    assert timeout >= 300 + 255 * 11 * 1000 / baud


def test_nobody_there():
    done, line = search({})
    assert (done.found, done.strangers) == ([], [])
    assert done.done == done.total
    assert {(unit, way) for way, unit, *_ in line.asked} >= {
        (unit, way) for way in probes.LINES for unit in range(1, 248)
    }


def test_strangers_do_not_end_the_search():
    done, _ = search(
        {
            (1, 9600, "N", 1): Exceptions(),
            (2, 9600, "N", 1): Constant(1000),
            (3, 9600, "N", 1): Exceptions(11),  # a gateway with nobody behind it
            (9, 9600, "E", 1): FactsMeter("abb_b23"),
        }
    )
    assert places(done) == [("abb_b23", 9, 9600, "E", 1)]
    assert [text[:44] for text in done.strangers] == [
        f"a Modbus device at address {unit}, 9600 8N1, that" for unit in (1, 2)
    ]


@pytest.mark.parametrize("word", [0, 1, 5, 500, 2300, 5000, 0x4248, 0x7FFF, 0xFFFF])
def test_a_device_that_is_no_meter(word):
    done, line = search({(1, 9600, "N", 1): Constant(word)})
    assert done.found == []
    assert len(done.strangers) == 1
    asked = {
        (function, register) for way, unit, function, register, _ in line.asked if (unit, way) == (1, (9600, "N", 1))
    }
    assert {(probe.function, probe.register) for probe in probes.ALL} <= asked


def test_all_meters_of_a_line():
    devices = {serial(id): FactsMeter(id) for id in ("cg_em340", "abb_b23", "smartstuff_p1_rtu", "siemens_pac2200")}
    devices[(77, 9600, "N", 1)] = FactsMeter("eastron_sdm630", unit=77)
    done, _ = search(devices, all=True)
    assert {place[:2] for place in places(done)} == {
        ("cg_em340", 1),
        ("abb_b23", 1),
        ("smartstuff_p1_rtu", 43),
        ("siemens_pac2200", 126),
        ("eastron_sdm630", 77),
    }
    assert done.done == done.total


def on_network(devices, all=False):
    """The search without a network; `devices`: by unit, None = answers at every one."""
    done = Search(network=True, all=all)
    while done.question is not None:
        _, unit, function, register, count = done.question
        device = devices.get(unit) or devices.get(None)
        if device is None:
            done.tell(None)
            continue
        reply = device.reply(bytes([function, register >> 8, register & 255, count >> 8, count & 255]))
        done.tell(reply[1] if reply[0] & 0x80 else reply[2:])
    return done


@pytest.mark.parametrize("id", NETWORK)
@pytest.mark.parametrize("anywhere", [False, True])
@pytest.mark.parametrize("exceptions", [False, True])
def test_every_meter_on_a_network_is_found(id, anywhere, exceptions):
    unit = METERS[id]["tcp"]["unit"]
    done = on_network({None if anywhere else unit: FactsMeter(id, exceptions=exceptions, unit=unit)})
    assert [(found.model.id, found.unit, found.line) for found in done.found] == [(TWINS.get(id, id), unit, None)]


@pytest.mark.parametrize("id", ["cg_em340", "abb_b23", "smartstuff_p1_rtu"])
def test_meters_behind_a_gateway(id):
    unit = METERS[id]["serial"]["unit"]
    nobody = Exceptions(11)
    done = on_network({None: nobody, unit: FactsMeter(id)})
    assert [(found.model.id, found.unit) for found in done.found] == [(id, unit)]
    assert done.strangers == []


def test_nobody_on_a_network():
    assert on_network({}).found == []
    assert len(on_network({None: Exceptions()}).strangers) == len(probes.UNITS)
