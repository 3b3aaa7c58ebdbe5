"""An RS485 line: the chip's UART, its driver, and what hangs at the other end."""

from collections.abc import Callable

from tests.chip.pico import MS, Pico


class Line:
    """What is sent to the chip while its driver is on is lost, and so is what it sends while the driver is off.

    `late`: ms from the last stop bit to the driver being off, once per frame of the chip.
    """

    def __init__(self, pico: Pico, uart: int, driver: int) -> None:
        self.pico = pico
        self.uart = pico.chip.uart[uart]
        self.driver = driver
        self.heard: Callable[[int], object] = lambda byte: None
        self.late: list[tuple[float, float]] = []
        self.cut = 0  # bytes of the chip that nobody could hear
        self.collisions = 0  # bytes to the chip that met its driver
        self._last: float | None = None
        self.uart.on_byte = self._out
        pico.watch(driver, self._switched)

    @property
    def char_ms(self) -> float:
        return self.uart.char_nanos / MS

    @property
    def driven(self) -> bool:
        return self.pico.output(self.driver)

    def send(self, data: bytes, after_ms: float = 0.0, sent: Callable[[], object] = lambda: None) -> None:
        """To the chip, byte after byte; `sent` is called when the last stop bit is over."""

        def one(at: int) -> None:
            if at == len(data):
                sent()
                return
            if self.driven:
                self.collisions += 1
            else:
                self.uart.send(data[at : at + 1])
            self.pico.later(self.char_ms, lambda: one(at + 1))

        self.pico.later(after_ms, lambda: one(0))

    def _out(self, byte: int) -> None:
        if not self.driven:
            self.cut += 1
            return
        self._last = self.pico.ms
        self.heard(byte)

    def _switched(self, on: bool) -> None:
        if not on and self._last is not None:
            self.late.append((self.pico.ms, self.pico.ms - self._last))
        self._last = None
