"""Stands in for the modules `machine`, `rp2`, `esp32`, `network` and `neopixel` and keeps what the drivers did.

It is strict where a chip would be: unknown settings, pins and names are refused.
"""

import sys
import time
import types
from collections.abc import Callable
from typing import Any

from tests.desk.chips import fake_stream

# Everything in the order in which it happened: (what, pin or number, value).
events: list[tuple] = []
# What the converters see, in microvolts, by pin; that of the temperature of an RP2040 is at no pin.
CORE = -1
microvolts: dict[int, int] = {}
# The same as functions of the time in microseconds, which go first.
signals: dict[int, Callable[[float], float]] = {}
# How many of the next readings of an ESP32 come to nothing.
failing = 0
inputs: dict[int, int] = {}
ports: dict[int, "UART"] = {}
pwms: dict[int, "PWM"] = {}
watchdogs: list["WDT"] = []
PWRON_RESET, WDT_RESET = 1, 3
causes: list[int] = [PWRON_RESET]
strips: list["NeoPixel"] = []
wlans: list["WLAN"] = []
pulses: dict[int, "RMT"] = {}


def forget() -> None:
    global failing
    failing = 0
    causes[:] = [PWRON_RESET]
    fake_stream.forget(volts_at)
    for kept in (events, microvolts, signals, inputs, ports, pwms, watchdogs, strips, wlans, pulses):
        kept.clear()


def volts_at(pin: int, us: float) -> int:
    """What a pin has, in microvolts."""
    return int(signals[pin](us)) if pin in signals else microvolts.get(pin, 0)


def level(pin: int | str) -> int | None:
    """The level of an output."""
    if pin in pulses:
        return int(pulses[pin].active())  # type: ignore[index]
    levels = [value for what, where, value in events if what == "out" and where == pin]
    return levels[-1] if levels else None


class Pin:
    IN = 0
    OUT = 1
    PULL_UP = 1

    def __init__(self, id: int | str, mode: int = -1, pull: int = -1, *, value: int | None = None):
        assert isinstance(id, int) or id == "LED"
        self.id = id
        self.mode = mode
        self.pull = pull
        if mode == Pin.OUT:
            assert value is not None, f"pin {id}: an output without a first level"
            events.append(("out", id, value))
        elif mode == Pin.IN:
            events.append(("in", id, pull))

    def value(self, level: int | None = None) -> int | None:
        if level is not None:
            assert self.mode == Pin.OUT
            events.append(("out", self.id, level))
            return None
        # A pull-up holds an open contact high.
        return inputs.get(self.id, 1 if self.pull == Pin.PULL_UP else 0)  # type: ignore[arg-type]


class PWM:
    def __init__(self, pin: Pin, *, freq: int, duty_u16: int):
        assert isinstance(pin.id, int)
        self.freq = freq
        self.duty = duty_u16
        pwms[pin.id] = self
        events.append(("pwm", pin.id, duty_u16))

    def duty_u16(self, duty: int) -> None:
        assert 0 <= duty <= 65535
        self.duty = duty


class ADC:
    ATTN_11DB = 3
    CORE_TEMP = 4

    def __init__(self, pin: Pin | int, *, atten: int = 0):
        if isinstance(pin, Pin):
            assert isinstance(pin.id, int)
            self.pin = pin.id
        else:
            assert pin == ADC.CORE_TEMP
            self.pin = CORE
        self.atten = atten

    def seen(self) -> int:
        global failing
        if failing:
            failing -= 1
            raise OSError(-263, "ESP_ERR_TIMEOUT")
        return volts_at(self.pin, fake_stream.clock.us)

    def read_u16(self) -> int:
        assert not fake_stream.converter.running(), "a single reading spoils the order of the stream"
        code = min(self.seen() * 4096 // 3300000, 4095)
        return code << 4 | code >> 8

    def read_uv(self) -> int:
        assert self.atten == ADC.ATTN_11DB
        return self.seen() // 1000 * 1000


class UART:
    """Bytes in `waiting` have arrived; what was written is in `sent`."""

    def __init__(
        self,
        id: int,
        baudrate: int,
        bits: int,
        parity: int | None,
        stop: int,
        *,
        tx: Pin,
        rx: Pin,
        rxbuf: int,
        txbuf: int,
        timeout: int,
    ):
        self.number = id
        self.settings = (baudrate, bits, parity, stop)
        self.pins = (tx.id, rx.id)
        self.rxbuf, self.txbuf, self.timeout = rxbuf, txbuf, timeout
        self.waiting = b""
        self.sent = b""
        self.char_us = (1 + bits + (parity is not None) + stop) * 1e6 / baudrate
        self.late_us = 0.0  # so much later it begins to send
        self.done_us = 0.0
        ports[id] = self
        events.append(("uart", id, baudrate))

    def any(self) -> int:
        return len(self.waiting)

    def readinto(self, buf: Any, nbytes: int | None = None) -> int:
        count = len(buf) if nbytes is None else nbytes
        assert 0 < count <= len(self.waiting), "an RP2040 would wait for the rest"
        buf[:count] = self.waiting[:count]
        self.waiting = self.waiting[count:]
        return count

    def write(self, buf: bytes) -> int:
        self.sent += bytes(buf)
        self.done_us = fake_stream.clock.us + len(buf) * self.char_us + self.late_us
        return len(buf)

    def txdone(self) -> bool:
        return fake_stream.clock.us >= self.done_us


class RMT:
    """The pulse generator of an ESP32."""

    PULSE_MAX = 32767

    def __init__(self, id: int, *, pin: Pin, clock_div: int):
        assert clock_div == 80  # microseconds
        assert isinstance(pin.id, int)
        self.pin = pin.id
        self.until_us = 0.0
        pulses[pin.id] = self

    def write_pulses(self, durations: list[int], levels: list[int]) -> None:
        assert all(0 < us <= RMT.PULSE_MAX for us in durations) and set(levels) == {1}
        assert len(durations) == len(levels)
        assert not self.active(), "the chip would wait for the pulse before"
        self.until_us = fake_stream.clock.us + sum(durations)

    def active(self) -> bool:
        return fake_stream.clock.us < self.until_us


class WDT:
    def __init__(self, *, timeout: int):
        self.timeout = timeout
        self.fed = 0
        watchdogs.append(self)

    def feed(self) -> None:
        self.fed += 1


class NeoPixel:
    def __init__(self, pin: Pin, n: int):
        self.pin = pin.id
        self.next = [(0, 0, 0)] * n
        self.shown: list[tuple] = []  # until the first write: what it had before the reset
        strips.append(self)

    def __setitem__(self, index: int, colour: tuple) -> None:
        self.next[index] = colour

    def write(self) -> None:
        self.shown = list(self.next)


def hostname(name: str) -> None:
    assert 0 < len(name) <= 32
    assert not any(wlan.on for wlan in wlans), "too late: the responder was told of another name"
    events.append(("host", "", name))


class WLAN:
    IF_STA = 0
    PM_NONE = 16

    def __init__(self, interface: int):
        assert interface == WLAN.IF_STA
        self.on = False
        self.power_save: int | None = None
        self.joining: tuple | None = None
        self.own_address: str | None = None
        self.name_server = "192.168.1.1"
        wlans.append(self)

    def active(self, on: bool | None = None) -> bool:
        if on is not None:
            self.on = on
        return self.on

    def config(self, *, pm: int) -> None:
        assert self.on
        self.power_save = pm

    def connect(self, name: str, password: str | None) -> None:
        assert self.on
        if self.joining:
            raise OSError("Wifi Internal State Error")
        self.joining = (name, password)

    def disconnect(self) -> None:
        assert self.on
        self.joining = None

    def isconnected(self) -> bool:
        return self.own_address is not None

    def ifconfig(self) -> tuple:
        return (self.own_address or "0.0.0.0", "255.255.255.0", "192.168.1.1", self.name_server)


def reset() -> None:
    events.append(("reset", 0, 0))


def freq(hertz: int) -> None:
    if hertz > 133000000:
        assert fake_stream.core[0] & 0xF0 == 0xC0, "this clock needs more than 1.1 V"
    events.append(("clock", 0, hertz))


def install(monkeypatch: Any) -> types.ModuleType:
    """Puts the fake chip below the drivers; returns this module."""
    forget()
    for name, module in MODULES.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(time, "ticks_ms", lambda: fake_stream.clock.ms(), raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda now, since: now - since, raising=False)
    return sys.modules[__name__]


def module(name: str, **content: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(content)
    return made


# That of the first ESP32; newer chips also have mcu_temperature.
esp32 = module("esp32", RMT=RMT)
MODULES = {
    "esp32": esp32,
    "machine": module(
        "machine",
        ADC=ADC,
        PWM=PWM,
        UART=UART,
        WDT=WDT,
        Pin=Pin,
        Timer=fake_stream.Timer,
        mem32=fake_stream.mem32,
        freq=freq,
        reset=reset,
        reset_cause=lambda: causes[-1],
        PWRON_RESET=PWRON_RESET,
    ),
    "network": module("network", WLAN=WLAN, hostname=hostname),
    "neopixel": module("neopixel", NeoPixel=NeoPixel),
    "rp2": module("rp2", DMA=fake_stream.DMA),
}
