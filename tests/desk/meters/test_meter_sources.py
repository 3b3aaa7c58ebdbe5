"""Every way to a house meter, in the twin: real bytes on a wire or a connection, with good values and with faults."""

import asyncio
import json
import urllib.error
import urllib.request

import pytest

from fairamp.sharing.coordinator import LIVE, LOST
from fairamp_box.features.web.server import WebServer
from fairamp_box.io.streams import Door
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin

HOUSE = [8.0, -4.0, 3.0]
SPEED = 10


def play(meter, seconds, script=(), amps=HOUSE, extra=(), **more):
    """Runs a twin; `script` is [(second, function of the twin)], and what they return comes back."""
    content = {"meter": meter, "load": [{"at": 0, "amps": amps}], "event": list(extra), **more}
    twin = Twin(check_site(content, "test"), SPEED)
    found = []

    async def run():
        running = asyncio.create_task(twin.run())
        try:
            for second, look in script:
                while twin.world.ms < 1000 * second:
                    await asyncio.sleep(0.01)
                    if running.done():
                        await running
                result = look(twin)
                found.append(await result if asyncio.iscoroutine(result) else result)
            while twin.world.ms < 1000 * seconds:
                await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(run())
    finally:
        twin.close()
    return twin, found


def current(twin):
    return [ma / 1000 for ma in twin.app.box.coordinator.grid.current_ma]


@pytest.mark.parametrize(
    "meter, wanted",
    [
        ({"model": "eastron_sdm630"}, HOUSE),
        ({"model": "siemens_pac2200", "baud": 19200, "stop": 2}, HOUSE),
        ({"model": "acrel_adl400", "line": "ems"}, HOUSE),
        ({"model": "eastron_sdm72ct"}, HOUSE),
        ({"model": "socomec_e27"}, HOUSE),
        ({"model": "eastron_sdm630", "host": "127.0.0.1"}, HOUSE),
        ({"model": "smartstuff_p1_tcp"}, HOUSE),
        ({"model": "homewizard_p1"}, HOUSE),
        ({"model": "shelly_pro3em_http"}, HOUSE),
        ({"model": "shelly_3em_http"}, HOUSE),
        ({"model": "dsmr_p1"}, HOUSE),
        # Clamps have no direction.
        ({"model": "ct"}, [8.0, 4.0, 3.0]),
        # A TIC cannot tell on which phase the house exports while it imports in total.
        ({"model": "tic_linky"}, [8.0, 4.0, 3.0]),
        (
            {
                "model": "custom",
                "custom": {
                    "unit": 9,
                    "registers": {
                        "current": {"address": 10, "step": 2, "type": "uint32", "scale": 0.001},
                        "power": {"address": 20, "step": 1, "type": "int16", "scale": 1},
                    },
                },
            },
            HOUSE,
        ),
    ],
    ids=lambda value: value.get("model", "") + value.get("host", "") if isinstance(value, dict) else "",
)
def test_the_house_arrives(meter, wanted):
    twin, (live, shown) = play(meter, 8, [(6, lambda twin: twin.app.box.coordinator.meter), (7, current)])
    near = 0.3 if meter["model"] == "ct" else 0.05
    assert shown == pytest.approx(wanted, abs=near), twin.app.log.entries
    assert live == LIVE
    assert twin.app.box.coordinator.grid.number >= 3


@pytest.mark.parametrize("location", ["including", "excluding"])
@pytest.mark.parametrize("amps, offered", [(7.5, 12000), (-9.5, 20000)])
def test_two_clamps_for_house_and_sun(location, amps, offered):
    """A car on L1 may have what the fuse of 20 A leaves, and with the sun all that the fuse bears."""
    twin, (shown,) = play(
        {"model": "ct", "location": location},
        30,
        [
            (
                29,
                lambda twin: (
                    current(twin),
                    twin.app.box.socket.report.draw_ma[0] / 1000,
                    twin.app.box.socket.commitment.offered_ma,
                ),
            )
        ],
        amps=[amps, 0, 0],
        ct={"solar": True, "clamps": 2},
        site={"fuse": [20, 20, 20]},
        charger=[{"mapping": "L1"}],
        car=[{"phases": 1, "max": 32}],
    )
    (grid, *others), draw, offer = shown
    assert draw > 8 and others == [0, 0]
    # The waves of house and sun are not alike, and what they differ by flows too.
    near = 0.3 if amps > 0 else 1.5
    assert grid == pytest.approx(amps + (draw if location == "including" else 0), abs=near), twin.app.log.entries
    assert offer == pytest.approx(offered, abs=1000)


@pytest.mark.parametrize(
    "model", ["eastron_sdm630", "socomec_e27", "dsmr_p1", "tic_linky", "homewizard_p1", "shelly_pro3em_http"]
)
def test_a_meter_that_is_lost_and_comes_back(model):
    script = [
        (6, lambda twin: twin.app.box.coordinator.meter),
        (24, lambda twin: (twin.app.box.coordinator.meter, list(twin.app.box.coordinator.budget_ma))),
    ]
    events = [{"at": 7, "what": "meter_lost"}, {"at": 26, "what": "meter_back"}]
    twin, found = play({"model": model}, 70 if model == "socomec_e27" else 42, script, extra=events)
    text = "\n".join(twin.app.log.entries)
    assert found == [LIVE, (LOST, [6000, 6000, 6000])], text
    assert twin.app.box.coordinator.meter == LIVE, text
    assert "warning: house meter lost: safe current of 6 A" in text
    assert "back after" in text
    if model == "socomec_e27":
        # The message names unit and peer.
        settings = twin.app.settings
        peer = f"{settings['meter.host']}:{settings['meter.port']}"
        assert f"house meter (Socomec COUNTIS E27 at address 5 of {peer}): back after " in text


@pytest.mark.parametrize("model, seconds", [("eastron_sdm630", 19), ("homewizard_p1", 85)])
def test_a_frozen_meter_is_lost(model, seconds):
    script = [(6, lambda twin: twin.app.box.coordinator.meter)]
    twin, found = play({"model": model}, seconds, script, extra=[{"at": 5, "what": "meter_frozen"}])
    assert found == [LIVE]
    assert twin.app.box.coordinator.meter == LOST
    assert "frozen" in twin.app.box.coordinator.grid.problem
    assert any("warning: house meter lost" in line and "same values" in line for line in twin.app.log.entries)


def test_a_dongle_whose_own_clock_stands_still_is_lost():
    twin, _ = play({"model": "smartstuff_p1_tcp"}, 14, extra=[{"at": 5, "what": "meter_frozen"}])
    assert twin.app.box.coordinator.meter == LOST


@pytest.mark.parametrize("what, wanted", [("meter_reversed", [-8.0, 4.0, -3.0]), ("meter_swapped", [-4.0, 8.0, 3.0])])
def test_clamps_the_wrong_way(what, wanted):
    _, (before, after) = play(
        {"model": "eastron_sdm630"}, 9, [(4, current), (8, current)], extra=[{"at": 5, "what": what}]
    )
    assert (before, after) == (pytest.approx(HOUSE), pytest.approx(wanted))


def test_a_slow_meter_is_no_meter():
    twin, _ = play({"model": "eastron_sdm630"}, 14, extra=[{"at": 5, "what": "meter_slow"}])
    assert twin.app.box.coordinator.meter == LOST
    assert "no answer in 500 ms" in twin.app.box.coordinator.grid.problem


def test_a_clamp_that_clips_is_named():
    twin, _ = play({"model": "ct"}, 6, amps=[190.0, 4.0, 3.0])
    assert "L1 clips" in twin.app.box.coordinator.grid.problem


def test_values_that_somebody_pushes():
    async def post(twin, body):
        server = await WebServer(twin.app.box, twin.app.inlets).start(Door("web", "127.0.0.1", 0))
        port = server.sockets[0].getsockname()[1]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/meter", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            return (await asyncio.to_thread(urllib.request.urlopen, request)).status
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["error"]

    script = [
        (1, lambda twin: post(twin, {"current_a": [1, -2.5, 3], "power_w": [230, -575, 690]})),
        (2, current),
        (3, lambda twin: post(twin, {"current_a": [1, "x", 3]})),
    ]
    _, (status, shown, (code, error)) = play({"model": "push"}, 4, script)
    assert status == 204
    assert shown == [1.0, -2.5, 3.0]
    assert code == 400
    assert "current_a" in error
