"""`fairamp registers` asked wrongly: told before anything is sent."""

import pytest

from tests.desk.commands.modbus_servers import served

COMMAND = "registers"


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
