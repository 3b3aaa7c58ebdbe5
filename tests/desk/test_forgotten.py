"""Whoever forgets a step of docs/extend.md is told which one, and where."""

import importlib

import pytest

from fairamp import managers, meters
from fairamp_desk import docs, forgotten


def test_nothing_is_forgotten():
    assert forgotten.everything() == []


def test_a_dialect_without_anything_is_told_all_it_lacks(monkeypatch):
    monkeypatch.setattr(managers, "NAMES", (*managers.NAMES, "newcomer"))
    told = list(forgotten.of_dialects())
    assert all(line.startswith("dialect newcomer: ") for line in told) and len(told) == 10
    for part in (
        "row ems.newcomer_port",
        "serial_map",
        "features.py",
        "PORTS",
        "TITLES",
        "INTROS",
        "MANNERS",
        "tests.heap",
    ):
        assert [line for line in told if part in line], part
    for row in ("newcomer", "serial_newcomer"):
        assert f"dialect newcomer: no {row} in WORDS of host/fairamp_desk/chips/memory_table.py" in told


def test_a_dialect_that_is_not_in_the_list(monkeypatch):
    last = managers.NAMES[-1]
    monkeypatch.setattr(managers, "NAMES", managers.NAMES[:-1])
    assert list(forgotten.of_dialects()) == [
        f"dialect {last}: not in NAMES of shared/fairamp/managers/__init__.py",
        *2 * [f"dialect {last}: a port or a choice of ems.serial_map is left, but NAMES does not have it"],
    ]


def test_a_family_and_a_meter_that_are_not_in_the_list(monkeypatch):
    monkeypatch.setattr(meters, "FAMILIES", (("abb", "abb_b99"),))
    told = list(forgotten.of_meters())
    assert "meter socomec_e27: not in FAMILIES of shared/fairamp/meters/__init__.py, behind 'network'" in told
    assert "meter abb_b99: no row in MODELS of shared/fairamp/meters/abb.py" in told


def test_a_setting_that_nobody_explains_ends_make_docs_before_it_writes(monkeypatch):
    # The one that is loaded now: other tests let a box forget its tables.
    settings = importlib.import_module("fairamp.settings.registers")
    monkeypatch.setattr(settings, "HELP", {**settings.HELP, "peers": ""})
    with pytest.raises(SystemExit, match=r"setting ems\.peers: no line in HELP of shared/.*/registers.py"):
        docs.main([])
