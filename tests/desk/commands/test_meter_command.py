"""`fairamp meter` as people call it: against simulated meters on a pseudo-terminal and on the network."""

import asyncio
import json
import os
import pty
import re
import socket
import subprocess
import threading
import tomllib
import tty
from contextlib import contextmanager

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from fairamp import meters
from fairamp.meters import preset
from fairamp.modbus.frames import seal, sealed
from fairamp_desk import cli, ports
from fairamp_desk.meters.table import entries
from fairamp_desk.pages import meters as page
from fairamp_desk.site import check_site
from tests.desk.meters.facts_line import Exceptions
from tests.desk.meters.facts_meters import FACTS, METERS, FactsMeter, House, number_words
from tests.desk.twin.twin_process import FAIRAMP

WAIT_S = 60


def fairamp(*args):
    """The real command: exit code, output, errors."""
    done = subprocess.run([*FAIRAMP, "meter", *map(str, args)], capture_output=True, text=True, timeout=WAIT_S)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def ask(capsys):
    """The same inside this process, which is faster."""

    def run(*args):
        try:
            code = cli.main(["meter", *map(str, args)])
        except SystemExit as end:  # how argparse refuses
            code = end.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


@contextmanager
def on_a_line(devices, stray=b""):
    """The name of a pseudo-terminal with these devices behind it, by address; `stray`: noise before every answer."""
    far, near = pty.openpty()
    for end in (far, near):
        tty.setraw(end)

    def serve():
        waiting = b""
        while True:
            try:
                waiting += os.read(far, 256)
            except OSError:
                return  # the test is over
            while len(waiting) >= 8:
                request, waiting = waiting[:8], waiting[8:]
                device = devices.get(request[0])
                reply = device.reply(request[1:6]) if device and sealed(request, 0, 8) else None
                if reply:
                    frame = bytearray(request[:1] + reply + bytes(2))
                    seal(frame, len(frame) - 2)
                    os.write(far, stray + bytes(frame))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield os.ttyname(near)
    finally:
        os.close(near)
        os.close(far)


@contextmanager
def on_the_network(*devices):
    """Port of a pymodbus server with these devices."""
    started = threading.Event()
    holder = {}

    async def main():
        server = ModbusTcpServer(list(devices), address=("127.0.0.1", 0))
        await server.serve_forever(background=True)
        holder.update(port=server.transport.sockets[0].getsockname()[1], loop=asyncio.get_running_loop())
        holder["end"] = asyncio.Event()
        started.set()
        await holder["end"].wait()
        await server.shutdown()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield holder["port"]
    finally:
        holder["loop"].call_soon_threadsafe(holder["end"].set)
        thread.join(10)


def stranger(id, house=None):
    """A meter of the facts as a device of pymodbus, which knows nothing of ours."""
    facts = METERS[id]
    blocks = []
    for address, word in sorted(FactsMeter(id, house).words().items()):
        blocks.append(SimData(address, values=word, datatype=DataType.REGISTERS))
    return SimDevice(id=facts["tcp"]["unit"], simdata=blocks)


# ---- one reading


def test_one_reading_on_a_serial_line():
    meter = FactsMeter("eastron_sdm630", House(amps=[7.25, -3.5, 0.0], volts=[231.5, 229.0, 230.0]))
    with on_a_line({1: meter}) as port:
        code, out, err = fairamp("test", "--model", "eastron_sdm630", "--port", port)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "L1 +7.25 A 231.5 V +1678 W",
        "L2 -3.50 A 229.0 V -802 W",
        "L3 +0.00 A 230.0 V +0 W",
        "total +877 W, import 1234.50 kWh, export 56.50 kWh, 50.00 Hz",
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
    telegram = (FACTS.parent / "sample_dsmr5.txt").read_bytes()
    far, near = pty.openpty()
    tty.setraw(far)
    tty.setraw(near)
    over = threading.Event()

    def send():
        while not over.wait(0.2):
            os.write(far, telegram)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        code, out, _ = ask("test", "--model", "dsmr_p1", "--port", os.ttyname(near))
    finally:
        over.set()
        sender.join()
        os.close(near)
        os.close(far)
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


PRESET = {
    "name": "Odd meter",
    "function": 3,
    "unit": 4,
    "word_order": "low_first",
    "registers": {"current": {"address": [0, 10, 20], "type": "float32"}},
}


class OddMeter:
    """Tells nothing but currents, low word first."""

    def reply(self, pdu):
        first, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        known = {
            10 * phase + at: word for phase in range(3) for at, word in enumerate(number_words(">f", 1.5 + phase)[::-1])
        }
        return bytes([3, 2 * count]) + b"".join(known.get(first + at, 0).to_bytes(2, "big") for at in range(count))


def test_a_meter_that_is_not_in_the_table(ask, tmp_path):
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(PRESET))
    with on_a_line({4: OddMeter()}) as port:
        code, out, err = ask("test", "--model", "custom", "--preset", file, "--port", port)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "L1 +1.50 A",
        "L2 +2.50 A",
        "L3 +3.50 A",
        "note: it does not tell import from export, so all counts as import",
    ]


def test_the_preset_on_the_page_is_a_good_one():
    model, errors = preset.check(json.loads(page.EXAMPLE), "page")
    assert errors == []
    assert model.phases == 3
    assert set(page.HINTS) <= set(meters.IDS)


# ---- what goes wrong with a reading


def failure(done):
    code, out, err = done
    assert (code, out) == (1, "")
    assert err.startswith("fairamp: ") and err.count("\n") == 1
    return err


def wrong_use(done):
    code, out, err = done
    assert (code, out) == (2, "")
    return err


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


def test_bad_presets(ask, tmp_path):
    file = tmp_path / "odd.json"
    err = wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))
    assert f"{file}: cannot be read: No such file" in err
    for content, text in (
        ("{", "not valid JSON"),
        ("[" * 100000, "not valid JSON"),
        ("[1]", "must be a table"),
        ("{}", "registers"),
        (json.dumps({**PRESET, "phases": 2}), "phases must be 1 or 3"),
        (json.dumps({**PRESET, "registers": {"current": {"address": 5, "type": "int16"}}}), "current: needs a step"),
        (json.dumps({**PRESET, "registers": {"current": {"address": [5], "type": "int16"}}}), "current: needs a step"),
        (json.dumps({**PRESET, "registers": {"current": {"address": -1, "type": "int8"}}}), "type must be one of"),
    ):
        file.write_text(content)
        err = wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))
        assert text in err and str(file) in err
    file.write_bytes(b"\xff\xfe")
    assert "not valid JSON" in wrong_use(ask("test", "--model", "custom", "--preset", file, "--port", "x"))


# ---- the search


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


# ---- the list


def test_the_list_has_all_meters():
    code, out, err = fairamp("list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(meters.IDS)
    assert lines[0].split()[0] == "ID"
    (line,) = [line for line in lines if line.startswith("siemens_pac2200 ")]
    assert line.split("  ")[-1].strip() == "address 126, 19200 8N2; unit 1, port 502"
    assert all(entry.name and entry.phases and entry.reached for entry in entries())
