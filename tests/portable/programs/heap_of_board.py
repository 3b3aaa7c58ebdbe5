"""Prints how much heap a board and its drivers take, step by step: heap_of_board.py PLACE, as heap_of_app.py has it.

The chip below them is a dummy that takes nothing but the buffers of its serial ports.
"""

import gc
import sys
from array import array


class Part:
    """A kind of pin, port or channel, and each one of them: what it does comes to nothing."""

    channel = 0
    PULL_UP = IN = OUT = IF_STA = PM_NONE = CORE_TEMP = ATTN_11DB = PERIODIC = ONE_SHOT = 0

    def __init__(self, *_args, **_settings):
        pass

    @property
    def write(self):
        return 0

    @write.setter
    def write(self, _target):
        pass

    def __getattr__(self, name):
        return lambda *_args, **_settings: 0


class Dma(Part):
    """Moves one sample whenever somebody looks."""

    left = 0

    @property
    def count(self):
        Dma.left = (Dma.left - 1) % 500
        return Dma.left


class Uart(Part):
    def __init__(self, *_args, rxbuf=0, txbuf=0, **_settings):
        self._buffers = bytearray(rxbuf), bytearray(txbuf)


class Registers:
    """Nothing is waiting, everything is ready."""

    def __getitem__(self, _address):
        return 1 << 8

    def __setitem__(self, _address, _value):
        pass


class Machine:
    ADC = PWM = Pin = Timer = WDT = PWRON_RESET = Part
    UART = Uart
    mem32 = Registers()
    reset = reset_cause = None

    @staticmethod
    def freq(_hertz):
        pass


class Rp2:
    DMA = Dma


class Network:
    WLAN = Part


def load_rom():
    """The image, before anything is measured: it is no heap on a chip. None = there is none."""
    if sys.argv[1] != "rom":
        return None
    with open("rom", "rb") as file:
        return memoryview(file.read())


def mount():
    """Makes the application known to `import`, as a chip does it."""
    if rom:
        import vfs

        vfs.mount(vfs.VfsRom(rom), "/rom")
        sys.path.insert(0, "/rom")
    else:
        import fairamp_pack

        fairamp_pack.FILE = "pack"
        fairamp_pack.mount()


def used():
    gc.collect()
    return gc.mem_alloc()


sys.modules["machine"] = Machine
sys.modules["rp2"] = Rp2
sys.modules["network"] = Network
ticks = array("I", [0])
rom = load_rom()
mount()
before = used()


def now():
    ticks[0] += 100
    return ticks[0]


def main():
    from board import connect

    board = connect()
    print("board", used() - before)
    board.start_ct(board.cts, now)
    print("transformers", used() - before)


main()
