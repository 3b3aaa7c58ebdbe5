"""The twin reads a meter that is not its own: a real one, or one that somebody else simulates."""

import asyncio
import re

import pytest

from fairamp.sharing.coordinator import LIVE
from fairamp_desk import cli
from fairamp_desk.errors import Failure, UsageError
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin
from tests.desk.commands.meter_command import on_a_line, on_the_network, stranger, telegrams
from tests.desk.meters.facts_meters import FACTS, FactsMeter, House

SPEED = 10
READY_MS = 5000


async def house(meter):
    """What the twin takes for its house, in mA, with this meter."""
    content = {"meter": meter, "load": [{"at": 0, "amps": [1, 1, 1]}], "car": [{}]}
    twin = Twin(check_site(content, "test"), SPEED)
    running = asyncio.create_task(twin.run())
    coordinator = twin.app.box.coordinator
    try:
        while twin.world.ms < READY_MS or coordinator.meter != LIVE:
            await asyncio.sleep(0.02)
            if running.done():
                await running
        # It does not see the simulated car: what it shows is house.
        assert coordinator.grid.current_ma == coordinator.house.ma
        return list(coordinator.house.ma)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        twin.close()


def read(meter):
    return asyncio.run(asyncio.wait_for(house(meter), 30))


def test_it_reads_a_meter_that_somebody_else_simulates():
    with on_the_network(stranger("socomec_e27", House(amps=[12.0, -4.0, 3.0]))) as port:
        assert read({"model": "socomec_e27", "port": port}) == [12000, -4000, 3000]


def test_it_reads_a_meter_on_a_serial_port_of_this_computer():
    """The charger's own meter stays a simulated one, on a line of its own."""
    with on_a_line({3: FactsMeter("abb_b23", House(amps=[12.0, -4.0, 3.0]), unit=3)}) as port:
        assert read({"model": "abb_b23", "port": port, "unit": 3}) == [12000, -4000, 3000]


def test_it_reads_telegrams_on_a_serial_port_of_this_computer():
    with telegrams((FACTS.parent / "sample_dsmr5.txt").read_bytes(), 0.05) as port:
        l1, l2, _ = read({"model": "dsmr_p1", "port": port})
    assert l1 > 0 > l2


def test_a_serial_port_that_cannot_be_is_told_before_it_starts():
    for meter, text in (
        ({"model": "socomec_e27", "host": "127.0.0.1"}, "is a serial port, and socomec_e27 is reached at host"),
        ({"model": "ct"}, "is a serial port, and ct has none; a port of the network is a number"),
        ({"line": "meter"}, "the charger's own meter is simulated there"),
    ):
        with pytest.raises(UsageError, match=re.escape(text)):
            check_site({"meter": {"port": "/dev/ttyUSB0", **meter}}, "test")
    with pytest.raises(Failure, match="no such port"):
        Twin(check_site({"meter": {"port": "/dev/ttyNONE"}}, "test"))


def test_a_port_or_another_computer_is_a_meter_that_runs_already_and_sees_no_simulated_car():
    for meter in ({"port": 5020}, {"host": "192.168.1.30"}, {"model": "homewizard_p1", "host": "192.168.1.30"}):
        settings = check_site({"meter": meter}, "test").settings
        assert settings["meter.host"] == meter.get("host", "127.0.0.1")
        assert settings["meter.location"] == "excluding"
        assert (
            check_site({"meter": {**meter, "location": "including"}}, "test").settings["meter.location"] == "including"
        )
    for meter in ({}, {"host": "127.0.0.1"}, {"model": "socomec_e27"}):
        assert check_site({"meter": meter}, "test").settings["meter.location"] == "including"


def test_an_energy_manager_has_no_line_where_the_meter_is_a_real_one(tmp_path, capsys):
    site = tmp_path / "site.toml"
    site.write_text('[meter]\nport = "/dev/ttyUSB0"\n')
    assert cli.main(["run", str(site), "--serial", str(tmp_path / "rs485")]) == 2
    assert "--serial: the house meter at [meter] port has that line; use --modbus-tcp" in capsys.readouterr().err
