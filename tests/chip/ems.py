"""An energy manager: a Modbus RTU master on the other line, which asks the next thing some time after each answer."""

import random
from collections import deque
from collections.abc import Callable

from tests.chip import modbus
from tests.chip.line import Line
from tests.chip.modbus import Answer

UNIT = 1
# Of a TeltoCharge: all registers, and one that is always the same.
ALL, ONE = modbus.read(UNIT, 0, 43), modbus.read(UNIT, 9, 1)
AMPS_TO_USE = 15
PATIENCE_MS = 1500
# Silence between two frames, at 9600 baud.
SILENCE_MS = 4
JITTER_MS = 40

Done = Callable[[Answer], object]


class Ems:
    """`times[request]`: ms until the answer began, for each request that was answered."""

    def __init__(self, line: Line, every_ms: float = 300.0, seed: int = 1) -> None:
        self.line = line
        self.every_ms = every_ms
        self.usual = ALL
        self.times: dict[bytes, list[float]] = {}
        self.unanswered = self.spoiled = 0
        self._chance = random.Random(seed)
        self._waiting: deque[tuple[bytes, Done]] = deque()
        self._busy = False
        self._on = False
        self._turn = 0
        line.heard = self._hear

    def start(self) -> None:
        self._on = True
        self._next()

    def stop(self) -> None:
        self._on = False

    def ask(self, request: bytes, done: Done = lambda answer: None) -> None:
        """Instead of the usual one, when it is time."""
        self._waiting.append((request, done))
        self._next()

    def asked(self, request: bytes) -> Answer:
        """Time passes until the answer is there."""
        got: list[Answer] = []
        self.ask(request, got.append)
        self.line.pico.until(lambda: got, 3 * PATIENCE_MS + self.every_ms)
        return got[0] if got else Answer(None)

    def _next(self) -> None:
        if not self._busy and (self._on or self._waiting):
            self._busy = True
            self.line.pico.later(self.every_ms + self._chance.random() * JITTER_MS, self._send)

    def _send(self) -> None:
        request, done = self._waiting.popleft() if self._waiting else (self.usual, lambda answer: None)
        self._frame = bytearray()
        self._began: float | None = None
        self._ended = 0.0
        self._turn += 1
        turn = self._turn

        def sent() -> None:
            self._ended = self.line.pico.ms

        def give_up() -> None:
            if self._turn == turn and self._busy:
                self._finish()

        self._request, self._done = request, done
        self.line.send(request, 0, sent)
        self.line.pico.later(PATIENCE_MS, give_up)

    def _hear(self, byte: int) -> None:
        if not self._busy or not self._ended:
            return
        if self._began is None:
            self._began = self.line.pico.ms - self.line.char_ms
        self._frame.append(byte)
        exception = len(self._frame) >= 2 and self._frame[1] & 0x80
        if len(self._frame) == (5 if exception else modbus.answer_length(self._request)):
            self._finish()

    def _finish(self) -> None:
        frame = bytes(self._frame)
        ms = None if self._began is None else self._began - self._ended
        self._busy = False
        if ms is None:
            self.unanswered += 1
        elif not modbus.whole(frame):
            self.spoiled += 1
        else:
            self.times.setdefault(self._request, []).append(ms)
        self._done(Answer(ms, frame, modbus.registers_of(frame)))
        self._next()
