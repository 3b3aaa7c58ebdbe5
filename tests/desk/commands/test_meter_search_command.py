"""`fairamp meter search`: what it finds goes into a site file as it is."""

import tomllib

from pymodbus.simulator import DataType, SimData, SimDevice

from fairamp_desk.site import check_site
from tests.desk.commands.meter_command import fairamp, on_a_line, on_the_network, stranger
from tests.desk.meters.facts_meters import FactsMeter

COMMAND = "meter"


def pasted(text):
    """The result in a site file, as the box takes it."""
    content = tomllib.loads(text)
    check_site(content, "site.toml")
    return content["meter"]


def test_a_search_on_a_serial_line():
    with on_a_line({1: FactsMeter("abb_b23")}) as port:
        code, out, err = fairamp("search", "--port", port)
    assert code == 0
    assert out.splitlines()[0] == "# found: ABB B23, B24 at address 1, 9600 8N1"
    assert pasted(out) == {"model": "abb_b23", "unit": 1, "baud": 9600, "parity": "N", "stop": 1}
    assert err.startswith("searching 1 of ")


def test_a_search_on_the_network():
    with on_the_network(stranger("phoenix_mb371")) as port:
        code, out, _ = fairamp("search", "--host", f"localhost:{port}")
    assert code == 0
    # The box wants the address in numbers.
    assert "# found: Phoenix Contact EEM-MB371 at unit 1" in out
    assert pasted(out) == {"model": "phoenix_mb371", "host": "127.0.0.1", "port": port, "unit": 1}


def test_a_search_that_finds_a_stranger_only(ask):
    device = SimDevice(id=2, simdata=[SimData(0, count=50, values=7, datatype=DataType.REGISTERS)])
    with on_the_network(device) as port:
        code, out, err = ask("search", "--host", f"127.0.0.1:{port}")
    assert (code, out) == (1, "# a Modbus device at unit 2, that is none of the table: use custom\n")
    assert "no meter found" in err and "describe it as a custom meter" in err


def test_a_search_that_finds_nobody(ask):
    with on_the_network(SimDevice(id=99, simdata=[SimData(0, values=7, datatype=DataType.REGISTERS)])) as port:
        err = failure_of_search(ask("search", "--host", f"127.0.0.1:{port}"))
    assert "no meter found; tried units 1, 2, 5, 126, 43, 255; check that the meter has power" in err


def failure_of_search(done):
    code, out, err = done
    assert (code, out) == (1, "")
    return err
