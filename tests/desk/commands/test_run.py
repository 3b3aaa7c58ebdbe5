"""`fairamp run` as users and scripts meet it: a process, its ports, its exit code."""

import asyncio
import contextlib
import json
import os
import pty
import re
import signal
import socket
import subprocess
import termios
import urllib.error
import urllib.request

import pytest
from pymodbus import ModbusException
from pymodbus.client import ModbusSerialClient, ModbusTcpClient

from tests.desk.twin.twin_process import FAIRAMP, TwinProcess

ANY_PORTS = ["--modbus-tcp", "127.0.0.1:0", "--http", "127.0.0.1:0"]
# The cursor goes to the first line; the screen of its own is left.
HOME, LEAVE = b"\x1b[H", b"\x1b[?1049l"
CAR_AT_ONCE = """
[site]
fuse = [20, 20, 20]
[[load]]
amps = [2, 4, 3]
[[car]]
"""


class Run(TwinProcess):
    """With an energy manager connected to its TeltoCharge registers."""

    def __enter__(self):
        self.modbus_port = self.ports["teltocharge"]
        self.client = ModbusTcpClient("127.0.0.1", port=self.modbus_port)
        assert self.client.connect()
        return self

    def __exit__(self, *problem):
        self.client.close()
        super().__exit__(*problem)

    def read(self, address, count=1):
        return self.client.read_holding_registers(address, count=count).registers


@pytest.fixture
def site(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(CAR_AT_ONCE)
    return str(path)


def test_an_ems_reads_writes_and_the_car_follows(site):
    with Run(site, "--speed", "5") as run:
        assert run.lines[2].startswith("password ") and run.lines[3] == "ready"
        assert run.read(9) == [21571]
        run.wait(lambda: run.read(5)[0] >= 155)
        assert run.read(0, 16) == [
            230,
            230,
            230,
            160,
            160,
            160,
            0,
            run.read(7)[0],
            0,
            21571,
            1,
            0,
            32,
            6,
            6,
            32,
        ]
        assert not run.client.write_register(15, 10).isError()
        run.wait(lambda: max(run.read(3, 3)) <= 100, seconds=10)
        assert run.read(15) == [10]
        charger = run.status()["charger"]
        assert (charger["offer_ma"], charger["why"]) == (10000, "energy management")
        assert run.client.write_register(15, 33).exception_code == 3
        assert run.client.write_register(9, 1).exception_code == 2
        # The limits of the house stay in force, whatever the energy manager asks for.
        run.client.write_register(15, 32)
        run.wait(lambda: run.status()["charger"]["offer_ma"] == 16000)


def test_the_house_pushes_the_car_down_and_its_meter_may_get_lost(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(
        CAR_AT_ONCE
        + """
[[load]]
at = 40
amps = [2, 12, 3]
[[event]]
at = 60
what = "meter_lost"
[[event]]
at = 75
what = "meter_back"
"""
    )
    with Run(str(path), "--speed", "10") as run:
        run.wait(lambda: run.read(4)[0] >= 155)
        run.wait(lambda: 78 <= run.read(4)[0] <= 80)
        run.wait(lambda: run.status()["meter"] == "meter lost" and run.status()["charger"]["offer_ma"] == 6000)
        run.wait(lambda: run.status()["meter"] == "live")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(site, number):
    with Run(site) as run:
        run.process.send_signal(number)
        _, errors = run.process.communicate(timeout=10)
        assert (run.process.returncode, errors) == (0, "")


def test_it_stops_after_the_seconds_asked_for(site):
    with Run(site, "--seconds", "20", "--speed", "20") as run:
        _, errors = run.process.communicate(timeout=10)
        assert (run.process.returncode, errors) == (0, "")


def fairamp(*args):
    return subprocess.run([*FAIRAMP, *args], capture_output=True, text=True, timeout=20)


def test_a_busy_port_is_one_line_and_exit_1():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for option in ("--modbus-tcp", "--http"):
            done = fairamp("run", "--quiet", *ANY_PORTS, option, f"127.0.0.1:{port}")
            assert done.returncode == 1
            assert done.stderr.count("\n") == 1
            assert f"{option}: 127.0.0.1:{port} cannot be used" in done.stderr
            assert f"{option} 127.0.0.1:0" in done.stderr


@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["run", "nothing.toml"], "nothing.toml: cannot be read"),
        (["run", "--modbus-tcp", "here"], "'here' is not HOST:PORT, for example 127.0.0.1:1502"),
        (["run", "--http", "x"], "'x' is not HOST:PORT, for example 127.0.0.1:8080"),
        (["run", "--speed", "0"], "'0' is not a whole number"),
        (["run", "--speed", "1001"], "--speed: at most 1000"),
        (["run", "--map", "tesla"], "invalid choice"),
        (["boards", "toaster"], "unknown board 'toaster'; known: esp32_devkitc"),
        (["dance"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_use_is_exit_2_without_a_traceback(args, part):
    done = fairamp(*args)
    assert done.returncode == 2
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_site_names_file_key_and_what_is_allowed(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[site]\nfuse = 'big'\n[[car]]\nphases = 7\n")
    done = fairamp("run", str(path))
    assert done.returncode == 2
    assert f"{path}: [site] fuse: 'big' is not possible; allowed: three numbers from 6 to 1000 A" in done.stderr
    assert "phases: 7 is not possible" in done.stderr


def test_a_site_says_which_registers_and_the_command_line_where(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text('[wifi]\nname = "home"\n[web]\nport = 0\n[ems]\nserial_map = "alfen"\nvestel_port = 1503\n')
    with TwinProcess(str(path), "--modbus-tcp", "127.0.0.1:0", maps=()) as twin:
        assert list(twin.ports) == ["alfen"] and twin.status()


def test_the_live_view_shows_phases_offer_and_reason(site):
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [*FAIRAMP, "run", *ANY_PORTS, site, "--seconds", "60", "--speed", "20"],
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "110", "LINES": "40"},
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(screen, 4096):
            shown += chunk
    except OSError:
        pass  # how a pseudo-terminal says that the other end has closed
    assert process.wait(10) == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    for part in (
        "L3",
        "20 A",
        "offer",
        "16.0 A, duty 26.66 %",
        "C2: charging",
        "limited by",
        "load balance",
        "live",
    ):
        assert part in text, part
    # It updates in place, on a screen of its own; the last picture stays.
    assert shown.count(HOME) > 5 and b"C2: charging" in shown.rsplit(LEAVE, 1)[1]


def test_the_live_view_survives_a_terminal_that_becomes_smaller(site):
    screen, terminal = pty.openpty()
    termios.tcsetwinsize(screen, (40, 110))
    process = subprocess.Popen(
        [*FAIRAMP, "run", *ANY_PORTS, site],
        stdout=terminal,
        stderr=terminal,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color"},
    )
    os.close(terminal)

    def until(condition):
        shown = b""
        while not condition(shown):
            shown += os.read(screen, 4096)
        return shown

    try:
        until(lambda shown: shown.count(HOME) > 3)
        termios.tcsetwinsize(screen, (18, 50))
        # The picture that was being made may still be a large one.
        picture = until(lambda shown: shown.count(HOME) > 4).split(HOME)[-2]
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):
            until(lambda _: False)
        assert process.wait(10) == 0
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", picture.decode()).split("\r\n")
    assert len(lines) == 18 and {len(line) for line in lines} == {50}
    assert any("http://127.0.0.1" in line for line in lines)


def test_hostile_clients_do_not_disturb_others(site):
    with Run(site) as run:

        async def pester():
            for junk in (
                b"GET / HTTP/1.0\r\n\r\n",
                bytes(300),
                os.urandom(5000),
                b"\x00\x01\x00\x00\x00\x06\x01",
            ):
                _, writer = await asyncio.open_connection("127.0.0.1", run.modbus_port)
                writer.write(junk)
                writer.close()

        asyncio.run(pester())
        assert run.read(9) == [21571]
        run.process.send_signal(signal.SIGTERM)
        _, errors = run.process.communicate(timeout=10)
        assert (run.process.returncode, errors) == (0, "")


def test_the_serial_line_is_linked_and_the_link_goes_with_it(tmp_path, site):
    path = tmp_path / "rs485"
    path.symlink_to("/dev/pts/999999")  # what a killed run left behind
    with Run(site, "--serial", str(path)) as run:
        assert f"serial {path}" in run.lines
        with ModbusSerialClient(str(path), baudrate=9600, timeout=1, retries=0) as client:
            assert client.read_holding_registers(9, count=1, device_id=1).registers == [21571]
            assert client.write_register(15, 7, device_id=1).registers == [7]
            # Others live on the same line: what is not for unit 1 is not for us.
            with pytest.raises(ModbusException):
                client.read_holding_registers(9, count=1, device_id=2)
        assert run.read(15) == [7]
        run.process.send_signal(signal.SIGTERM)
        _, errors = run.process.communicate(timeout=10)
        assert (run.process.returncode, errors) == (0, "")
    assert not path.is_symlink()


def test_a_file_in_the_way_of_the_serial_line_is_left_alone(tmp_path):
    path = tmp_path / "rs485"
    path.write_text("mine")
    done = fairamp("run", "--quiet", *ANY_PORTS, "--serial", str(path))
    assert done.returncode == 1
    assert f"--serial: {path} cannot be made" in done.stderr
    assert path.read_text() == "mine"


def test_faults_by_hand(site):
    with Run("--speed", "10", str(site)) as run:

        def happen(what):
            request = urllib.request.Request(f"{run.http}/twin/{what}", method="POST")
            with urllib.request.urlopen(request) as answer:
                return answer.status

        run.wait(lambda: run.status()["meter"] == "live")
        assert happen("meter_lost") == 204
        run.wait(lambda: run.status()["meter"] == "meter lost")
        assert "no answer" in run.status()["grid"]["problem"]
        assert happen("meter_back") == 204
        run.wait(lambda: run.status()["meter"] == "live")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            happen("fire")
        with pytest.raises(urllib.error.HTTPError, match="409") as refused:
            happen("network_lost")
        assert "has no network to lose" in refused.value.read().decode()


def test_no_page_of_another_site_moves_the_twin():
    def ask(path, **headers):
        request = urllib.request.Request(run.http + path, b"{}", {"Content-Type": "application/json", **headers})
        with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=10):
            pass
        return refused.value.code

    with TwinProcess() as run:
        for path in ("/twin/meter_lost", "/twin/settings", "/api/check", "/api/reset", "/api/meter"):
            assert ask(path, Host="evil.example", Origin="http://evil.example") == 421, path
            assert ask(path, Origin="http://evil.example") == 403, path
        assert run.status()["meter"] != "meter lost"


def test_settings_change_while_it_runs(tmp_path):
    """Live ones at once, the others wait, and wrong ones change nothing."""

    def change(sections):
        request = urllib.request.Request(
            f"{run.http}/twin/settings", json.dumps(sections).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    with TwinProcess("--speed", "10") as run:
        assert change({"site": {"headroom": 5}}) == (200, {"restart": []})
        status, said = change({"site": {"headroom": 3, "fuse": 16}, "nobody": {}})
        assert status == 400 and len(said["errors"]) == 2 and "[site] fuse: 16 is not possible" in said["errors"][0]
        assert change({"site": {"fuse": [16, 16, 16]}}) == (200, {"restart": ["[site] fuse"]})
        status, said = change([])
        assert status == 400 and "not a JSON object" in said["errors"][0]
