"""`fairamp registers` against our own twin, over the network and on its serial line."""

import pytest
from pymodbus.client import ModbusTcpClient

from fairamp.managers import NAMES
from tests.desk.commands.registers_command import of_map, parse, rows_of

COMMAND = "registers"


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
    assert parse(out)["voltage_l1_n"][1] in ("229.9 V", "230 V", "230.1 V")  # it lives
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


def test_a_device_with_none_of_the_registers_is_not_of_this_map(twin, ask):
    target, _, _ = of_map(twin, "mennekes")
    code, out, err = ask(target, "--map", "teltocharge", "read")
    assert (code, out) == (1, "")
    assert err == f"fairamp: {target}: has none of the registers of teltocharge; is --map right?\n"


def test_the_serial_line_of_the_twin(twin, ask):
    assert ask(twin.serial, "--map", "teltocharge", "read", "evse_id") == (0, "21571\n", "")
    code, out, _ = ask(twin.serial, "--map", "teltocharge", "read")
    assert (code, len(parse(out))) == (0, len(rows_of("teltocharge")))
    done = ask(twin.serial, "--map", "teltocharge", "write", "communication_timeout", "45 s")
    assert done == (0, "communication_timeout: wrote 45 s, reads 45 s\n", "")
