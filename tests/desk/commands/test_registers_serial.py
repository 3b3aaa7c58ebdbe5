"""`fairamp registers` on a serial line: a stranger at its other end, or nobody."""

import os
import pty
import termios
import threading
import time
import tty
from contextlib import contextmanager

from pymodbus.server import ModbusSerialServer

from fairamp.managers import NAMES
from fairamp.modbus.frames import seal
from fairamp_desk.registers import map as register_map
from fairamp_desk.registers import modbus_link
from tests.desk.commands.modbus_servers import TELTOCHARGE, Requests, devices, in_thread

COMMAND = "registers"


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
