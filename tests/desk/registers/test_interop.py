"""The four maps, read and written by clients that nobody here wrote: pymodbus, umodbus, mbpoll."""

import json
import math
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from pymodbus.client import ModbusSerialClient, ModbusTcpClient

from fairamp.managers import NAMES, load
from fairamp.modbus.server import ANY_UNIT
from fairamp.modbus.table import decode
from tests.desk.twin.twin_process import TwinProcess

ANY = {"teltocharge": 1, "vestel": 255, "mennekes": 1}
TYPES = ModbusTcpClient.DATATYPE
PYMODBUS_TYPE = {
    "u16": TYPES.UINT16,
    "i16": TYPES.INT16,
    "u32": TYPES.UINT32,
    "i32": TYPES.INT32,
    "u64": TYPES.UINT64,
    "f32": TYPES.FLOAT32,
    "f64": TYPES.FLOAT64,
}


@pytest.fixture(scope="module")
def twin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin")
    site = folder / "site.toml"
    # A car that is there already and stays; a box that can do all that a register may ask for.
    site.write_text("[[car]]\nmax = 10\n[[charger]]\nphase_switch = true\n")
    with TwinProcess(str(site), "--speed", "5", "--serial", str(folder / "rs485"), maps=NAMES) as process:
        process.serial = folder / "rs485"
        process.wait(lambda: process.status()["charger"]["draw"]["current_ma"][0] > 9000)
        yield process


def units(name):
    """(unit to ask, rows) of a map."""
    for unit, bank in load(name).banks(None).items():
        yield (ANY[name] if unit == ANY_UNIT else unit), bank.rows


ROWS = [(name, unit, row) for name in NAMES for unit, rows in units(name) for row in rows]
IDS = [f"{name}-{unit}-{row.address}-{row.name}" for name, unit, row in ROWS]


@pytest.fixture(scope="module")
def clients(twin):
    opened = {name: ModbusTcpClient("127.0.0.1", port=port) for name, port in twin.ports.items()}
    for client in opened.values():
        assert client.connect()
    yield opened
    for client in opened.values():
        client.close()


def same(ours, theirs):
    if isinstance(ours, float) and math.isnan(ours):
        return math.isnan(theirs)
    return ours == theirs


@pytest.mark.parametrize(("name", "unit", "row"), ROWS, ids=IDS)
def test_pymodbus_reads_every_register_and_decodes_it_as_we_do(clients, name, unit, row):
    for read in (clients[name].read_holding_registers, clients[name].read_input_registers):
        answer = read(row.address, count=row.words, device_id=unit)
        if row.get is None:
            assert answer.exception_code == 2
            continue
        assert not answer.isError(), answer
        data = struct.pack(f">{row.words}H", *answer.registers)
        ours = decode(row, data, 0)
        if row.kind == "ascii":
            theirs = clients[name].convert_from_registers(answer.registers, TYPES.STRING).replace("\0", "")
        elif row.kind == "utf16":
            theirs = data.decode("utf-16-be").replace("\0", "")
        else:
            order = "little" if row.low_first else "big"
            theirs = clients[name].convert_from_registers(answer.registers, PYMODBUS_TYPE[row.kind], word_order=order)
        assert same(ours, theirs), (ours, theirs, answer.registers)


def writable_rows():
    for name, unit, row in ROWS:
        # A restart would end the other tests; a card stops the session.
        if row.set is not None and row.name not in ("request_reboot", "write_idtag"):
            yield pytest.param(name, unit, row, id=f"{name}-{unit}-{row.address}-{row.name}")


def good_values(row):
    """Values that the table permits; the one in force among them, so that nothing strange happens to the box."""
    if row.kind == "f32":
        return [16.0]
    values = []
    for item in row.allowed or ((0, 1),):
        values += [item] if isinstance(item, int) else [item[0], item[1]]
    return values


@pytest.mark.parametrize(("name", "unit", "row"), list(writable_rows()))
def test_pymodbus_writes_every_writable_register(clients, name, unit, row):
    client = clients[name]
    order = "little" if row.low_first else "big"
    before = client.read_holding_registers(row.address, count=row.words, device_id=unit).registers
    taken = 0
    for value in good_values(row):
        words = client.convert_to_registers(value, PYMODBUS_TYPE[row.kind], word_order=order)
        answers = [client.write_registers(row.address, words, device_id=unit)]
        if row.words == 1:
            answers.append(client.write_register(row.address, words[0], device_id=unit))
        for answer in answers:
            # A value may be in range and still be refused for what the box is: then with "illegal value", or "busy".
            assert not answer.isError() or answer.exception_code in (3, 6), (value, answer)
            taken += not answer.isError()
    assert taken, "no value was taken"
    client.write_registers(row.address, before, device_id=unit)


@pytest.mark.parametrize(
    ("name", "unit", "address", "value"),
    [("teltocharge", 1, 15, 10), ("vestel", 255, 5004, 11), ("mennekes", 1, 1000, 12)],
)
def test_a_set_point_reads_back_and_a_part_of_a_block_is_refused_whole(clients, name, unit, address, value):
    client = clients[name]
    for write in (client.write_register, lambda at, one, **more: client.write_registers(at, [one], **more)):
        assert not write(address, value, device_id=unit).isError()
        assert client.read_holding_registers(address, count=1, device_id=unit).registers == [value]
    # The second word is no register to be written: the first one stays as it was.
    refused = client.write_registers(address, [value + 1, 60000], device_id=unit)
    assert refused.exception_code in (2, 3)
    assert client.read_holding_registers(address, count=1, device_id=unit).registers == [value]
    client.write_register(address, 32, device_id=unit)


@pytest.mark.parametrize("name", NAMES)
def test_every_exception(clients, name):
    client = clients[name]
    unit, rows = next(units(name))
    first = rows[0].address
    assert client.read_coils(first, count=1, device_id=unit).exception_code == 1
    assert client.read_holding_registers(65000, count=1, device_id=unit).exception_code == 2
    assert client.write_register(65000, 1, device_id=unit).exception_code == 2
    assert client.write_register(first, 1, device_id=unit).exception_code == 2
    limited = next((row for row in rows if row.set and row.kind == "u16" and row.allowed), None)
    if limited:
        assert client.write_register(limited.address, 65535, device_id=unit).exception_code == 3


def test_device_identification(clients):
    answer = clients["teltocharge"].read_device_information(read_code=1, object_id=0, device_id=1)
    assert answer.information[0] == b"Fairamp"


def test_floats_in_both_orders_of_words():
    """Our own codec against pymodbus, for every kind and order, not only those that the maps use."""
    from fairamp.modbus.table import Row, encode

    for kind, kind_of_theirs in PYMODBUS_TYPE.items():
        for low_first in (False, True):
            row = Row(0, "x", kind, None, low_first=low_first)
            for value in (0, 1, 12345, 60000) if kind[0] != "f" else (0.0, -1.5, 16.25, 1e6):
                if kind == "i16" and value > 32767:
                    continue
                out = bytearray(2 * row.words)
                encode(row, value, out, 0)
                order = "little" if low_first else "big"
                words = list(struct.unpack(f">{row.words}H", out))
                assert words == ModbusTcpClient.convert_to_registers(value, kind_of_theirs, word_order=order)
                assert decode(row, out, 0) == value


def test_pymodbus_over_the_serial_line(twin):
    with ModbusSerialClient(str(twin.serial), baudrate=9600) as client:
        for row in load("teltocharge").banks(None)[ANY_UNIT].rows:
            answer = client.read_holding_registers(row.address, count=row.words, device_id=1)
            assert len(answer.registers) == row.words
        assert client.read_holding_registers(0, count=45, device_id=1).registers[9] == 21571
        assert client.write_register(15, 10, device_id=1).registers == [10]
        assert client.write_registers(19, [30, 6], device_id=1).count == 2
        assert client.read_holding_registers(500, count=1, device_id=1).exception_code == 2
        assert client.write_register(15, 99, device_id=1).exception_code == 3


def test_umodbus_reads_and_writes(twin):
    program = Path(__file__).parent / "peers" / "umodbus_client.py"
    for name, address, value in (("teltocharge", 15, 9), ("vestel", 5004, 9), ("mennekes", 1000, 9)):
        rows = [row for _, rows in units(name) for row in rows if row.get]
        requests = [["read", function, row.address, row.words] for row in rows for function in (3, 4)]
        requests += [
            ["write", 6, address, [value]],
            ["read", 3, address, 1],
            ["write", 16, address, [32]],
            ["read", 3, address, 1],
            ["read", 3, 65000, 1],
            ["write", 6, address, [65000]],
        ]
        done = subprocess.run(
            [sys.executable, program, str(twin.ports[name]), str(ANY[name])],
            input="\n".join(map(json.dumps, requests)),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(requests)
        for request, answer in zip(requests[:-6], answers, strict=False):
            assert len(answer) == request[3], (request, answer)
        assert answers[-5:-2:2] == [[value], [32]]
        assert answers[-2:] == [{"exception": "IllegalDataAddressError"}, {"exception": "IllegalDataValueError"}]


def test_mbpoll_where_it_is_installed(twin):
    mbpoll = shutil.which("mbpoll")
    if mbpoll is None:
        return
    port = str(twin.ports["teltocharge"])
    read = subprocess.run(
        [mbpoll, "-m", "tcp", "-p", port, "-a", "1", "-0", "-r", "9", "-c", "1", "-1", "-q", "127.0.0.1"],
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert "21571" in read.stdout, read
