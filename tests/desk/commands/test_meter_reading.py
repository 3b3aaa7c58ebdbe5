"""`fairamp meter test`: one reading, from every meter and over every wire."""

import json
import re
import socket
import threading

import pytest
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.desk.commands.meter_command import fairamp, on_a_line, on_the_network, stranger, telegrams
from tests.desk.meters.facts_meters import FACTS, METERS, FactsMeter, House

COMMAND = "meter"


def test_one_reading_on_a_serial_line():
    meter = FactsMeter("eastron_sdm630", House(amps=[7.25, -3.5, 0.0], volts=[231.5, 229.0, 230.0]))
    with on_a_line({1: meter}) as port:
        code, out, err = fairamp("test", "--model", "eastron_sdm630", "--port", port)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "L1 +7.25 A 231.5 V +1678 W",
        "L2 -3.50 A 229.0 V -802 W",
        "L3 +0.00 A 230.0 V +0 W",
        "total +876 W, import 1234.50 kWh, export 56.50 kWh, 50.00 Hz",
    ]


@pytest.mark.parametrize("id", [id for id, meter in METERS.items() if "rtu" in meter["transport"] and meter["regs"]])
def test_one_reading_of_every_serial_meter(id, ask):
    """The facts against what the command prints."""
    facts, house = METERS[id], House()
    with on_a_line({9: FactsMeter(id, house, unit=9)}) as port:
        code, out, err = ask("test", "--model", id, "--port", port, "--unit", 9)
    assert (code, err) == (0, "")
    if "current_l1" not in facts["regs"]:
        assert out.splitlines()[0].startswith("total +1049 W")
        assert "cannot protect a fuse" in out
        return
    lines = re.findall(r"^L(\d) ([+-]\d+\.\d\d) A (\d+\.\d) V ([+-]\d+) W$", out, re.MULTILINE)
    assert [int(line[0]) for line in lines] == list(range(1, facts["phases"] + 1))
    for phase, (_, amps, volts, watts) in enumerate(lines):
        assert float(amps) == pytest.approx(house.amps[phase], abs=0.01)
        assert float(volts) == pytest.approx(house.volts[phase], abs=0.1)
        assert int(watts) == pytest.approx(house.watts(phase), abs=10)
    assert re.search(r"^total [+-]\d+ W, import 1234\.\d\d kWh, export 56\.\d\d kWh", out, re.MULTILINE)
    assert out.endswith(", 50.00 Hz\n") == ("frequency" in facts["regs"])


def test_what_the_meter_itself_is_set_to_is_told(ask):
    meter = FactsMeter("cg_em340")
    meter.extra = {0x1103: 0}
    with on_a_line({1: meter}) as port:
        code, out, _ = ask("test", "--model", "cg_em340", "--port", port)
    assert code == 0
    assert "note: it cannot see export: set measurement mode B" in out


def test_noise_on_the_line_is_no_trouble(ask):
    with on_a_line({1: FactsMeter("abb_b23")}, stray=b"\x00\xff") as port:
        code, out, _ = ask("test", "--model", "abb_b23", "--port", port)
    assert (code, out.splitlines()[0]) == (0, "L1 +7.25 A 231.5 V +1678 W")


def test_one_lost_frame_is_no_trouble(ask):
    class Forgetful(FactsMeter):
        def reply(self, pdu):
            found = super().reply(pdu)
            return found if len(self.requests) > 1 else None

    with on_a_line({1: Forgetful("abb_b23")}) as port:
        code, out, _ = ask("test", "--model", "abb_b23", "--port", port)
    assert (code, out.splitlines()[0]) == (0, "L1 +7.25 A 231.5 V +1678 W")


def test_one_reading_over_the_network():
    with on_the_network(stranger("socomec_e27")) as port:
        code, out, err = fairamp("test", "--model", "socomec_e27", "--host", f"localhost:{port}")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["L1 +7.25 A 231.5 V +1680 W", "L2 -3.50 A 229.0 V -800 W"]


def test_a_serial_meter_behind_a_gateway(ask):
    words = FactsMeter("abb_b23").words()
    device = SimDevice(
        id=17, simdata=[SimData(at, values=word, datatype=DataType.REGISTERS) for at, word in sorted(words.items())]
    )
    with on_the_network(device) as port:
        code, out, _ = ask("test", "--model", "abb_b23", "--host", f"127.0.0.1:{port}", "--unit", 17)
    assert (code, out.splitlines()[0]) == (0, "L1 +7.25 A 231.5 V +1678 W")


def test_telegrams_on_a_serial_port(ask):
    with telegrams((FACTS.parent / "sample_dsmr5.txt").read_bytes(), 0.2) as port:
        code, out, _ = ask("test", "--model", "dsmr_p1", "--port", port)
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["L1", "L2", "L3"]
    assert lines[1].endswith("230.4 V -640 W")
    assert "total +740 W, import 358.02 kWh" in out


PAGE = {
    f"active_{name}_l{phase}_{unit}": value
    for name, unit, values in (
        ("current", "a", (6.21, -3.0, 0.5)),
        ("voltage", "v", (231.0, 230.0, 229.0)),
        ("power", "w", (1430, -690, 112)),
    )
    for phase, value in enumerate(values, 1)
}


def test_a_page_on_the_network(ask):
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                line.recv(1000)
                body = json.dumps(PAGE | {"active_power_w": 852}).encode()
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    threading.Thread(target=serve, daemon=True).start()
    with server:
        where = f"localhost:{server.getsockname()[1]}"
        code, out, _ = ask("test", "--model", "homewizard_p1", "--host", where)
        server.shutdown(socket.SHUT_RDWR)
    assert code == 0
    assert out.splitlines()[:2] == ["L1 +6.21 A 231.0 V +1430 W", "L2 -3.00 A 230.0 V -690 W"]
