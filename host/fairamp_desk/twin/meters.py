"""Simulated meters: real registers that answer real bytes."""

from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Bank, Row


class SimulatedMeter:
    """What an SDM630 measures; the world writes it, the registers show it."""

    def __init__(self, voltage: int):
        self.volts = [float(voltage)] * 3
        self.amps = [0.0, 0.0, 0.0]
        self.kwh = 0.0

    def measure(self, current_ma, step_ms: int) -> None:
        self.amps = [ma / 1000 for ma in current_ma]
        watts = sum(volts * amps for volts, amps in zip(self.volts, self.amps, strict=True))
        self.kwh += max(0.0, watts) * step_ms / 3_600_000_000


def _rows() -> list[Row]:
    rows = [Row(72, "import", "f32", lambda meter: meter.kwh)]
    for phase in range(3):
        rows += [
            Row(2 * phase, f"voltage {phase}", "f32", lambda meter, phase=phase: meter.volts[phase]),
            # This meter shows the size of a current; the direction is in the power.
            Row(6 + 2 * phase, f"current {phase}", "f32", lambda meter, phase=phase: abs(meter.amps[phase])),
            Row(
                12 + 2 * phase,
                f"power {phase}",
                "f32",
                lambda meter, phase=phase: meter.volts[phase] * meter.amps[phase],
            ),
        ]
    return rows


class MeterLine:
    """Meters on one serial line, by address; any of them can fall silent."""

    def __init__(self, meters: dict[int, SimulatedMeter]):
        self.silent: set[int] = set()
        self._session = RtuSession(Server({unit: Bank(_rows(), meter) for unit, meter in meters.items()}))

    def answer(self, data: bytes) -> bytes | None:
        reply = self._session.feed(data, len(data))
        return None if reply is None or reply[0] in self.silent else bytes(reply)
