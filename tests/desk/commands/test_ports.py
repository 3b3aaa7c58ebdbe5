import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial  # type: ignore[import-untyped]
from serial.tools import list_ports  # type: ignore[import-untyped]

from fairamp_desk import ports
from fairamp_desk.errors import Failure, UsageError


class Listed(SimpleNamespace):
    def __lt__(self, other: SimpleNamespace) -> bool:
        return self.device < other.device


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [
        Listed(device="/dev/ttyUSB7", vid=1, serial_number="E66"),
        Listed(device="/dev/ttyS0", vid=None, serial_number=None),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: listed)


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("auto", "/dev/ttyUSB7"),
        ("id:E66", "/dev/ttyUSB7"),
        ("port:/dev/x", "/dev/x"),
        ("a0", "/dev/ttyACM0"),
        ("u3", "/dev/ttyUSB3"),
        ("c4", "COM4"),
        ("/dev/ttyACM0", "/dev/ttyACM0"),
        ("socket://box:23", "socket://box:23"),
    ],
)
def test_names_of_mpremote(plugged_in: None, name: str, device: str) -> None:
    assert ports.resolve(name) == device


def test_a_missing_port_names_those_that_are_there(plugged_in: None) -> None:
    with pytest.raises(Failure, match=r"^/dev/none: no such port; there is: /dev/ttyS0, /dev/ttyUSB7$"):
        ports.open_port("/dev/none")


def test_nothing_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", list)
    with pytest.raises(Failure, match=r"no USB serial port found; .*plugged in"):
        ports.open_port("auto")


def test_no_permission_names_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    group = Path(os.devnull).group()
    with pytest.raises(Failure, match=rf"no permission; .*usermod -aG {group} "):
        ports.open_port(os.devnull)
    with pytest.raises(Failure, match=r"no permission; .*usermod -aG dialout "):
        ports.open_port("/dev/none")


def test_what_is_no_serial_port(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(Failure, match="not a serial port"):
            ports.open_port(str(path))


def test_a_socket_that_nobody_serves() -> None:
    with pytest.raises(Failure, match=r"^socket://127.0.0.1:1: Connection refused$"):
        ports.open_port("socket://127.0.0.1:1")


def test_an_address_of_unknown_kind() -> None:
    with pytest.raises(UsageError, match="--port carrier://pigeon"):
        ports.open_port("carrier://pigeon")
