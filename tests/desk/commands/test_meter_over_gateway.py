"""RTU over TCP and Modbus UDP, against servers of pymodbus, and a line behind a bridge of bytes."""

import asyncio
import tomllib

import pytest
from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer, ModbusUdpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from fairamp.sharing.coordinator import LIVE
from fairamp_desk.site import check_site
from fairamp_desk.twin.twin import Twin
from tests.desk.commands.meter_command import on_a_line, on_the_network, stranger, wrong_use
from tests.desk.commands.network_bridge import bridged
from tests.desk.meters.facts_meters import FactsMeter, House

COMMAND = "meter"
SPEED = 10
AMPS = [12.0, -4.0, 3.0]
SERVERS = {
    "rtu": lambda devices: ModbusTcpServer(devices, framer=FramerType.RTU, address=("127.0.0.1", 0)),
    "udp": lambda devices: ModbusUdpServer(devices, address=("127.0.0.1", 0)),
}


def device(unit=1):
    words = FactsMeter("eastron_sdm630", House(amps=AMPS), unit=unit).words()
    return SimDevice(
        unit, [SimData(at, values=word, datatype=DataType.REGISTERS) for at, word in sorted(words.items())]
    )


@pytest.fixture(params=sorted(SERVERS))
def server(request):
    """(transport, HOST:PORT) of a meter that pymodbus plays."""
    with on_the_network(device(), make=SERVERS[request.param]) as port:
        yield request.param, port


def test_one_reading(server, ask):
    transport, port = server
    code, out, err = ask("test", "--model", "eastron_sdm630", "--host", f"127.0.0.1:{port}", "--transport", transport)
    assert (code, err) == (0, "")
    assert [line.split(" A ")[0] for line in out.splitlines()[:3]] == ["L1 +12.00", "L2 -4.00", "L3 +3.00"]


def found(ask, transport, port):
    """What the search says, as the settings take it."""
    code, out, _ = ask("search", "--host", f"127.0.0.1:{port}", "--transport", transport)
    assert code == 0
    content = tomllib.loads(out)
    check_site(content, "site.toml")
    return content["meter"]


def test_the_search_finds_it_and_says_how_it_is_reached(ask):
    with on_the_network(stranger("phoenix_mb371"), make=SERVERS["udp"]) as port:
        where = {"host": "127.0.0.1", "port": port, "transport": "udp"}
        assert found(ask, "udp", port) == {"model": "phoenix_mb371", **where, "unit": 1}
    with on_a_line({1: FactsMeter("abb_b23")}) as line, bridged(line) as port:
        where = {"host": "127.0.0.1", "port": port, "transport": "rtu"}
        assert found(ask, "rtu", port) == {"model": "abb_b23", **where, "unit": 1}


def reads(meter, amps=AMPS):
    """The twin, whose house is at this meter."""
    content = {"meter": meter, "load": [{"at": 0, "amps": amps}]}

    async def run():
        twin = Twin(check_site(content, "test"), SPEED)
        running = asyncio.create_task(twin.run())
        coordinator = twin.app.box.coordinator
        try:
            while twin.world.ms < 5000 or coordinator.meter != LIVE:
                await asyncio.sleep(0.02)
                if running.done():
                    await running
            return list(coordinator.house.ma)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            twin.close()

    return asyncio.run(asyncio.wait_for(run(), 30))


def test_the_twin_reads_it(server):
    transport, port = server
    assert reads({"transport": transport, "port": port}, [1, 1, 1]) == [12000, -4000, 3000]


@pytest.mark.parametrize("transport", sorted(SERVERS))
def test_the_twin_simulates_it(transport):
    assert reads({"transport": transport}) == [12000, -4000, 3000]


def test_a_line_behind_a_gateway_that_only_passes_bytes_on(ask):
    with on_a_line({7: FactsMeter("abb_b23", House(amps=AMPS), unit=7)}) as line, bridged(line) as port:
        code, out, _ = ask(
            "test", "--model", "abb_b23", "--host", f"127.0.0.1:{port}", "--transport", "rtu", "--unit", 7
        )
        assert (code, out.split(" A ")[0]) == (0, "L1 +12.00")
        # One that speaks Modbus TCP by mistake is told.
        code, _, err = ask("test", "--model", "abb_b23", "--host", f"127.0.0.1:{port}", "--unit", 7)
        assert (code, "no answer in 1000 ms" in err) == (1, True)


def test_a_transport_that_cannot_be_is_refused(ask):
    assert "is for a meter with Modbus on the network: use it with --host" in wrong_use(
        ask("test", "--model", "homewizard_p1", "--host", "127.0.0.1", "--transport", "rtu")
    )
    assert "use it with --host" in wrong_use(ask("search", "--port", "/dev/null", "--transport", "udp"))
    assert "socomec_e27 has no serial line: leave it out, or use udp" in wrong_use(
        ask("test", "--model", "socomec_e27", "--host", "127.0.0.1", "--transport", "rtu")
    )
