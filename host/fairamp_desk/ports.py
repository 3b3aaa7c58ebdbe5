"""Serial ports of this computer, opened with errors that say what to do."""

import errno
import re
from collections.abc import Callable
from pathlib import Path

import serial  # type: ignore[import-untyped]
from serial.tools import list_ports  # type: ignore[import-untyped]

from fairamp_desk.errors import Failure, UsageError

BAUD = 115200
# Reading gives up after this long without a byte: long enough for a gap inside a line, short for a user.
QUIET_S = 0.1
SHORT_NAMES = {"a": "/dev/ttyACM", "u": "/dev/ttyUSB", "c": "COM"}
HELP = "serial port: /dev/ttyACM0, COM3, socket://HOST:PORT, auto, or any other name that mpremote takes"


def open_port(name: str) -> serial.SerialBase:
    """The open port; Failure with advice when it cannot be had.

    DTR and RTS stay on, which is pyserial's default: the usual ESP32 boards run with both on or both off and
    are reset by one without the other, and a Pico is silent while DTR is off.
    """
    device = resolve(name)
    try:
        return serial.serial_for_url(device, baudrate=BAUD, timeout=QUIET_S, exclusive=True)
    except ValueError as error:
        raise UsageError(f"--port {name}: {error}") from error
    except OSError as error:
        raise Failure(f"{device}: {reason(device, error)}") from error


def resolve(name: str) -> str:
    """The device behind a short name of mpremote: auto, id:SERIAL, port:DEVICE, a0, u0, c0."""
    if name == "auto":
        return first(lambda port: port.vid is not None, "no USB serial port found")
    if name.startswith("id:"):
        return first(lambda port: port.serial_number == name[3:], f"no port with serial number {name[3:]}")
    if name.startswith("port:"):
        return name[5:]
    if re.fullmatch("[auc][0-9]", name):
        return SHORT_NAMES[name[0]] + name[1]
    return name


def first(wanted: Callable, missing: str) -> str:
    for port in sorted(list_ports.comports()):
        if wanted(port):
            return port.device
    raise Failure(f"{missing}; {present()}")


def present() -> str:
    """What could be meant instead."""
    devices = sorted(port.device for port in list_ports.comports())
    if devices:
        return "there is: " + ", ".join(devices)
    return "no serial port here at all; is the board plugged in, with a cable that carries data?"


def reason(device: str, error: OSError) -> str:
    """Why it did not open, and what to do."""
    if error.errno in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
        return f"no such port; {present()}"
    if error.errno in (errno.EBUSY, errno.EAGAIN):
        return "in use by another program; close it (a monitor, mpremote, an editor with a serial console)"
    if error.errno in (errno.EACCES, errno.EPERM):
        group = owning_group(device)
        return f"no permission; join its group with `sudo usermod -aG {group} $USER`, then log out and in again"
    if Path(device).exists() and not Path(device).is_char_device():
        return "not a serial port"
    return plain(error)


def owning_group(device: str) -> str:
    """dialout on most systems, uucp on others: the device file knows."""
    try:
        return Path(device).group()
    except (OSError, KeyError, NotImplementedError):
        return "dialout"


def plain(error: OSError) -> str:
    """The system's own words without numbers and repetition."""
    return re.sub(r".*\[Errno -?\d+\] ", "", str(error.strerror or error))
