"""DMA: twelve channels that copy when asked to, and start each other. They take no time of their own."""

from rp2040py.peripherals.peripheral import BasePeripheral

CHANNELS = 12
STEP = 0x40
ON, SIZE, GROW_READ, GROW_WRITE, RING_SIZE, RING_WRITE = 1 << 0, 2, 1 << 4, 1 << 5, 6, 1 << 10
CHAIN, REQUEST, QUIET, SWAP, BUSY = 11, 15, 1 << 21, 1 << 22, 1 << 24
CONTROL_MASK = 0xFFFFFF
ALWAYS = 0x3F
# What each word of a channel's four views is: read and write address, count, control; the last one starts it.
VIEWS = ("rwnc", "crwn", "cnrw", "cwnr")
FIRST_IRQ = 11
RAW, INTERRUPTS, TRIGGER, ABORT, COUNT = 0x400, range(0x400, 0x420, 4), 0x430, 0x444, 0x448
ENABLES, FORCES, STATUSES = (0x404, 0x414), (0x408, 0x418), (0x40C, 0x41C)


class Channel:
    def __init__(self, dma: "Dma", number: int) -> None:
        self.dma = dma
        self.number = number
        self._alarm = dma.rp2040.clock.create_alarm(self._burst)
        self.reset()

    def reset(self) -> None:
        self._alarm.cancel()
        self.read = self.write = self.reload = self.remaining = 0
        self.control = self.number << CHAIN
        self.busy = False

    @property
    def request(self) -> int:
        return self.control >> REQUEST & 0x3F

    def trigger(self) -> None:
        if not self.control & ON or self.busy:
            return
        self.remaining = self.reload
        self.busy = self.remaining > 0
        self.wake()

    def wake(self) -> None:
        """Something may be there to copy: at this very time, but not within what has asked for it."""
        if self.busy and (self.request == ALWAYS or self.dma.requested.get(self.request)):
            self._alarm.schedule(0)

    def stop(self) -> None:
        self.busy = False
        self._alarm.cancel()

    def _burst(self) -> None:
        bus, size = self.dma.rp2040, 1 << (self.control >> SIZE & 3)
        while self.busy and (self.request == ALWAYS or self.dma.requested.get(self.request)):
            value = bus.read(self.read, size)
            if self.control & SWAP:
                value = int.from_bytes(value.to_bytes(size, "little"), "big")
            self.put(value, size)

    def put(self, value: int, size: int) -> None:
        """Writes one item and goes on to the next, or ends."""
        self.dma.rp2040.write(self.write, size, value)
        control = self.control
        ring = (1 << (control >> RING_SIZE & 15)) - 1
        if control & GROW_READ:
            self.read = step(self.read, size, 0 if control & RING_WRITE else ring)
        if control & GROW_WRITE:
            self.write = step(self.write, size, ring if control & RING_WRITE else 0)
        self.remaining -= 1
        if not self.remaining:
            self._end()

    def _end(self) -> None:
        self.busy = False
        if not self.control & QUIET:
            self.dma.raise_interrupt(self.number)
        chained = self.control >> CHAIN & 15
        if chained != self.number and chained < CHANNELS:
            self.dma.channels[chained].trigger()

    def get(self, offset: int) -> int:
        what = VIEWS[offset >> 4][offset >> 2 & 3]
        if what == "c":
            return self.control | (BUSY if self.busy else 0)
        return {"r": self.read, "w": self.write, "n": self.remaining}[what]

    def set(self, offset: int, value: int) -> None:
        what = VIEWS[offset >> 4][offset >> 2 & 3]
        if what == "r":
            self.read = value
        elif what == "w":
            self.write = value
        elif what == "n":
            self.reload = value
        else:
            self.control = value & CONTROL_MASK
            self.wake()
        if offset & 15 == 12:
            if value:
                self.trigger()
            elif self.control & QUIET:
                self.dma.raise_interrupt(self.number)


def step(address: int, size: int, ring: int) -> int:
    return address & ~ring | address + size & ring if ring else address + size


class Dma(BasePeripheral):
    def __init__(self, rp2040, name: str) -> None:
        super().__init__(rp2040, name)
        self.requested: dict[int, bool] = {}
        self.channels = [Channel(self, number) for number in range(CHANNELS)]
        self.reset()

    def reset(self) -> None:
        for channel in self.channels:
            channel.reset()
        self._raw = 0
        self._enabled, self._forced = [0, 0], [0, 0]
        self._tell()

    def set_dreq(self, request: int) -> None:
        if not self.requested.get(request):
            self.requested[request] = True
            for channel in self.channels:
                if channel.request == request:
                    channel.wake()

    def clear_dreq(self, request: int) -> None:
        self.requested[request] = False

    def taker(self, request: int) -> Channel | None:
        """The channel that is waiting for what a part produces."""
        for channel in self.channels:
            if channel.busy and channel.control >> REQUEST & 0x3F == request:
                return channel
        return None

    def raise_interrupt(self, channel: int) -> None:
        self._raw |= 1 << channel
        self._tell()

    def read_uint32(self, offset: int) -> int:
        self.rp2040.adc.catch_up()
        if offset < CHANNELS * STEP:
            return self.channels[offset // STEP].get(offset % STEP)
        if offset == COUNT:
            return CHANNELS
        if offset == RAW:
            return self._raw
        for line in (0, 1):
            if offset == ENABLES[line]:
                return self._enabled[line]
            if offset == FORCES[line]:
                return self._forced[line]
            if offset == STATUSES[line]:
                return self._status(line)
        return 0

    def write_uint32(self, offset: int, value: int) -> None:
        self.rp2040.adc.catch_up()
        if offset < CHANNELS * STEP:
            self.channels[offset // STEP].set(offset % STEP, value)
        elif offset in (RAW, *STATUSES):
            self._raw &= ~self.raw_write_value
        elif offset in ENABLES:
            self._enabled[ENABLES.index(offset)] = value & 0xFFFF
        elif offset in FORCES:
            self._forced[FORCES.index(offset)] = value & 0xFFFF
        elif offset in (TRIGGER, ABORT):
            for channel in self.channels:
                if value >> channel.number & 1:
                    channel.trigger() if offset == TRIGGER else channel.stop()
        self._tell()
        self.rp2040.adc.plan()

    def _status(self, line: int) -> int:
        return self._raw & self._enabled[line] | self._forced[line]

    def _tell(self) -> None:
        for line in (0, 1):
            self.rp2040.set_interrupt(FIRST_IRQ + line, bool(self._status(line)))
