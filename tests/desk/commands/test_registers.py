"""`fairamp registers` against our own twin, against pymodbus as a stranger, and against what goes wrong."""

import asyncio
import json
import os
import pty
import re
import signal
import socket
import subprocess
import termios
import threading
import time
import tty
from contextlib import ExitStack, contextmanager

import pytest
import yaml
from pymodbus.client import ModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from fairamp.managers import NAMES
from fairamp.modbus.frames import seal
from fairamp.settings import Settings
from fairamp_desk import cli, docs
from fairamp_desk.registers import map as register_map
from fairamp_desk.registers import modbus_link
from tests.desk.twin.twin_process import FAIRAMP, TwinProcess

CAR_AT_ONCE = """
[[load]]
amps = [2, 4, 3]
[[car]]
"""
LINE = re.compile(r"\s*(\d+)  (\w+)  +(.*?)  +(R|W|R/W)( +filler)?")


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin")
    (folder / "site.toml").write_text(CAR_AT_ONCE)
    serial = str(folder / "rs485")
    with TwinProcess(str(folder / "site.toml"), "--serial", serial, maps=NAMES) as running:
        running.serial = serial
        running.wait(lambda: running.status()["meter"] == "live")
        yield running


@pytest.fixture
def ask(capsys):
    """Runs `fairamp registers` in this process: exit code, output, errors."""

    def run(target, *args):
        try:
            code = cli.main(["registers", str(target), *map(str, args)])
        except SystemExit as end:  # how argparse refuses
            code = end.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run


def of_map(twin, name):
    return f"127.0.0.1:{twin.ports[name]}", "--map", name


def parse(table):
    """The lines of a table by name: address, value, access, filler."""
    found = {}
    for line in table.splitlines():
        if match := LINE.fullmatch(line):
            found[match[2]] = (int(match[1]), match[3], match[4], bool(match[5]))
    return found


def rows_of(name):
    return [row for rows in register_map.units(name).values() for row in rows]


# ---- our own twin


@pytest.mark.parametrize("name", NAMES)
def test_every_register_of_a_map_is_shown(twin, ask, name):
    code, out, err = ask(*of_map(twin, name), "read")
    assert (code, err) == (0, "")
    shown = parse(out)
    assert len(shown) == len(rows_of(name))
    for row in rows_of(name):
        address, value, access, filler = shown[row.name]
        assert (address, filler) == (row.address, not row.works)
        assert access == ("W" if row.get is None else "R/W" if row.set else "R")
        assert "illegal" not in value
    voltages = [value for _, value, _, filler in shown.values() if value.endswith(" V") and not filler]
    assert voltages == ["230 V", "230 V", "230 V"]


def test_the_table_of_an_alfen_has_one_part_per_unit(twin, ask):
    target, *options = of_map(twin, "alfen")
    _, out, _ = ask(target, *options, "read")
    heads = [line for line in out.splitlines() if line.startswith("alfen")]
    assert heads == [f"alfen at {target}, unit 200", f"alfen at {target}, unit 1"]
    assert parse(out)["platform_type"][1] == "NG910"
    assert parse(out)["voltage_l1_n"][1] == "230 V"
    assert parse(out)["frequency"][1] == "not available"
    _, socket_only, _ = ask(target, *options, "--unit", "1", "read")
    assert "platform_type" not in parse(socket_only)
    assert ask(target, *options, "--unit", "2", "read")[2] == "fairamp: --unit 2: alfen has 200 and 1\n"


def test_one_value_alone_is_for_scripts(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    assert ask(target, *options, "read", "evse_id") == (0, "21571\n", "")
    assert ask(target, *options, "read", "AMP_LIMIT") == (0, "32 A\n", "")
    assert ask(target, "read", "voltage_l1", *options) == (0, "230 V\n", "")
    assert ask(target, *options, "read", "require_authorization") == (0, "0 (no)\n", "")
    assert ask(*of_map(twin, "vestel"), "read", "brand") == (0, "Fairamp\n", "")
    assert ask(*of_map(twin, "mennekes"), "read", "meter_energy_l2") == (0, "not available\n", "")


def test_what_is_written_reads_back_and_is_really_there(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    with ModbusTcpClient("127.0.0.1", port=twin.ports["teltocharge"]) as client:
        for value, text, raw in (("10", "10 A", 10), ("0x0c", "12 A", 12), ("32 A", "32 A", 32)):
            done = ask(target, *options, "write", "amps_to_use", value)
            assert done == (0, f"amps_to_use: wrote {text}, reads {text}\n", "")
            assert client.read_holding_registers(15).registers == [raw]
        done = ask(target, *options, "write", "lock_unlock_socket", "Always Locked")
        assert done == (0, "lock_unlock_socket: wrote 1 (always locked), reads 1 (always locked)\n", "")
        assert client.read_holding_registers(18).registers == [1]
    done = ask(*of_map(twin, "alfen"), "write", "modbus_max_current", "10.5")
    assert done == (0, "modbus_max_current: wrote 10.5 A, reads 10.5 A\n", "")
    assert ask(*of_map(twin, "vestel"), "write", "alive", "1") == (0, "alive: wrote 1, reads 0\n", "")
    done = ask(*of_map(twin, "mennekes"), "write", "write_idtag", "04A1B2")
    assert done == (0, "write_idtag: wrote 04A1B2, cannot be read\n", "")


def test_a_write_that_the_box_refuses_is_a_failure_with_its_reason(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    code, out, err = ask(target, *options, "write", "phase_to_use", "l1")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target} unit 1: phase_to_use at 14: 0 (L1) was not taken: it answers: illegal value\n"


@pytest.mark.parametrize(
    ("name", "args", "says"),
    [
        ("teltocharge", ["read", "amps_to_us"], "'amps_to_us'; did you mean amps_to_use"),
        ("teltocharge", ["read", "lock"], "lock_status"),
        ("teltocharge", ["read", "zzzzzz"], "`read` without a name lists all"),
        ("teltocharge", ["watch", "amps"], "no register is called 'amps'"),
        ("teltocharge", ["write", "amps_to_use", "33"], "'33' is not possible; allowed: 0 to 32 A"),
        ("teltocharge", ["write", "amps_to_use", "-1"], "'-1' is not possible"),
        ("teltocharge", ["write", "amps_to_use", "10.5"], "'10.5' is between the steps of 1 A"),
        ("teltocharge", ["write", "amps_to_use", "10 V"], "'10 V' is not possible"),
        ("teltocharge", ["write", "amps_to_use", "10,5"], "'10,5' is not possible"),
        ("teltocharge", ["write", "amps_to_use", "lots"], "'lots' is not possible"),
        ("teltocharge", ["write", "failsafe_current", "5"], "allowed: 0 or 6 to 32 A"),
        ("teltocharge", ["write", "phase_to_use", "l4"], "allowed: 0 (L1), 1 (L2), 2 (L3)"),
        ("teltocharge", ["write", "voltage_l1", "230"], "voltage_l1 can only be read"),
        ("alfen", ["write", "modbus_max_current", "80.1"], "allowed: 0 to 80 A"),
        ("alfen", ["write", "modbus_max_current", "1e99"], "'1e99' is not possible"),
        ("alfen", ["write", "modbus_max_current", "nan"], "'nan' is not possible"),
        ("mennekes", ["read", "write_idtag"], "write_idtag: can only be written"),
        ("mennekes", ["write", "write_idtag", 21 * "x"], "allowed: up to 20 characters of ASCII"),
        ("mennekes", ["write", "write_idtag", "ä"], "'ä' is not possible"),
    ],
)
def test_wrong_input_is_told_before_anything_is_sent(ask, name, args, says):
    with served({}) as (target, requests):
        code, out, err = ask(target, "--map", name, *args)
    assert (code, out, err.count("\n"), requests) == (2, "", 1, [])
    assert says in err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["box:502", "read"], "--map is missing; one of teltocharge"),
        (["box:502", "--map", "tesla", "read"], "invalid choice: 'tesla'"),
        (["box:502", "--map", "vestel"], "required"),
        (["box:502", "--map", "vestel", "--unit", "256", "read"], "'256' is not a number from 0 to 255"),
        (["box:502", "--map", "vestel", "--baud", "fast", "read"], "'fast' is not a speed"),
        (["box:70000", "--map", "vestel", "read"], "box:70000: neither HOST:PORT"),
        (["192.168.1.20", "--map", "vestel", "read"], "for example 192.168.1.20:502, nor a serial device"),
    ],
)
def test_wrong_use_is_exit_2(ask, args, says):
    code, out, err = ask(*args)
    assert (code, out) == (2, "")
    assert says in err


# ---- a stranger: pymodbus serves, encodes and decodes


class Requests(list):
    """What a server was asked: function, address, count."""

    def note(self, sending, pdu):
        if not sending:
            self.append((pdu.function_code, pdu.address, pdu.count))
        return pdu


def in_thread(main):
    """Runs a coroutine function in a thread; what ends it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()

    def end(shutdown):
        asyncio.run_coroutine_threadsafe(shutdown(), loop).result(5)
        thread.join(5)
        loop.close()

    return end


def devices(units, action=None):
    """{unit: {address: (type, value)}}: what is not named there does not exist."""
    return [
        SimDevice(
            unit,
            [SimData(address, values=value, datatype=kind) for address, (kind, value) in data.items()],
            action=action,
        )
        for unit, data in (units or {1: {9999: (DataType.REGISTERS, 0)}}).items()
    ]


@contextmanager
def served(units, action=None, port=0):
    """A pymodbus server; its HOST:PORT, and what it was asked."""
    requests, ready = Requests(), threading.Event()
    server = None

    async def main():
        nonlocal server
        server = ModbusTcpServer(devices(units, action), address=("127.0.0.1", port), trace_pdu=requests.note)
        serving = asyncio.create_task(server.serve_forever(background=True))
        await serving
        ready.set()
        await server.serving

    end = in_thread(main)
    assert ready.wait(5)
    try:
        yield f"127.0.0.1:{server.transport.sockets[0].getsockname()[1]}", requests
    finally:
        end(server.shutdown)


def words(*values):
    return DataType.REGISTERS, list(values)


def text(letters, count):
    return DataType.STRING, letters.ljust(2 * count, "\0")


ALFEN = {
    200: {
        100: text("ALF_1000", 17),
        174: (DataType.UINT64, 2**40 + 7),
        1100: (DataType.FLOAT32, 25.5),
    },
    1: {
        306: (DataType.FLOAT32, [231.5, 229.75, 0.1]),
        374: (DataType.FLOAT64, 123456789.125),
        1201: text("C2", 5),
        1210: (DataType.FLOAT32, 0.0),
        1215: words(3),
    },
}
TELTOCHARGE = {
    7: {
        0: words(231, 0xFFFF, 0),
        3: words(160, 0xFFFB, 0),
        6: words(0, 0x86A1, 0x0001),
        14: words(6, 32),
        24: words(0xCD15, 0x075B),
        39: words(1234, 5, 0x5678, 0x1234, 1, 0),
    }
}


def test_floats_texts_and_long_numbers_of_a_stranger(ask):
    with served(ALFEN) as (target, _):
        code, out, _ = ask(target, "--map", "alfen", "read")
        assert code == 0
        shown = {name: value for name, (_, value, _, _) in parse(out).items()}
        for name, value in {
            "name": "ALF_1000",
            "uptime": "1099511627.783 s",
            "station_active_max_current": "25.5 A",
            "voltage_l1_n": "231.5 V",
            "voltage_l2_n": "229.75 V",
            "voltage_l3_n": "0.1 V",
            "energy_delivered_sum": "123456789.125 Wh",
            "mode3_state": "C2",
            "charge_phases": "3 phases (three phases)",
            # It lacks this one, and says so; the others come all the same.
            "frequency": "(illegal address)",
        }.items():
            assert shown[name] == value, name


def test_low_words_first_signs_and_a_unit_of_ones_own(ask):
    with served(TELTOCHARGE) as (target, _):
        code, out, _ = ask(target, "--map", "teltocharge", "--unit", "7", "read")
        assert code == 0
        shown = {name: value for name, (_, value, _, _) in parse(out).items()}
        for name, value in {
            "voltage_l2": "-1 V",
            "current_l1": "16.0 A",
            "current_l2": "-0.5 A",
            "evse_status": "0 (charging)",
            "evse_status_time": "100001 s",
            "serial_number": "123456789",
            "energy_delivered_session": "12.34 kWh",
            "total_energy": f"{(0x112345678) // 100}.{0x112345678 % 100} kWh",
        }.items():
            assert shown[name] == value, name


def test_few_requests_when_gaps_can_be_read_and_single_ones_when_not(ask):
    dense = {1: {0: words(*range(45))}}
    with served(dense) as (target, requests):
        assert ask(target, "--map", "teltocharge", "read")[0] == 0
        assert requests == [(3, 0, 45)]
    with served({255: {0: words(*[0] * 6001)}}) as (target, requests):
        assert ask(target, "--map", "vestel", "read")[0] == 0
        assert all(count <= 125 for _, _, count in requests)
        assert len(requests) <= 10
        rows = rows_of("vestel")
        assert all(any(a <= row.address and row.address + row.words <= a + n for _, a, n in requests) for row in rows)


def test_one_word_is_written_with_function_6_and_more_with_16(ask):
    with served(ALFEN) as (target, requests):
        done = ask(target, "--map", "alfen", "write", "modbus_max_current", "13.7 A")
        assert done == (0, "modbus_max_current: wrote 13.7 A, reads 13.7 A\n", "")
        done = ask(target, "--map", "alfen", "write", "charge_phases", "1")
        assert done == (0, "charge_phases: wrote 1 phases (one phase), reads 1 phases (one phase)\n", "")
        assert [request[:2] for request in requests] == [(16, 1210), (3, 1210), (6, 1215), (3, 1215)]
        host, port = target.split(":")
        with ModbusTcpClient(host, port=int(port)) as client:
            there = client.read_holding_registers(1210, count=2).registers
            assert client.convert_from_registers(there, client.DATATYPE.FLOAT32) == pytest.approx(13.7)
    with served({1: {1110: words(*[0] * 10)}}) as (target, requests):
        assert ask(target, "--map", "mennekes", "write", "write_idtag", "04a1 b2")[0] == 0
        assert requests == [(16, 1110, 10)]
        host, port = target.split(":")
        with ModbusTcpClient(host, port=int(port)) as client:
            there = client.read_holding_registers(1110, count=10).registers
            assert client.convert_from_registers(there, client.DATATYPE.STRING) == "04a1 b2"


def test_exceptions_have_their_names(ask):
    async def busy(function, start, address, count, registers, values):
        return ExcCodes.DEVICE_BUSY if address == 15 else None

    with served({1: {0: words(*[0] * 45)}}, busy) as (target, _):
        code, out, err = ask(target, "--map", "teltocharge", "write", "amps_to_use", "10")
        assert (code, out) == (1, "")
        assert err == f"fairamp: {target} unit 1: amps_to_use at 15: 10 A was not taken: it answers: busy\n"
        code, out, err = ask(target, "--map", "teltocharge", "read", "amps_to_use")
        assert (code, err) == (1, f"fairamp: {target} unit 1: amps_to_use at 15: it answers: busy\n")
    with served({1: {0: words(*[0] * 45)}}) as (target, _):
        code, _, err = ask(target, "--map", "mennekes", "read", "hems_current_limit")
        assert (code, err.count("\n")) == (1, 1)
        assert "hems_current_limit at 1000: it answers: illegal address; is --map mennekes right?" in err


def test_a_device_with_none_of_the_registers_is_not_of_this_map(twin, ask):
    target, _, _ = of_map(twin, "mennekes")
    code, out, err = ask(target, "--map", "teltocharge", "read")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target}: has none of the registers of teltocharge; is --map right?\n"


# ---- what goes wrong on the way


@contextmanager
def answering(reply):
    """A server that sends reply(request) to every request; nothing for None, and hangs up for b""."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                while request := connection.recv(300):
                    answer = reply(request)
                    if answer == b"":
                        break
                    if answer:
                        connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def reading(request, unit=None, transaction=None, function=None, words=b"\0\x07"):
    """A reply to a read of one word, right but for what is named."""
    body = bytes([unit or request[6], function or request[7], len(words)]) + words
    return (transaction or request[:2]) + b"\0\0" + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (lambda request: b"", "it closed the connection; perhaps another energy manager"),
        (lambda request: b"HTTP/1.0 400 Bad Request\r\n\r\n", "it does not speak Modbus TCP"),
        (lambda request: reading(request, unit=9), "it answers for unit 9 instead of 1"),
        (lambda request: reading(request, function=4), "it answers function 4 instead of 3"),
        (lambda request: reading(request, words=b"\0\0\0\0"), "it sent 4 bytes instead of 2"),
    ],
)
def test_replies_to_something_else_are_one_line(ask, reply, says):
    with answering(reply) as target:
        code, out, err = ask(target, "--map", "teltocharge", "read", "evse_id")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"fairamp: {target} unit 1: ")
    assert says in err


def test_the_wrong_echo_of_a_write_is_told(ask):
    with answering(lambda request: request[:-1] + b"\x09") as target:
        code, out, err = ask(target, "--map", "teltocharge", "write", "amps_to_use", "10")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target} unit 1: it confirms something else than was written\n"


def test_the_reply_to_another_request_is_skipped(ask):
    def late(request):
        return reading(request, transaction=b"\x77\x77", words=b"\0\x08") + reading(request)

    with answering(late) as target:
        assert ask(target, "--map", "teltocharge", "read", "evse_id") == (0, "7\n", "")


def test_silence_is_given_up_in_time(ask):
    with answering(lambda request: None) as target:
        begun = time.monotonic()
        code, out, err = ask(target, "--map", "teltocharge", "read")
        assert time.monotonic() - begun < 2
    assert (code, out) == (1, "")
    assert err == (
        f"fairamp: {target} unit 1: no answer in 1000 ms; "
        "check --unit, and whether another energy manager keeps the box busy\n"
    )


def test_replies_to_others_only_are_not_silence(ask, monkeypatch):
    monkeypatch.setattr(modbus_link, "ANSWER_S", 0.2)
    with answering(lambda request: reading(request, transaction=b"\x77\x77")) as target:
        code, _, err = ask(target, "--map", "teltocharge", "read", "evse_id")
    assert code == 1
    assert "11 bytes came, but no reply to this in 200 ms" in err


def test_nobody_there(ask):
    with socket.create_server(("127.0.0.1", 0)) as free:
        target = f"127.0.0.1:{free.getsockname()[1]}"
    code, out, err = ask(target, "--map", "alfen", "read")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target}: connection refused; is this the port that these registers are on?\n"


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (
            socket.gaierror(-2, "Name or service not known"),
            "box:502: nobody knows this host; write its address in numbers",
        ),
        (TimeoutError("timed out"), "box:502: no connection in 3000 ms; is it on, and is this its address?"),
        (OSError(113, "No route to host"), "box:502: No route to host"),
    ],
)
def test_no_way_to_the_host(ask, monkeypatch, trouble, says):
    def fail(*_):
        raise trouble

    monkeypatch.setattr(socket, "create_connection", fail)
    assert ask("box:502", "--map", "alfen", "read") == (1, "", f"fairamp: {says}\n")


# ---- serial lines


def test_the_serial_line_of_the_twin(twin, ask):
    assert ask(twin.serial, "--map", "teltocharge", "read", "evse_id") == (0, "21571\n", "")
    code, out, _ = ask(twin.serial, "--map", "teltocharge", "read")
    assert (code, len(parse(out))) == (0, len(rows_of("teltocharge")))
    done = ask(twin.serial, "--map", "teltocharge", "write", "communication_timeout", "45 s")
    assert done == (0, "communication_timeout: wrote 45 s, reads 45 s\n", "")


@contextmanager
def line():
    """Two pseudo-terminals, joined: what is written to one is read from the other."""
    ends = [pty.openpty(), pty.openpty()]
    for _, far in ends:
        tty.setraw(far)

    def copy(source, target):
        try:
            while data := os.read(source, 512):
                os.write(target, data)
        except OSError:
            pass  # the other end is closed

    for source, target in ((ends[0][0], ends[1][0]), (ends[1][0], ends[0][0])):
        threading.Thread(target=copy, args=(source, target), daemon=True).start()
    try:
        yield os.ttyname(ends[0][1]), os.ttyname(ends[1][1])
    finally:
        for end in ends:
            for handle in end:
                os.close(handle)


def asked_late(ours, theirs):
    """A reply that comes after its time does not pass for the next one."""
    link = modbus_link.open_link(ours, 19200, "N")
    try:
        assert link.read(7, 7, 2) == bytes([0x86, 0xA1, 0, 1])
        late = bytearray([7, 3, 4, 9, 9, 9, 9, 0, 0])
        seal(late, 7)
        with open(theirs, "wb", buffering=0) as port:
            port.write(late)
        time.sleep(0.1)
        assert link.read(7, 24, 2) == bytes([0xCD, 0x15, 0x07, 0x5B])
    finally:
        link.close()


def test_a_stranger_on_a_serial_line(ask):
    with line() as (ours, theirs):
        requests, ready = Requests(), threading.Event()
        server = None

        async def main():
            nonlocal server
            server = ModbusSerialServer(devices(TELTOCHARGE), port=theirs, baudrate=19200, trace_pdu=requests.note)
            await server.serve_forever(background=True)
            ready.set()
            await server.serving

        end = in_thread(main)
        assert ready.wait(5)
        try:
            options = ("--map", "teltocharge", "--unit", "7", "--baud", "19200")
            assert ask(ours, *options, "read", "evse_status_time") == (0, "100001 s\n", "")
            done = ask(ours, *options, "write", "amps_to_use", "8")
            assert done == (0, "amps_to_use: wrote 8 A, reads 8 A\n", "")
            assert [request[:2] for request in requests] == [(3, 7), (6, 15), (3, 15)]
            assert "illegal address" in ask(ours, *options, "read", "failsafe_current")[2]
            with open(ours, "rb") as port:
                assert termios.tcgetattr(port)[4] == termios.B19200
            asked_late(ours, theirs)
        finally:
            end(server.shutdown)


def test_the_usual_unit_depends_on_the_line():
    assert [list(register_map.units(name)) for name in NAMES] == [[1], [200, 1], [255], [1]]
    assert list(register_map.units("vestel", serial=True)) == [1]


def test_a_silent_line_is_given_up_and_told_what_to_check(ask, monkeypatch):
    monkeypatch.setattr(modbus_link, "ANSWER_S", 0.1)
    with line() as (ours, _):
        code, out, err = ask(ours, "--map", "teltocharge", "--baud", "115200", "read", "evse_id")
    assert (code, out) == (1, "")
    assert err == (
        f"fairamp: {ours} unit 1: no answer in 149 ms (2 tries); check wires A and B, --unit, --baud and --parity\n"
    )


def test_a_line_that_cannot_be_opened_or_set(ask):
    code, _, err = ask("/dev/no-such-port", "--map", "teltocharge", "read")
    assert (code, err.count("\n")) == (1, 1)
    assert "/dev/no-such-port: no such port" in err
    with line() as (ours, _):
        # A pseudo-terminal has no parity.
        code, _, err = ask(ours, "--map", "teltocharge", "--parity", "E", "read")
    assert (code, err) == (1, f"fairamp: {ours}: cannot have 9600 baud with parity E\n")


# ---- watch


@contextmanager
def watching(*args, **streams):
    """A process that is ended after a while, so that nobody waits for ever for what it should have said."""
    streams = streams or {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*FAIRAMP, "registers", *args], start_new_session=True, **streams)
    limit = threading.Timer(15, process.kill)
    limit.start()
    try:
        yield process
    finally:
        limit.cancel()
        process.kill()
        process.wait(5)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def test_watch_prints_changes_and_ends_with_a_success(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    ask(target, *options, "write", "amps_to_use", "11")
    with watching(target, *options, "watch", "amps_to_use", "amp_limit") as process:
        lines = [process.stdout.readline() for _ in range(2)]
        assert [line.split(" ", 1)[1] for line in lines] == ["amp_limit 32 A\n", "amps_to_use 11 A\n"]
        assert re.match(r"\d\d:\d\d:\d\d ", lines[0])
        ask(target, *options, "write", "amps_to_use", "12")
        assert process.stdout.readline().endswith(" amps_to_use 12 A\n")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=5) == ("", "")
        assert process.returncode == 0


def test_watch_repaints_in_place_on_a_terminal(twin, ask):
    target, *options = of_map(twin, "teltocharge")
    ask(target, *options, "write", "amps_to_use", "13")
    screen, terminal = pty.openpty()
    size = {"COLUMNS": "70", "LINES": "12", "TERM": "xterm-256color"}
    seen = b""

    def until(part):
        nonlocal seen
        while part not in seen:
            seen += os.read(screen, 4096)

    with watching(target, *options, "watch", stdout=terminal, stderr=terminal, env={**os.environ, **size}) as process:
        os.close(terminal)
        until(b"do not fit")
        assert b"\x1b[1A" not in seen
        until(b"\x1b[1A")  # painted again over the first picture
        process.send_signal(signal.SIGINT)
        until(b"\x1b[?25h")  # the cursor is back
        assert process.wait(5) == 0
    os.close(screen)
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", seen)
    assert b"voltage_l1" in plain and b"230 V" in plain and b"Traceback" not in plain
    assert all(len(line) <= 70 for line in plain.split(b"\r\n")[:10])


def test_watch_survives_a_box_that_is_away_for_a_while():
    with ExitStack() as later:
        with served({1: {15: words(10)}}) as (target, _):
            process = later.enter_context(watching(target, "--map", "teltocharge", "watch", "amps_to_use"))
            assert process.stdout.readline().endswith(" amps_to_use 10 A\n")
        assert process.stderr.readline().startswith(f"trying again: {target}")
        with served({1: {15: words(9)}}, port=int(target.split(":")[1])):
            assert process.stdout.readline().endswith(" amps_to_use 9 A\n")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        assert process.returncode == 0


def test_watch_of_nobody_fails_at_once():
    with socket.create_server(("127.0.0.1", 0)) as free:
        target = f"127.0.0.1:{free.getsockname()[1]}"
    with watching(target, "--map", "alfen", "watch") as process:
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err.count("\n")) == (1, "", 1)


def test_a_reader_that_has_seen_enough_is_no_trouble(twin):
    target, *options = of_map(twin, "alfen")
    for action in ("read", "watch"):
        with watching(target, *options, action) as process:
            process.stdout.readline()
            process.stdout.close()
            assert process.wait(10) == 0
            assert process.stderr.read() == ""


# ---- what the documents tell

TYPES = {"i16": "int16", "u16": "uint16", "u32": "uint32", "u64": "uint64", "i32": "int32"}


def code_of(kind):
    page = (docs.FOLDER / "connect-your-ems.md").read_text()
    return [
        re.sub(r"(?m)^   ", "", code) if indent else code
        for indent, code in re.findall(rf"(?ms)^( *)```{kind}\n(.*?)^ *```", page)
    ]


def test_the_home_assistant_configuration_fits_the_registers():
    (config,) = [found for code in code_of("yaml") if "modbus" in (found := yaml.safe_load(code))]
    rows = {row.address: row for row in rows_of("teltocharge")}
    (hub,) = config["modbus"]
    assert (hub["type"], hub["port"]) == ("tcp", Settings()["ems.teltocharge_port"])
    assert len(hub["sensors"]) >= 10
    for sensor in hub["sensors"]:
        row = rows[sensor["address"]]
        assert sensor["unique_id"] == f"fairamp_{row.name}"
        assert sensor["data_type"] == TYPES[row.kind], row.name
        assert sensor.get("scale", 1) == row.scale, row.name
        assert (sensor.get("swap") == "word") == row.low_first, row.name
        assert sensor.get("unit_of_measurement", "") == row.unit.replace("deg", "°"), row.name
        assert sensor["slave"] == 1
        assert sensor["scan_interval"] > 0
    assert min(sensor["scan_interval"] for sensor in hub["sensors"]) < 30, "the watchdog would strike"
    for key in ("unique_id", "name", "address"):
        assert len({sensor[key] for sensor in hub["sensors"]}) == len(hub["sensors"])
    (number,) = config["template"][0]["number"]
    assert (rows[15].name, rows[15].allowed) == ("amps_to_use", ((number["min"], number["max"]),))
    names = {"sensor." + re.sub(r"\W", "_", sensor["name"].lower()) for sensor in hub["sensors"]}
    assert set(re.findall(r"sensor\.\w+", number["state"])) <= names
    scripts = [step for script in config["script"].values() for step in script["sequence"]]
    for step in (*number["set_value"], *scripts):
        assert step["action"] == "modbus.write_register"
        assert (step["data"]["hub"], step["data"]["slave"]) == (hub["name"], 1)
        row = rows[step["data"]["address"]]
        assert row.set is not None
        assert isinstance(step["data"]["value"], str) or row.permits(step["data"]["value"])


def test_the_other_snippets_are_valid_and_the_settings_exist():
    chargers = [found["chargers"][0] for code in code_of("yaml") if "chargers" in (found := yaml.safe_load(code))]
    units = {charger["template"]: charger["id"] for charger in chargers}
    assert units == {"alfen": 1, "vestel": 255, "bender": 255}
    assert 1 in register_map.units("alfen")
    (settings,) = code_of("json")
    assert Settings().load(json.loads(settings), "settings.json") == []


@pytest.mark.parametrize("name", NAMES)
def test_every_register_is_on_its_page(name):
    page = docs.PAGES[f"registers-{name}.md"]()
    for row in rows_of(name):
        (found,) = [line for line in page.splitlines() if line.startswith(f"| {row.address} | {row.name} | {row.kind}")]
        assert found.count(" | ") == 6
        assert ("low word first" in found) == row.low_first
        assert ("filler" in found) == (not row.works)
    assert "Watchdog" in page and "When it strikes" in page
