"""A Pico as an object: an image in its flash, its pins, lines and terminal in our hands. Time moves in run() only."""

from collections.abc import Callable

from tests.chip.emulator import chip as chips
from tests.chip.emulator.chip import Chip, level
from tests.chip.emulator.usb import Terminal
from tests.chip.image import Image

MS = 1e6
RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
PIECE = 256
OF_THE_START = ("RTC: Unimplemented peripheral write to 0x0", "bus: write to 0x0", "USB: Unimplemented peripheral")


class Pico:
    def __init__(self, image: Image, seed: int = 1, radio: bool = False) -> None:
        self.image = image
        self.chip = Chip(seed)
        self.text = bytearray()
        self.lines: list[tuple[float, str]] = []  # what it has printed, and when
        self.resets: list[tuple[float, str]] = []
        self._line = bytearray()
        for offset, content in image.blocks:
            self.chip.core.flash[offset : offset + len(content)] = content
        self.terminal = Terminal(self.chip, self._heard)
        self._looks: list[Callable[[], None]] = []
        self.chip.on_reset = self._after_reset
        self.radio = None
        if radio:
            from tests.chip.radio import Radio

            self.radio = Radio(self.chip)

    @property
    def ms(self) -> float:
        return self.chip.core.state.now / MS

    def run(self, ms: float) -> None:
        """Exactly so long, or until chip.stop()."""
        self.chip.run_until(self.chip.core.state.now + ms * MS)

    def until(self, ready: Callable[[], object], ms: float, step: float = 1.0) -> bool:
        end = self.ms + ms
        while self.ms < end:
            if ready():
                return True
            self.run(min(step, end - self.ms))
        return bool(ready())

    def later(self, ms: float, what: Callable[[], object]) -> None:
        self.chip.clock.create_alarm(what).schedule(ms * MS)

    def reset(self, kind: str = chips.POWER) -> None:
        if kind == chips.WATCHDOG:
            self.chip.watchdog.bite()
        else:
            self.chip.ask_reset(kind)
        self.run(0)

    def _after_reset(self, kind: str) -> None:
        self.resets.append((self.ms, kind))
        # The pins have let go, and no listener was told.
        for look in self._looks:
            look()

    # Pins

    def drive(self, pin: int, high: bool | None) -> None:
        """From outside; None lets go of the pin."""
        part = self.chip.gpio[pin]
        before = part.input_value
        if high is None:
            part.release_input()
        elif part._driven is False or before != high:
            part.set_input_value(high)

    def level(self, pin: int) -> bool:
        return level(self.chip.gpio[pin])

    def output(self, pin: int, floating: bool = False) -> bool:
        """What the chip puts out; `floating` is what a resistor outside makes of a pin that it lets go."""
        part = self.chip.gpio[pin]
        return part.output_value if part.output_enable else floating

    def watch(self, pin: int, changed: Callable[[bool], object], floating: bool = False) -> None:
        """Calls back with the level whenever an output changes."""
        state = [self.output(pin, floating)]

        def look(*_) -> None:
            now = self.output(pin, floating)
            if now != state[0]:
                state[0] = now
                changed(now)

        self.chip.gpio[pin].add_listener(look)
        self._looks.append(look)

    # Terminal

    def type(self, data: bytes) -> None:
        self.terminal.type(data)

    def _heard(self, data: bytes) -> None:
        self.text += data
        self._line += data
        while (end := self._line.find(b"\n")) >= 0:
            self.lines.append((self.ms, self._line[:end].rstrip(b"\r").decode(errors="replace")))
            del self._line[: end + 1]

    def said(self, word: str) -> int:
        return sum(word in line for _, line in self.lines)

    def unknown(self) -> list[str]:
        """What a program has asked of the chip that the emulator does not have; MicroPython's own start aside."""
        return [line for line in self.chip.logger.said if not line.startswith(OF_THE_START)]

    def prompt(self, ms: float = 2000) -> bool:
        """Waits for a chip that does nothing, and for its prompt."""
        self.until(lambda: self.terminal.connected, ms)
        self.type(b"\r")
        return self.until(lambda: self.text.endswith(b">>> "), ms)

    def prompt_instead(self) -> None:
        """Into the prompt although a program starts by itself: Ctrl-C, to which a box answers with a reset."""
        self.until(lambda: self.terminal.connected, 3000)
        for _ in range(20):
            self.type(b"\x03")
            self.run(500)
            if self.prompt(1000):
                return
        raise RuntimeError(f"no prompt: {bytes(self.text[-200:])!r}")

    def execute(self, source: str, ms: float = 60000, during: Callable[[], object] | None = None) -> str:
        """What a program prints in the raw prompt. `during` is called when it prints READY."""
        self.begin(source)
        if during:
            assert self.until(lambda: b"READY" in self.text, 5000, 0.2), bytes(self.text)
            during()
        return self.finish(ms)

    def begin(self, source: str) -> None:
        self.type(b"\r\x03\x03\x01")
        assert self.until(lambda: self.text.endswith(RAW_PROMPT), 3000), bytes(self.text[-200:])
        data = source.encode()
        for at in range(0, len(data), PIECE):
            self.type(data[at : at + PIECE])
            assert self.until(lambda: not self.terminal.unsent, 3000, 0.2)
        self.text.clear()
        self.type(b"\x04")

    def finish(self, ms: float = 60000) -> str:
        assert self.until(lambda: self.text.count(b"\x04") >= 2, ms), bytes(self.text)
        printed, error = bytes(self.text).split(b"\x04")[:2]
        if error:
            raise RuntimeError(error.decode())
        return printed[2:].decode().replace("READY", "").strip().replace("\r\n", "\n")
