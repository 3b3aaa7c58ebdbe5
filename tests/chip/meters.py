"""Two SDM630 on one line: the house's at address 1, the charger's own at address 2."""

import random
import struct
from collections.abc import Callable, Sequence

from tests.chip import modbus
from tests.chip.line import Line

HOUSE, OWN = 1, 2
VOLTS = (230.0, 231.0, 229.0)
# First registers of three phases each, and single values; all are floats of two registers.
VOLTAGE, CURRENT, POWER = 0, 6, 12
TOTAL_POWER, FREQUENCY, IMPORTED, EXPORTED = 52, 70, 72, 74
# A silence that ends a request which came in part.
GAP_MS = 5
# A, by which live digits move.
LIVE = 0.02


class Meters:
    """`amps(unit)` tells the currents of a moment; `on_reading(unit, amps, ms)` when an answer's last bit is over."""

    def __init__(self, line: Line, amps: Callable[[int], Sequence[float]], delay_ms: float = 25.0) -> None:
        self.line = line
        self.amps = amps
        self.delay_ms = delay_ms
        self.silent: set[int] = set()
        self.asked = {HOUSE: 0, OWN: 0}
        self.answered = {HOUSE: 0, OWN: 0}
        self.on_reading: Callable[[int, Sequence[float], float], object] = lambda unit, amps, ms: None
        self._chance = random.Random(5)
        self._request = bytearray()
        self._heard_at = 0.0
        line.heard = self._hear

    def _hear(self, byte: int) -> None:
        now = self.line.pico.ms
        if now - self._heard_at > GAP_MS:
            self._request.clear()
        self._heard_at = now
        self._request.append(byte)
        if len(self._request) == modbus.REQUEST_BYTES:
            request = bytes(self._request)
            self._request.clear()
            if modbus.whole(request):
                self._answer(request)

    def _answer(self, request: bytes) -> None:
        unit, function, address, count = struct.unpack(">BBHH", request[:6])
        if unit not in self.asked:
            return
        self.asked[unit] += 1
        if unit in self.silent:
            return
        amps = [max(0.0, amp + self._chance.random() * LIVE - LIVE / 2) if amp else amp for amp in self.amps(unit)]
        values = registers(amps)
        data = b"".join(struct.pack(">f", values.get(at, 0.0)) for at in range(address, address + count, 2))
        frame = modbus.seal(bytes([unit, function, len(data)]) + data)
        lost = self.line.collisions

        def sent() -> None:
            # An answer of which a byte was lost is none.
            if self.line.collisions == lost:
                self.answered[unit] += 1
                self.on_reading(unit, amps, self.line.pico.ms)

        self.line.send(frame, self.delay_ms, sent)


def registers(amps: Sequence[float]) -> dict[int, float]:
    values = {TOTAL_POWER: sum(a * v for a, v in zip(amps, VOLTS, strict=True)), FREQUENCY: 50.0, IMPORTED: 1234.5}
    for phase in range(3):
        values[VOLTAGE + 2 * phase] = VOLTS[phase]
        values[CURRENT + 2 * phase] = amps[phase]
        values[POWER + 2 * phase] = amps[phase] * VOLTS[phase]
    return {**values, EXPORTED: 0.0}
