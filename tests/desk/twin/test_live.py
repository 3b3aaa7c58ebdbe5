"""The live view: in any terminal it shows what matters, and its sums add up."""

import asyncio
import io
import re

import pytest
from rich.console import Console

from fairamp_desk.live import view
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin

ENDPOINTS = ["modbus-tcp teltocharge 127.0.0.1:1502", "http http://127.0.0.1:8080"]
CHARGERS = 24
# All that charge, wait, and are empty: every second one has a car; charger 3 is not heard.
SITE = {
    "site": {"fuse": [63, 63, 63], "headroom": 2},
    "load": [{"amps": [7, 2, 3]}],
    "charger": [{"id": id} for id in range(CHARGERS)],
    "car": [{"charger": id, "arrives": 1 + id} for id in range(0, CHARGERS, 2)],
    "event": [{"at": 3, "what": "network_lost", "charger": 3}],
}
SIZES = [(200, 60), (96, 24), (80, 25), (60, 20), (44, 16), (40, 20), (39, 20), (30, 20), (24, 16), (20, 20)]


def shown(content: dict, sizes: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What terminals of these sizes show of it after half a minute."""
    twin = Twin(check_site(content, "test"), speed=10)
    texts = {}

    async def watch() -> None:
        running = asyncio.create_task(twin.run())
        while twin.world.ms < 30_000:
            await asyncio.sleep(0.05)
        for width, height in sizes:
            console = Console(width=width, height=height, file=(file := io.StringIO()), color_system=None)
            console.print(view(twin, ENDPOINTS, width, height))
            texts[width, height] = file.getvalue()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(watch())
    finally:
        twin.close()
    return texts


@pytest.fixture(scope="module")
def crowd() -> dict[tuple[int, int], str]:
    return shown(SITE, SIZES)


@pytest.mark.parametrize("size", SIZES)
def test_many_chargers_fit_any_terminal_and_log_and_endpoints_stay(crowd, size) -> None:
    lines = crowd[size].splitlines()
    width, height = size
    assert len(lines) <= height and max(map(len, lines)) <= width
    assert sum(re.match(r"(│ )?(modbus-tcp|http)\b", line) is not None for line in lines) == 2
    # Entries of the log begin with their seconds.
    assert sum(re.match(r"\d+\.\d", line) is not None for line in lines) >= 2
    assert lines[-1] == "Ctrl-C ends it."


@pytest.mark.parametrize("width", [39, 30, 24, 20])
def test_a_narrow_terminal_shows_every_value_whole(width) -> None:
    (text,) = shown({"site": {"fuse": [25, 25, 25]}, "car": [{"arrives": 1}]}, [(width, 40)]).values()
    one_line = " ".join(text.split())
    for whole in (
        "charger 0: C2: charging, ",
        " A, duty ",
        "draw: 16.0 A per phase, ",
        " Wh in this session",
        "limited by: the car draws no more",
        "modbus-tcp: teltocharge 127.0.0.1:1502",
    ):
        assert whole in one_line, text
    assert len(re.findall(r"L\d +\+\d+\.\d A +25 A", text)) == 3


def test_what_the_frame_has_no_space_for_says_that_it_goes_on() -> None:
    (text,) = shown({"site": {"fuse": [25, 25, 25]}, "car": [{"arrives": 1}]}, [(41, 30)]).values()
    cut = [line for line in text.splitlines() if line.startswith("│ house meter")]
    assert re.search(r"live, \d+ readings,.*… │$", cut[0]), cut


def test_the_chargers_that_matter_are_named_and_the_empty_ones_counted(crowd) -> None:
    wide, usual = crowd[200, 60], crowd[96, 24]
    assert all(f"charger {id} " in wide for id in range(2, CHARGERS, 2))
    (lost,) = [line for line in usual.splitlines() if "charger 3 " in line]
    assert "not heard" in lost
    assert re.search(r"11 others +no car", usual)
    assert re.search(r"and \d+ more with a car", usual) and "more with a car" not in wide
    # An empty socket has nothing that limits it.
    assert "charger 1 " not in wide


def test_house_and_chargers_add_up_and_the_limit_is_the_one_that_holds(crowd) -> None:
    rows = re.findall(r"│ L\d +(\S+) A +(\S+) A +(\S+) A .* (\S+) A of (\S+) A", crowd[96, 24])
    assert len(rows) == 3
    for house, chargers, together, limit, fuse in rows:
        assert abs(float(house) + float(chargers) - float(together)) < 0.11
        assert (limit, fuse) == ("61", "63")
    assert float(rows[0][1]) > 6


def test_subscribed_power_below_the_fuse_is_the_limit_that_is_shown() -> None:
    twin = Twin(check_site({"site": {"fuse": [80, 80, 80]}}, "test"))
    try:
        twin.app.box.coordinator.headroom.update(None, False, False, contract_ma=60000)
        console = Console(width=96, height=24, file=(file := io.StringIO()), color_system=None)
        console.print(view(twin, ENDPOINTS, 96, 24))
    finally:
        twin.close()
    assert file.getvalue().count("60 A of 80 A") == 3


def test_a_charger_without_a_car_is_not_limited_by_anything() -> None:
    (text,) = shown({"site": {"fuse": [25, 25, 25]}}, [(96, 24)]).values()
    assert "A: no car" in text and "load balance" not in text


def test_that_nothing_is_kept_without_the_network_is_seen_whole_for_as_long_as_it_runs(crowd) -> None:
    """In the log it would be cut, and soon be gone."""
    said = (
        "who loses the network pauses: safe currents of 24 chargers: 24 x 6 = 144 A on L1, more than the 61 A that "
        "fuse, margin, headroom, fallback and feeder leave there; set [charger] safe of those that shall go on"
    )
    for size in ((200, 60), (96, 24)):
        assert said in " ".join(crowd[size].split()), size
    assert "who loses the network pauses" in crowd[80, 25]
