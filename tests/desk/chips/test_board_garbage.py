"""Reading a board leaves next to no garbage on a chip with small integers."""

import ast
import subprocess

from tests import runtimes
from tests.runtimes import ROOT

SMALL_NUMBERS = """
import gc, sys
sys.path.insert(0, ROOT)

class Pin:
    IN = OUT = PULL_UP = 0
    def __init__(self, *args, **named): pass

class ADC:
    ATTN_11DB = 3
    CORE_TEMP = 4
    def __init__(self, *args, **named): pass
    def read_u16(self): return 65535
    def read_uv(self): return 3300000

class Other:
    def __init__(self, *args, **named): pass
    def duty_u16(self, duty): self.duty = duty

class Timer:
    PERIODIC = ONE_SHOT = 0
    def __init__(self, id): pass
    def init(self, **settings): pass

class Registers:
    def __getitem__(self, address): return 0x100
    def __setitem__(self, address, value): pass

class DMA:
    channel = left = 0
    count = property(lambda self: DMA.pass_on())
    def pass_on():
        DMA.left = (DMA.left + 299) % 300
        return DMA.left
    write = property(lambda self: 0x20000000, lambda self, codes: DMA.fill(codes))
    def fill(codes):
        for index in range(len(codes)):
            codes[index] = 4095
    def pack_ctrl(self, **fields): return 0
    def config(self, **fields): pass
    def active(self, on): pass

class machine:
    reset = freq = reset_cause = PWRON_RESET = None

machine.Pin, machine.ADC, machine.Timer, machine.mem32 = Pin, ADC, Timer, Registers()
machine.PWM = machine.UART = machine.WDT = Other
sys.modules["machine"] = machine
Other.DMA = DMA
sys.modules["esp32"] = sys.modules["rp2"] = Other
Other.RMT = lambda *args, **named: None
from array import array
from boards.chips import rp2, esp32

for chip in (rp2, esp32):
    roles = ("contactor", "pilot_pwm", "pilot_adc", "ct_l1", "proximity_adc", "enable", "shed")
    roles += ("meter_tx", "meter_rx", "meter_de", "ems_tx", "ems_rx", "ems_de")
    analogue = {"pilot_adc": 26, "ct_l1": 27, "proximity_adc": 28}
    board = chip.Board("test", [(role, analogue.get(role, 4), "") for role in roles], False)
    codes = array("H", [0] * 128)
    gc.collect()
    gc.disable()
    taken = []
    steps = (board.read_pilot, (codes,)), (board.set_pilot, (9999,))
    steps += (board.proximity_ohm, ()), (board.temperature_dc, ())
    for work, told in steps:
        work(*told)
        before = gc.mem_alloc()
        work(*told)
        taken.append(gc.mem_alloc() - before)
    gc.enable()
    board.read_pilot(codes)
    print([max(taken), codes[0], board._pilot.duty])
"""


def test_reading_leaves_next_to_no_garbage_on_a_chip_with_small_integers():
    command = [*runtimes.command("mp32"), "-c", f"ROOT = {str(ROOT)!r}\n{SMALL_NUMBERS}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    results = [ast.literal_eval(line) for line in done.stdout.splitlines()]
    assert len(results) == 2
    for (taken, code, duty), highest in zip(results, (4095, 3300), strict=True):
        assert taken <= 64
        # The highest reading and a duty just below the highest: the largest numbers on the way.
        assert code == highest
        assert duty == 65528
