"""The timer: microseconds since its reset, and four alarms. core.c itself answers what the time is."""

from functools import partial

from rp2040py.peripherals.peripheral import BasePeripheral

HIGH, LOW, ALARMS, ARMED = 0x08, 0x0C, range(0x10, 0x20, 4), 0x20
RAW, ENABLE, FORCE, STATUS = 0x34, 0x38, 0x3C, 0x40
WRAP = 1 << 32


class Timer(BasePeripheral):
    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self._alarms = [rp2040.clock.create_alarm(partial(self._ring, number)) for number in range(4)]
        self.reset()

    def reset(self) -> None:
        self.rp2040.core.state.timer_began = self.rp2040.clock.nanos
        self._targets = [0, 0, 0, 0]
        self._latched_high = 0
        self._raw = self._enable = self._force = 0
        for alarm in self._alarms:
            alarm.cancel()
        self._tell()

    def micros(self) -> int:
        return int((self.rp2040.clock.nanos - self.rp2040.core.state.timer_began) / 1000)

    def read_uint32(self, offset: int) -> int:
        if offset == LOW:
            self._latched_high = self.micros() >> 32
            return self.micros() % WRAP
        if offset == HIGH:
            return self._latched_high
        if offset in ALARMS:
            return self._targets[ALARMS.index(offset)]
        if offset == ARMED:
            return sum(1 << number for number, alarm in enumerate(self._alarms) if alarm.scheduled)
        return {RAW: self._raw, ENABLE: self._enable, FORCE: self._force, STATUS: self._status()}.get(offset, 0)

    def write_uint32(self, offset: int, value: int) -> None:
        if offset in ALARMS:
            self._arm(ALARMS.index(offset), value)
        elif offset == ARMED:
            for number, alarm in enumerate(self._alarms):
                if self.raw_write_value >> number & 1:
                    alarm.cancel()
        elif offset == RAW:
            self._raw &= ~self.raw_write_value
        elif offset == ENABLE:
            self._enable = value & 15
        elif offset == FORCE:
            self._force = value & 15
        self._tell()

    def _arm(self, number: int, target: int) -> None:
        """It rings when the lower word of the time is equal to the target: a past one, an hour later."""
        self._targets[number] = target
        now = self.micros()
        ahead = (target - now) % WRAP or WRAP
        self._alarms[number].at(self.rp2040.core.state.timer_began + (now + ahead) * 1000.0)

    def _ring(self, number: int) -> None:
        self._raw |= 1 << number
        self._tell()

    def _status(self) -> int:
        return self._raw & self._enable | self._force

    def _tell(self) -> None:
        for number in range(4):
            self.rp2040.set_interrupt(number, bool(self._status() >> number & 1))
