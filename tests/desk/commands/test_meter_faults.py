"""`fairamp meter test` when nobody answers, or somebody else, or it is asked wrongly: one line, and what to do."""

import socket

from fairamp_desk import ports
from tests.desk.commands.meter_command import failure, fairamp, on_a_line, on_the_network, stranger, wrong_use
from tests.desk.meters.facts_line import Exceptions
from tests.desk.meters.facts_meters import FactsMeter

COMMAND = "meter"


def test_nobody_answers():
    with on_a_line({}) as port:
        err = failure(fairamp("test", "--model", "eastron_sdm630", "--port", port, "--unit", 5, "--parity", "E"))
    for part in ("Eastron SDM630 at address 5, 9600 8E1", port, "no answer in 1000 ms", "check wires A and B"):
        assert part in err


def test_another_address(ask):
    with on_a_line({2: FactsMeter("abb_b23")}) as port:
        err = failure(ask("test", "--model", "abb_b23", "--port", port))
    assert "ABB B23, B24 at address 1" in err and "no answer" in err


def test_another_model(ask):
    with on_a_line({1: Exceptions()}) as port:
        err = failure(ask("test", "--model", "abb_b23", "--port", port))
    assert "illegal address" in err and "`fairamp meter search` finds out" in err
    with on_a_line({1: FactsMeter("cg_em340")}) as port:
        err = failure(ask("test", "--model", "eastron_sdm630", "--port", port))
    assert "Eastron SDM630 at address 1" in err


def test_another_unit_on_the_network(ask):
    with on_the_network(stranger("phoenix_mb371")) as port:
        err = failure(ask("test", "--model", "phoenix_mb371", "--host", f"127.0.0.1:{port}", "--unit", 9))
    assert f"Phoenix Contact EEM-MB371 at address 9 of 127.0.0.1:{port}" in err


def test_nobody_on_the_network(ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        silent = server.getsockname()[1]
        err = failure(ask("test", "--model", "socomec_e27", "--host", f"127.0.0.1:{silent}"))
        assert f"at address 5 of 127.0.0.1:{silent}: no answer in 1000 ms" in err
    err = failure(ask("test", "--model", "socomec_e27", "--host", f"127.0.0.1:{silent}"))
    assert "connection refused; is Modbus TCP switched on" in err
    for transport in ("rtu", "udp"):
        err = failure(
            ask("test", "--model", "eastron_sdm630", "--host", f"127.0.0.1:{silent}", "--transport", transport)
        )
        assert "nobody listens there: is it on, is its Modbus or web server switched on, is the port right?" in err
        assert "Modbus TCP" not in err and "Errno" not in err
    for command in (("test", "--model", "socomec_e27"), ("search",)):
        assert "nobody knows this host" in failure(ask(*command, "--host", "no-such-host.invalid"))


def test_a_port_that_cannot_be_had(ask, tmp_path, monkeypatch):
    for command in (("test", "--model", "abb_b23"), ("search",)):
        err = failure(ask(*command, "--port", tmp_path / "ttyUSB9"))
        assert f"{tmp_path}/ttyUSB9: no such port" in err
    monkeypatch.setattr(ports.serial, "serial_for_url", refuse)
    err = failure(ask("search", "--port", tmp_path))
    assert "no permission; join its group with `sudo usermod -aG" in err


def refuse(*args, **options):
    raise PermissionError(13, "Permission denied")


def test_wrong_use(ask):
    for arguments, text in (
        (("test", "--model", "eastron_sdm63", "--port", "x"), "`fairamp meter list` shows all"),
        (("test", "--model", "entes_es", "--port", "x"), "--model custom --preset"),
        (("test", "--model", "ct", "--port", "x"), "hang on the box"),
        (("test", "--model", "push", "--host", "x"), "sent to the box"),
        (("test", "--model", "custom", "--port", "x"), "--preset FILE.json belong together"),
        (("test", "--model", "abb_b23", "--preset", "x", "--port", "x"), "belong together"),
        (("test", "--model", "socomec_e27", "--port", "x"), "use --host"),
        (("test", "--model", "homewizard_p1", "--port", "x"), "use --host"),
        (("test", "--model", "dsmr_p1", "--host", "x"), "use --port"),
        (("test", "--model", "abb_b23", "--host", "x", "--baud", "9600"), "for a serial line"),
        (("test", "--model", "abb_b23", "--host", "127.0.0.1:abc"), "'abc' is not a port"),
        (("search", "--host", "127.0.0.1:70000"), "'70000' is not a port"),
        (("search", "--host", "127.0.0.1:"), "'' is not a port"),
        (("search", "--host", ""), "not the address of a host"),
        (("search",), "--port --host"),
        (("search", "--port", "x", "--host", "y"), "not allowed with"),
        (("test", "--port", "x"), "--model"),
        (("test", "--model", "abb_b23", "--port", "x", "--baud", "fast"), "'fast' is not a speed"),
        (("test", "--model", "abb_b23", "--port", "x", "--unit", "300"), "'300' is not a number"),
        (("test", "--model", "abb_b23", "--port", "x", "--parity", "X"), "--parity"),
        (("test", "--model", "abb_b23", "--port", "x", "--stop", "3"), "--stop"),
        ((), "list|search|test"),
    ):
        assert text in wrong_use(ask(*arguments)), arguments
