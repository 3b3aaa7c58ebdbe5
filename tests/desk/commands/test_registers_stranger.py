"""`fairamp registers` against a stranger: pymodbus serves, encodes and decodes."""

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.simulator import DataType

from tests.desk.commands.modbus_servers import TELTOCHARGE, served, words
from tests.desk.commands.registers_command import parse, rows_of

COMMAND = "registers"


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
