"""PWM: what the registers say, and from that the level of a pin at any time. No event is made of an edge."""

from rp2040py.peripherals.peripheral import BasePeripheral

SLICES, STEP = 8, 0x14
CONTROL, DIVIDER, COUNTER, LEVELS, TOP = range(0, STEP, 4)
ON, BOTH_WAYS, INVERT = 1 << 0, 1 << 1, (1 << 2, 1 << 3)
ENABLES = 0xA0
RESET_VALUES = {CONTROL: 0, DIVIDER: 0x10, COUNTER: 0, LEVELS: 0, TOP: 0xFFFF}


class Pwm(BasePeripheral):
    """New levels count from the moment they are written; a real one waits for the end of its period."""

    gpio_direction = 0xFFFFFFFF

    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.on_change = lambda slice_number: None
        self.reset()

    def reset(self) -> None:
        self._slices = [dict(RESET_VALUES) for _ in range(SLICES)]
        self._began = [0.0] * SLICES

    def shape(self, pin: int) -> tuple[float, float] | None:
        """(hertz, part of the time that the pin is high), None while the slice is off."""
        registers = self._slices[pin // 2 % SLICES]
        if not registers[CONTROL] & ON:
            return None
        span = registers[TOP] + 1
        high = min(1.0, (registers[LEVELS] >> 16 * (pin % 2) & 0xFFFF) / span)
        if registers[CONTROL] & INVERT[pin % 2]:
            high = 1 - high
        divider = (registers[DIVIDER] >> 4 & 255 or 256) + (registers[DIVIDER] & 15) / 16
        ways = 2 if registers[CONTROL] & BOTH_WAYS else 1
        return self.rp2040.clk_sys / divider / span / ways, high

    def level(self, pin: int, nanos: float) -> bool:
        shape = self.shape(pin)
        if not shape:
            return False
        hertz, high = shape
        return (nanos - self._began[pin // 2 % SLICES]) * hertz / 1e9 % 1 < high

    @property
    def gpio_value(self) -> int:
        now = self.rp2040.clock.nanos
        return sum(1 << pin for pin in range(30) if self.level(pin, now))

    def gpio_on_input(self, pin: int) -> None:
        """Slices that count edges are not modelled."""

    def read_uint32(self, offset: int) -> int:
        if offset < ENABLES:
            number, register = divmod(offset, STEP)
            if register == COUNTER:
                return self._count(number)
            return self._slices[number][register]
        if offset == ENABLES:
            return sum((registers[CONTROL] & ON) << number for number, registers in enumerate(self._slices))
        return 0

    def write_uint32(self, offset: int, value: int) -> None:
        if offset < ENABLES:
            number, register = divmod(offset, STEP)
            if register == COUNTER or (register == CONTROL and not self._slices[number][CONTROL] & ON):
                self._began[number] = self.rp2040.clock.nanos
            self._slices[number][register] = value
            self.on_change(number)
        elif offset == ENABLES:
            for number, registers in enumerate(self._slices):
                self.write_uint32(number * STEP, registers[CONTROL] & ~ON | value >> number & 1)

    def _count(self, number: int) -> int:
        shape = self.shape(2 * number)
        if not shape:
            return 0
        turns = (self.rp2040.clock.nanos - self._began[number]) * shape[0] / 1e9
        return int(turns % 1 * (self._slices[number][TOP] + 1))
