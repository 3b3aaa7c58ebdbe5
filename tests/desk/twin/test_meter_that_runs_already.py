"""The twin reads a meter that is not its own: a real one, or one that somebody else simulates."""

import asyncio

from fairamp.sharing.coordinator import LIVE
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin
from tests.desk.commands.meter_command import on_the_network, stranger
from tests.desk.meters.facts_meters import House

SPEED = 10
READY_MS = 5000


def test_it_reads_a_meter_that_somebody_else_simulates():
    async def run(port):
        content = {"meter": {"model": "socomec_e27", "port": port}, "load": [{"at": 0, "amps": [1, 1, 1]}], "car": [{}]}
        twin = Twin(check_site(content, "test"), SPEED)
        running = asyncio.create_task(twin.run())
        coordinator = twin.app.box.coordinator
        try:
            while twin.world.ms < READY_MS or not coordinator.grid.number:
                await asyncio.sleep(0.02)
                if running.done():
                    await running
            # It does not see the simulated car: what it shows is house.
            assert coordinator.grid.current_ma == [12000, -4000, 3000]
            assert (coordinator.meter, coordinator.house.ma[0]) == (LIVE, 12000)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            twin.close()

    with on_the_network(stranger("socomec_e27", House(amps=[12.0, -4.0, 3.0]))) as port:
        asyncio.run(asyncio.wait_for(run(port), 30))


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
