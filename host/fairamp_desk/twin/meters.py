"""Simulated meters: real registers that answer real bytes, and what can be wrong with them."""

import random

from fairamp.meters.model import (
    CURRENT,
    EXPORT,
    FREQUENCY,
    IMPORT,
    POWER,
    POWER_IN,
    POWER_OUT,
    STAMP,
    TOTAL,
    TOTAL_IN,
    TOTAL_OUT,
    VOLTAGE,
    Model,
    addresses,
)
from fairamp.modbus.bank import Bank
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.modbus.tcp_session import TcpSession

# A live meter never shows the same voltage for long, in whatever rhythm it is read.
FLICKER_V = (0.0, 0.1, -0.1, 0.2, -0.3, -0.2, 0.3)
FLICKER_MS = 1000
FREQUENCY_HZ = 50.0
# What can be wrong with the meter of the house; each has an event.
FAULTS = ("lost", "frozen", "slow", "noisy", "reversed", "swapped", "unclamped", "tenth", "tenfold")
# A clock that nobody has set: 2026.
SINCE_S = 1767225600
SLOW_S = 0.7
SPOILED = 0.1


class SimulatedMeter:
    """What a meter measures; the world writes it, registers and telegrams show it. `amps` are signed: + = import."""

    def __init__(self, voltage: int, kwh: float = 0.0):
        """`kwh`: what it has counted before."""
        self._voltage = float(voltage)
        self._ms = 0
        self.since = SINCE_S  # what its own clock, which knows no summer time, showed when it began
        self.volts = [float(voltage)] * 3
        self.amps = [0.0, 0.0, 0.0]
        self.kwh = kwh
        self.kwh_out = 0.0
        self.faults: set[str] = set()

    def measure(self, current_ma, step_ms: int) -> None:
        if "frozen" in self.faults:
            return
        self._ms += step_ms
        amps = [ma / 1000 for ma in current_ma]
        if "swapped" in self.faults:
            amps[0], amps[1] = amps[1], amps[0]
        if "reversed" in self.faults:
            amps = [-value for value in amps]
        if "unclamped" in self.faults:
            amps[1] = 0.0
        if "tenth" in self.faults:
            amps = [value / 10 for value in amps]
        if "tenfold" in self.faults:
            amps = [value * 10 for value in amps]
        self.amps = amps
        self.volts = [self._voltage + flicker(self._ms // FLICKER_MS)] * 3
        watts = self.total()
        if watts > 0:
            self.kwh += watts * step_ms / 3_600_000_000
        else:
            self.kwh_out -= watts * step_ms / 3_600_000_000

    def watts(self, phase: int) -> float:
        return self.volts[phase] * self.amps[phase]

    def total(self) -> float:
        return sum(self.watts(phase) for phase in range(3))

    def seconds(self) -> int:
        """The meter's own clock."""
        return self._ms // 1000


def flicker(second: int) -> float:
    """Volts more or less; each time another than before, be it every second or every few."""
    values = len(FLICKER_V)
    return FLICKER_V[(second + second // values + second // values**2) % values]


# What a register of each quantity shows, in A, V, W, Wh or Hz.
SHOWN = {
    VOLTAGE: lambda meter, phase: meter.volts[phase],
    # A meter shows the size of a current; the direction is in the power.
    CURRENT: lambda meter, phase: abs(meter.amps[phase]),
    POWER: lambda meter, phase: meter.watts(phase),
    POWER_IN: lambda meter, phase: max(0.0, meter.watts(phase)),
    POWER_OUT: lambda meter, phase: max(0.0, -meter.watts(phase)),
    TOTAL: lambda meter, phase: meter.total(),
    TOTAL_IN: lambda meter, phase: max(0.0, meter.total()),
    TOTAL_OUT: lambda meter, phase: max(0.0, -meter.total()),
    IMPORT: lambda meter, phase: 1000 * meter.kwh,
    EXPORT: lambda meter, phase: 1000 * meter.kwh_out,
    FREQUENCY: lambda meter, phase: FREQUENCY_HZ,
    STAMP: lambda meter, phase: meter.seconds(),
}


def rows(model: Model) -> list[Row]:
    """The registers of a model, showing a SimulatedMeter; ratios in registers are 1, its own settings as wanted."""
    found = []
    seen = set()
    for quantity, *place, kind, scale in model.values:
        for phase, register in enumerate(addresses((quantity, *place), model.phases)):
            # Of a second tariff nothing was used yet.
            first = quantity not in seen
            raw = _raw(quantity, phase, kind, scale * _coils(model, quantity)) if first else _nothing
            found.append(_row(model, register, kind, raw))
        seen.add(quantity)
    for register, kind, scale, _ in model.ratios:
        if register is not None:
            found.append(_row(model, register, kind, lambda meter, scale=scale: round(1 / scale)))
    for register, content, _ in model.wanted:
        found.append(_row(model, register, "u16", lambda meter, content=content: content))
    return sorted(found, key=lambda row: row.address)


def _coils(model, quantity):
    """How much smaller the meter shows it, which does not know its coils."""
    return next((scale for register, _, scale, what in model.ratios if register is None and quantity in what), 1)


def _row(model, register, kind, get):
    return Row(register, f"register {register}", kind, get, low_first=model.low_first)


def _nothing(meter):
    return 0


def _raw(quantity, phase, kind, scale):
    shown = SHOWN[quantity]
    if kind[0] == "f":
        return lambda meter: shown(meter, phase) / scale
    return lambda meter: round(shown(meter, phase) / scale)


class Spoiler:
    """Noise on a line: some of the bytes arrive as others."""

    def __init__(self, seed: int = 1):
        self._chance = random.Random(seed)

    def __call__(self, data: bytes) -> bytes:
        chance = self._chance
        return bytes(byte if chance.random() >= SPOILED else chance.randrange(256) for byte in data)


class MeterLine:
    """Meters on one serial line, by address."""

    def __init__(self, meters: dict[int, tuple[Model, SimulatedMeter]]):
        self._meters = meters
        self._spoil = Spoiler()
        self._session = RtuSession(Server({unit: Bank(rows(model), meter) for unit, (model, meter) in meters.items()}))

    def answer(self, data: bytes) -> tuple[bytes, float] | None:
        """What comes back, and after how many seconds."""
        # Requests come in one piece, and silence follows each.
        reply = self._session.feed(data, len(data)) or self._session.silence()
        return None if reply is None else spoiled(bytes(reply), self._meters[reply[0]][1].faults, self._spoil)


def spoiled(reply: bytes, faults: set[str], spoil: Spoiler) -> tuple[bytes, float] | None:
    """An answer as the faults of its meter leave it."""
    if "lost" in faults:
        return None
    return (spoil(reply) if "noisy" in faults else reply), (SLOW_S if "slow" in faults else 0.0)


class ModbusTcpMeter:
    """A meter on the network."""

    def __init__(self, model: Model, unit: int, meter: SimulatedMeter):
        self._meter = meter
        self._server = Server({unit: Bank(rows(model), meter)})
        self._spoil = Spoiler()

    def session(self):
        """For one connection: data in, what comes back and after how many seconds."""
        session = TcpSession(self._server)

        def answer(data: bytes) -> list[tuple[bytes, float]]:
            replies: list = []
            at = 0
            while at < len(data) and not session.broken:
                at = session.take(data, at, len(data), lambda buffer, size: replies.append(bytes(buffer[:size])))
            sent = [spoiled(reply, self._meter.faults, self._spoil) for reply in replies]
            return [one for one in sent if one is not None]

        return answer
