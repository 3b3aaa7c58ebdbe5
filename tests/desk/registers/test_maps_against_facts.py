"""Every register of the facts is in its table as the facts say, or named with a reason among those that are absent."""

import copy
import json

import pytest

from fairamp import managers as maps
from fairamp.box import Box
from fairamp.modbus.server import ANY_UNIT
from fairamp.settings import Settings
from tests.runtimes import ROOT

FACTS = json.loads((ROOT / "tests/facts/ems_maps.json").read_text())
KINDS = {
    "int16": "i16",
    "uint16": "u16",
    "uint16 bitfield": "u16",
    "uint32": "u32",
    "uint32 bitfield": "u32",
    "uint32 BCD hhmmss": "u32",
    "uint32 BCD ddmmyy": "u32",
    "uint64": "u64",
    "float32": "f32",
    "float64": "f64",
    "string": "ascii",
    "4 ASCII chars": "ascii",
    "ASCII": "ascii",
    "string 20 chars": "ascii",
    "string 12 hex chars": "ascii",
    "string utf16": "utf16",
}
OTHER_KIND = {"u16": "i16", "i16": "u16", "u32": "i32", "u64": "f64", "f32": "u32", "f64": "u64", "ascii": "utf16"}
PAUSES = "1 to 5 A are taken as a pause"
# Writes that the table takes although the facts do not name them: map and address, what is taken, why.
WIDER = {
    ("teltocharge", 15): ([[0, 32]], PAUSES),
    ("vestel", 5004): ([[0, 32]], PAUSES),
    ("mennekes", 1000): ([[0, 32]], PAUSES),
}
# Meanings that the table leaves out, because the box never answers them.
FEWER = {("mennekes", 600): ([1], "always 1: a master with a charger of its own")}


def numbers(values):
    """The single numbers of a list of numbers and pairs."""
    found: set = set()
    for value in values:
        found |= {value} if isinstance(value, (int, str)) else set(range(value[0], value[1] + 1))
    return found


def facts_by_bank(name, banks):
    """(rows of the table, facts about them), for each bank; a unit that does not answer here has none."""
    assert name in FACTS, "write what its manual says into tests/facts/ems_maps.json"
    for unit in FACTS[name]:
        found = [banks[number] for number in unit["units"] or [ANY_UNIT] if number in banks]
        bank = found[0] if found else banks.get(ANY_UNIT)
        assert bank, f"no unit {unit['units']}"
        yield bank, list(split(unit["registers"]))


def split(registers):
    """A register that is several words with a value each counts as so many."""
    for fact in registers:
        if fact["type"] == "3 x uint16":
            stem, *parts = fact["name"].rsplit("_", 3)
            for word, part in enumerate(parts):
                address = fact["address"] + word
                one = {"address": address, "name": stem + "_" + part, "words": 1, "type": "uint16", "order": None}
                yield {**fact, **one}
        else:
            yield fact


def grouped(name, banks):
    """For each bank: its rows, and all facts about it."""
    groups: dict = {}
    for bank, facts in facts_by_bank(name, banks):
        groups.setdefault(id(bank), (bank.rows, []))[1].extend(facts)
    assert len(groups) == len({id(bank) for bank in banks.values()})
    return list(groups.values())


def differences(name, rows, facts, absent):
    """What the table says otherwise than the facts, in words."""
    told = []
    table = {row.address: row for row in rows}
    if len(table) != len(rows):
        told.append("two rows with one address")
    for fact in facts:
        address = fact["address"]
        if (address, fact["name"]) in absent:
            if address in table:
                told.append(f"{address}: absent, and yet there")
        elif address not in table:
            told.append(f"{address}: missing")
        else:
            told += [f"{address} {fact['name']}: {text}" for text in compare(name, table[address], fact)]
    known = {fact["address"] for fact in facts}
    told += [f"{address}: not in the facts" for address in table if address not in known]
    return told


def compare(name, row, fact):
    for what, found, wanted in (
        ("name", row.name, fact["name"]),
        ("words", row.words, fact["words"]),
        ("kind", row.kind, KINDS[fact["type"]]),
        ("order", row.low_first, bool(fact["order"] and fact["order"].startswith("little"))),
        ("unit", row.unit, fact["unit"]),
        ("scale", row.scale, fact["scale"]),
        ("access", (row.get is not None, row.set is not None), ("R" in fact["access"], "W" in fact["access"])),
    ):
        if found != wanted:
            yield f"{what} is {found}, not {wanted}"
    if fact["values"] is None:
        return
    if row.set:
        stated = WIDER.get((name, fact["address"]), (fact["values"],))[0]
        if row.allowed is None or numbers(row.allowed) != numbers(stated):
            yield f"takes {row.allowed}, not {stated}"
    explained = FEWER.get((name, fact["address"]), (fact["values"],))[0]
    if row.meanings and set(row.meanings) != numbers(explained):
        yield f"explains {set(row.meanings)}, not {explained}"


def tables(name):
    dialect = maps.load(name)
    module = __import__("fairamp.managers." + name, fromlist=["DIALECT"])
    absent = {(address, of): why for address, of, why in getattr(module, "ABSENT", ())}
    box = Box(Settings())
    return box, grouped(name, dialect.banks(box)), absent


@pytest.mark.parametrize("name", maps.NAMES)
def test_the_table_says_what_the_facts_say(name):
    _, groups, absent = tables(name)
    for rows, facts in groups:
        assert differences(name, rows, facts, absent) == []


@pytest.mark.parametrize("name", maps.NAMES)
def test_what_is_absent_is_in_the_facts_and_has_a_reason(name):
    _, groups, absent = tables(name)
    known = {(fact["address"], fact["name"]) for _, facts in groups for fact in facts}
    assert set(absent) <= known
    assert all(absent.values())


@pytest.mark.parametrize("name", maps.NAMES)
def test_a_new_box_answers_within_the_facts(name):
    box, groups, _ = tables(name)
    for rows, facts in groups:
        table = {row.address: row for row in rows}
        for fact in facts:
            row = table.get(fact["address"])
            if row and row.get and row.works and fact["values"]:
                value = row.get(box)
                assert value in numbers(WIDER.get((name, row.address), (fact["values"],))[0]), (row.name, value)


@pytest.mark.parametrize("name", maps.NAMES)
def test_any_change_of_a_row_is_noticed(name):
    _, groups, absent = tables(name)
    changes = {
        "address": lambda row: row.address + 1000,
        "kind": lambda row: OTHER_KIND.get(row.kind, "u16"),
        "words": lambda row: row.words + 1,
        "low_first": lambda row: not row.low_first,
        "scale": lambda row: 10 * row.scale,
        "get": lambda row: None if row.get else len,
        "set": lambda row: None if row.set else print,
    }
    for rows, facts in groups:
        rows = list(rows)
        for index, row in enumerate(rows):
            assert differences(name, rows[:index] + rows[index + 1 :], facts, absent), row.name
            for attribute, change in changes.items():
                other = copy.copy(row)
                setattr(other, attribute, change(row))
                changed = [*rows[:index], other, *rows[index + 1 :]]
                assert differences(name, changed, facts, absent), (row.name, attribute)


@pytest.mark.parametrize("name", maps.NAMES)
def test_any_change_of_what_may_be_written_or_means_something_is_noticed(name):
    _, groups, absent = tables(name)
    for rows, facts in groups:
        stated = {fact["address"] for fact in facts if fact["values"]}
        for index, row in enumerate(rows):
            changes = {"allowed": (5000,) if row.set else None, "meanings": {5000: ""} if row.meanings else None}
            for attribute, value in changes.items():
                if value and row.address in stated:
                    other = copy.copy(row)
                    setattr(other, attribute, value)
                    changed = [*rows[:index], other, *rows[index + 1 :]]
                    assert differences(name, changed, facts, absent), (row.name, attribute)


def test_exceptions_are_about_facts():
    for (name, address), (_, why) in [*WIDER.items(), *FEWER.items()]:
        facts = [fact for unit in FACTS[name] for fact in unit["registers"] if fact["address"] == address]
        assert len(facts) == 1
        assert facts[0]["values"] and why
