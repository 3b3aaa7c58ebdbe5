"""Sums of the heap: which configuration fits where, and what is said when one does not."""

from types import SimpleNamespace

import pytest

from fairamp.settings import Settings
from fairamp_desk.chips import memory, memory_table
from fairamp_desk.chips.memory import FILES, IN_PLACE, RESERVE
from fairamp_desk.commands import boards
from tests import heap

ROWS = dict.fromkeys(heap.rows(), (1000, 500)) | {
    "application": (100000, 50000),
    "board": (10000, 5000),
    "alfen": (9000, 8000),
    "serial_alfen": (3000, 2000),
    "web": (20000, 9000),
    "check": (15000, 8000),
    "meter_p1": (-700, -300),
}
FREE = {"small": (150000, "measured"), "large": (900000, memory_table.OTHERS), "deaf": (900000, "measured")}


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Round figures."""
    monkeypatch.setattr(memory, "ROWS", ROWS)
    monkeypatch.setattr(memory, "FREE", FREE)


def board(radio: bool = True, chip: str = "esp32") -> SimpleNamespace:
    return SimpleNamespace(NAME="Small Board", WIFI=radio, CHIP=chip)


def rows(radio: bool = True, **sections: dict) -> list[str]:
    settings = Settings()
    assert settings.load({"site": {"fuse": [25, 25, 25]}, **sections}, "f") == []
    return memory.rows_of(settings, board(radio))


ALWAYS = ["application", "board"]
WIFI = {"wifi": {"name": "home"}}
NET = ["mdns", "network", "ntp"]
ALFEN_ONLY = {"serial_map": "alfen", "teltocharge_port": 0, "alfen_port": 502}
NO_WEB = {"web": {"port": 0}}


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({}, []),
        ({"meter": {"model": "dsmr_p1"}}, ["meter_p1"]),
        ({"meter": {"model": "tic_linky"}}, ["meter_tic"]),
        ({"meter": {"model": "ct"}}, ["meter_ct", "transformers"]),
        ({"meter": {"model": "push"}}, ["meter_push"]),
        ({"meter": {"model": "homewizard_p1", "host": "10.0.0.2"}}, ["meter_http"]),
        ({"meter": {"model": "socomec_e27", "host": "10.0.0.2"}}, ["meter_tcp", "meter_other"]),
        ({"meter": {"host": "10.0.0.2"}}, ["meter_tcp"]),
        ({"meter": {"model": "abb_b23", "parity": "E"}}, ["meter_other"]),
        ({"meter": {"charger_model": "abb_b23", "parity": "E"}}, ["meter_other"]),
        ({"meter": {"model": "dsmr_p1", "charger_model": "abb_b23"}}, ["meter_p1", "meter_other"]),
        ({"ems": {"serial_map": "alfen"}}, ["serial_alfen"]),
        (WIFI | NO_WEB, NET),
        (WIFI, [*NET, "web", "check"]),
        (WIFI | NO_WEB | {"clock": {"ntp": ""}}, NET[:-1]),
        (WIFI | NO_WEB | {"ems": {"alfen_port": 503, "vestel_port": 504}}, [*NET, "alfen", "vestel"]),
        (WIFI | NO_WEB | {"ems": {"serial_map": "alfen"}}, ["serial_alfen", *NET, "teltocharge"]),
        (
            WIFI | NO_WEB | {"ems": {"serial_map": "alfen", "teltocharge_port": 0, "alfen_port": 502}},
            ["serial_alfen", *NET],
        ),
    ],
)
def test_what_settings_ask_for(sections: dict, expected: list[str]) -> None:
    assert rows(**sections) == ALWAYS + expected


def test_a_board_without_radio_loads_nothing_of_a_network() -> None:
    assert rows(radio=False) == ALWAYS


def test_where_micropython_announces_the_box_ours_is_not_counted() -> None:
    settings = Settings()
    assert settings.load(WIFI | NO_WEB, "f") == []
    assert memory.rows_of(settings, board(chip="esp32s3")) == ALWAYS + NET
    for chip in ("rp2040", "rp2350"):
        assert memory.rows_of(settings, board(chip=chip)) == [*ALWAYS, "network", "ntp"]


def test_every_row_has_words_and_every_board_has_memory() -> None:
    assert set(memory.WORDS) == set(heap.rows()) | {"teltocharge"}
    assert set(memory_table.FREE) == set(boards.BOARDS)


def test_sums() -> None:
    assert memory.needed(rows(), FILES) == 110000 + RESERVE
    assert memory.needed(rows(meter={"model": "dsmr_p1"}), IN_PLACE) == 55000 - 300 + RESERVE
    # TeltoCharge anew beside Alfen in its place: 9000 - 3000.
    assert (
        memory.needed(rows(**WIFI, **NO_WEB, ems={"serial_map": "alfen"}), FILES)
        == 110000 + 3000 + 3000 + 6000 + RESERVE
    )


BOARDS = {"small": board(), "large": board(), "deaf": board(radio=False)}


def problems(place: int, free: int, **sections: dict) -> list[str]:
    settings = Settings()
    settings.load(sections, "f")
    return memory.problems(settings, "small", BOARDS, place, free)


def test_what_fits_is_no_problem() -> None:
    exactly = 110000 + RESERVE
    assert problems(FILES, exactly) == []
    assert problems(FILES, exactly - 1) != []


def test_what_does_not_fit_is_told_with_all_sums_and_ways_out() -> None:
    lines = problems(FILES, 150000, **WIFI, ems={"alfen_port": 503})
    assert lines[0] == "these settings ask for more memory than this Small Board has, from files:"
    assert "   98 KiB  application, one serial line with TeltoCharge" in lines
    assert "   30 KiB  kept free" in lines
    assert "  183 KiB  together, of 146 KiB" in lines
    assert lines[-3:] == [
        "switch off [web] port = 0 (saves 34 KiB) and [ems] alfen_port = 0 (saves 9 KiB)"
        ' and [clock] ntp = "" (saves 1 KiB)',
        "or run it in place: 110 KiB are enough then, see docs/images.md",
        "or take a board with more memory: large",
    ]


def test_one_thing_to_switch_off_is_named_alone_when_it_is_enough() -> None:
    lines = problems(FILES, 155000, **WIFI, ems={"alfen_port": 503})
    assert [line for line in lines if line.startswith("switch off")] == ["switch off [web] port = 0, saves 34 KiB"]
    # All of it together is not enough: then nothing of it is a remedy.
    lines = problems(FILES, 100000, **WIFI, ems={"alfen_port": 503})
    assert not [line for line in lines if line.startswith("switch off")]


def test_no_way_out_is_named_that_is_none() -> None:
    lines = problems(IN_PLACE, 1000)
    assert not [line for line in lines if line.startswith(("switch off", "or run"))]


def test_verdicts() -> None:
    web = WIFI | {"web": {"port": 80}}
    assert memory.verdict("small", board(), {}) == "yes"
    assert memory.verdict("small", board(), web) == "in place"
    assert memory.verdict("large", board(), web) == "yes"
    assert memory.verdict("small", board(radio=False), web) == "-"


def test_no_room_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "FREE", {"small": (50000, "measured")})
    assert memory.verdict("small", board(), {}) == "no"


def test_figures_of_others_are_marked() -> None:
    assert (memory.heap("small"), memory.heap("large")) == ("146 KiB", "879 KiB*")
