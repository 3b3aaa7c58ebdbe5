"""Every Modbus meter of the facts: simulated server, the box's own reader, and the reading equals the house."""

import asyncio

import pytest

from fairamp import meters
from fairamp.meters import model as quantities
from fairamp.meters.decode import Decoder
from fairamp.meters.draft import Draft
from fairamp.meters.model import addresses
from fairamp.meters.reading import Reading
from fairamp.meters.sieve import Half, Implausible, Sieve
from fairamp.modbus.client import BadReply, Refused
from fairamp.modbus.table import KINDS
from fairamp_box.meters.modbus_source import ModbusSource
from tests.desk.meters.facts_meters import METERS, MODBUS, FactsMeter, House

TYPES = {"int": "i", "uint": "u", "float": "f"}


class FactsLink:
    """Carries requests straight to a simulated meter."""

    def __init__(self, meter):
        self.meter = meter

    async def fetch(self, unit, function, address, count):
        reply = self.meter.reply(bytes([function, address >> 8, address & 255, count >> 8, count & 255]))
        if reply[0] & 0x80:
            raise Refused(reply[1])
        return reply, 2


def read(id, meter, rounds=1):
    source = ModbusSource(FactsLink(meter), meters.find(id), 1)
    draft, reading = Draft(), Reading()
    for now in range(rounds):
        asyncio.run(source.read(draft))
        Sieve([25000] * 3, 230).sift(draft, reading, now)
    return reading, source


@pytest.mark.parametrize("id", MODBUS)
@pytest.mark.parametrize("amps", [[7.25, -3.5, 0.75], [0.0, 0.0, 0.0], [-16.0, -16.5, 20.0]])
@pytest.mark.parametrize("exceptions", [False, True])
def test_the_reading_equals_the_house(id, amps, exceptions):
    house = House(amps=amps)
    meter = FactsMeter(id, house, exceptions=exceptions)
    facts = METERS[id]["regs"]
    if id in ("siemens_pac2200", "siemens_pac3200"):
        # The second tariff, which the facts tell in a note.
        meter.extra = dict.fromkeys((*range(805, 809), *range(813, 817)), 0)
    if "current_l1" not in facts:
        with pytest.raises(Half):
            read(id, meter)
        return
    reading, _ = read(id, meter)
    for phase in range(METERS[id]["phases"]):
        step = facts[f"current_l{phase + 1}"]["scale"] if "int" in facts[f"current_l{phase + 1}"]["type"] else 0.001
        assert reading.current_ma[phase] / 1000 == pytest.approx(house.amps[phase], abs=step)
        assert reading.voltage_mv[phase] / 1000 == pytest.approx(house.volts[phase], abs=0.1)
        assert reading.power_w[phase] == pytest.approx(house.watts(phase), abs=10)
    assert reading.energy_wh == pytest.approx(1000 * house.kwh, abs=100)
    exported = house.kwh_out if "energy_export" in facts else 0
    assert reading.export_wh == pytest.approx(1000 * exported, abs=100)
    assert reading.total_w == pytest.approx(sum(house.watts(phase) for phase in range(METERS[id]["phases"])), abs=10)
    if "frequency" in facts:
        assert reading.frequency_chz == 5000
    assert reading.phases == METERS[id]["phases"]


@pytest.mark.parametrize(("id", "set_on_meter"), [("sdm120ct", "sdm120"), ("sdm72ct", "sdm72d_v2")])
def test_coils_of_100_to_1_are_read_as_such_or_as_set_on_the_meter(id, set_on_meter):
    house = House(amps=[16.0, 12.0, -8.0])
    meter = FactsMeter("eastron_" + id, house)
    reading, _ = read("eastron_" + id, meter)
    assert reading.current_ma[0] == pytest.approx(16000, abs=1)
    assert reading.power_w[0] == pytest.approx(house.watts(0), abs=10)
    meter.ct = 1
    reading, _ = read("eastron_" + set_on_meter, meter)
    assert reading.current_ma[0] == 16000


def test_a_meter_that_knows_its_coils_already_is_not_believed_with_them():
    meter = FactsMeter("eastron_sdm72ct", House(amps=[16.0, 12.0, -8.0]))
    meter.ct = 1
    with pytest.raises(Implausible):
        read("eastron_sdm72ct", meter)


@pytest.mark.parametrize("id", MODBUS)
def test_the_total_belongs_to_the_same_reading_as_the_phases(id):
    """A house that gets busy between two readings: what is read seldom must not stand beside the new phases."""
    house = House(amps=[7.25, 3.5, 0.75])
    source = ModbusSource(FactsLink(FactsMeter(id, house)), meters.find(id), 1)
    if not meters.find(id).per_phase():
        pytest.skip("it tells no phases")
    draft, reading, sieve = Draft(), Reading(), Sieve([25000] * 3, 230)
    for now in range(3):
        house.amps = [amps + 5 for amps in house.amps]
        asyncio.run(source.read(draft))
        sieve.sift(draft, reading, now)
        assert reading.total_w == pytest.approx(sum(reading.power_w), abs=10)


def test_no_entry_of_the_facts_is_missing_from_the_table():
    ours = {"ct_clamps" if id == "ct" else id for id in meters.IDS}
    assert set(METERS) <= ours
    assert ours - set(METERS) == {"push", "custom"}


@pytest.mark.parametrize("id", MODBUS)
def test_a_row_says_what_the_facts_say(id):
    facts, ours = METERS[id], meters.find(id)
    assert (ours.phases, ours.function, ours.most) == (facts["phases"], facts["fc"], facts["max_words"])
    assert ours.low_first == (facts["word_order"] == "lsw_first")
    serial = facts.get("serial") if "rtu" in facts["transport"] else None
    assert ours.serial == (serial and (serial["unit"], serial["baud"], serial["parity"], serial["stopbits"]))
    tcp = facts.get("tcp") if "tcp" in facts["transport"] else None
    assert ours.tcp == (tcp and (tcp["port"], tcp["unit"]))
    by_address = {register["addr"]: register for register in facts["regs"].values()}
    for value in ours.values:
        for register in addresses(value, ours.phases):
            if register in by_address:
                kind = by_address[register]["type"]
                assert value[3] == TYPES[kind.rstrip("0123456789")] + kind.lstrip("floatuin"), register
                assert KINDS[value[3]][0] == by_address[register]["words"]
            else:
                # The second tariff of a PAC stands in a note of the facts.
                assert ours.name.startswith("Siemens") and value[0] in (quantities.IMPORT, quantities.EXPORT)


@pytest.mark.parametrize("id", [id for id in MODBUS if METERS[id].get("fast_poll")])
def test_balancing_needs_no_more_requests_than_the_facts_do(id):
    facts = METERS[id]
    needed = [block for block in facts["fast_poll"] if block != [65, 2] and block != [52, 2] and block != [57, 2]]
    decoder = Decoder(meters.find(id))
    if meters.find(id).per_phase():
        assert len(decoder.fast) <= max(1, len(needed))
    for block in decoder.fast + decoder.slow:
        assert block.count <= facts["max_words"]


@pytest.mark.parametrize("id", [id for id in MODBUS if METERS[id].get("invalid")])
def test_what_is_not_measured_is_refused_by_name(id):
    meter = FactsMeter(id)
    register = METERS[id]["regs"]["current_l1"]
    words = [0xFFFF] * register["words"]
    if register["type"].startswith("int"):
        words[-1 if METERS[id]["word_order"] == "lsw_first" else 0] = 0x7FFF
    meter.extra = {register["addr"] + at: word for at, word in enumerate(words)}
    with pytest.raises(Exception, match="current L1 = not measured"):
        read(id, meter)


def test_an_energy_that_is_not_counted_is_no_reason_to_go_without_a_current():
    meter = FactsMeter("abb_b23")
    meter.extra = {20484 + at: 0xFFFF for at in range(4)}
    reading, _ = read("abb_b23", meter)
    assert reading.export_wh == 0
    assert reading.current_ma == [7250, -3500, 750]


def test_ratios_of_transformers_are_taken_into_account():
    for id in ("chint_dtsu666", "acrel_adl3000"):
        meter = FactsMeter(id, House(amps=[20.0, -10.0, 5.0]))
        meter.ct = 10
        reading, _ = read(id, meter)
        assert reading.current_ma == [20000, -10000, 5000]
        assert reading.power_w[1] == pytest.approx(-2290, abs=10)


def test_a_meter_that_cannot_see_export_is_named():
    for id, register in (("cg_em24_rtu", 4353), ("cg_em340", 4355)):
        meter = FactsMeter(id)
        meter.extra = {register: 0}
        _, source = read(id, meter)
        assert "cannot see export" in source.hints[0]
        assert read(id, FactsMeter(id))[1].hints == []


def test_a_one_phase_meter_that_fills_the_registers_of_l1_only():
    meter = FactsMeter("klefr_6924")
    words = meter.words()
    # What stands at 0x5000, 0x500A and 0x5012 in the facts stands two registers further on here.
    moved = {
        address + 2: word
        for address, word in words.items()
        if address in (*range(0x5000, 0x5002), *range(0x500A, 0x500C), *range(0x5012, 0x5014))
    }
    meter.extra = {**dict.fromkeys((0x5000, 0x5001, 0x500A, 0x500B, 0x5012, 0x5013), 0), **moved}
    meter.facts = {
        **meter.facts,
        "regs": {name: value for name, value in meter.facts["regs"].items() if name in ("frequency", "energy_import")},
    }
    reading, _ = read("klefr_6924", meter)
    assert reading.current_ma[0] == 7250


def test_a_meter_that_refuses_what_lies_between_its_values():
    meter = FactsMeter("shelly_pro3em_modbus", exceptions=True)
    read("shelly_pro3em_modbus", meter)
    assert (4, 1013, 53) in meter.requests
    assert (4, 1022, 4) in meter.requests


def test_slow_values_are_asked_for_now_and_then():
    meter = FactsMeter("eastron_sdm630")
    read("eastron_sdm630", meter, rounds=11)
    assert meter.requests.count((4, 0, 18)) == 11
    assert meter.requests.count((4, 70, 6)) == 2


def test_a_refusal_of_the_values_themselves_is_an_error():
    meter = FactsMeter("eastron_sdm630")
    meter.facts = {**meter.facts, "regs": {"frequency": meter.facts["regs"]["frequency"]}}
    with pytest.raises(BadReply):
        read("eastron_sdm630", meter)
