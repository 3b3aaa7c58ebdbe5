"""The emulated flash: it keeps files, takes its time, and a loss of power in the middle does no harm."""

import pytest

WRITE = """
import os
def write(n):
    f = open('cfg.tmp', 'w')
    f.write(str(n) * 40)
    f.close()
    os.rename('cfg.tmp', 'cfg.txt')
"""


def test_files_survive_resets(pico):
    pico.execute(WRITE + "write(7)")
    for kind in ("watchdog", "power"):
        pico.reset(kind)
        assert pico.prompt()
        assert pico.execute("print(open('cfg.txt').read())") == "7" * 40


def test_erasing_and_programming_take_the_time_of_the_data_sheet(pico):
    """A block of 4096 bytes: 45 ms to erase, then 16 pages of 0.4 ms."""
    source = """
import rp2, time
f = rp2.Flash()
n = f.ioctl(4, 0) - 1
t = time.ticks_us()
f.ioctl(6, n)
print(time.ticks_diff(time.ticks_us(), t))
b = bytes(range(256)) * 16
t = time.ticks_us()
f.writeblocks(n, b, 0)
print(time.ticks_diff(time.ticks_us(), t))
c = bytearray(4096)
f.readblocks(n, c)
print(b == c)
"""
    erase, program, same = pico.execute(source).split()
    assert int(erase) == pytest.approx(45000, abs=600)
    assert int(program) == pytest.approx(16 * 400, abs=2500)
    assert same == "True"


def test_interrupts_are_off_meanwhile(pico):
    """A hard timer every 5 ms misses its turns during an erase of 45 ms."""
    source = """
import rp2, time
from machine import Timer
from array import array
at = array('i', [0, 0])
def ring(t):
    now = time.ticks_us()
    at[1] = max(at[1], now - at[0])
    at[0] = now
t = Timer(period=5, callback=ring, hard=True)
time.sleep_ms(50)
at[1] = 0
f = rp2.Flash()
f.ioctl(6, f.ioctl(4, 0) - 1)
time.sleep_ms(20)
t.deinit()
print(at[1])
"""
    assert 44000 < int(pico.execute(source)) < 52000


@pytest.mark.parametrize("after", [3, 20, 47, 90, 130])
def test_a_loss_of_power_while_writing_leaves_a_whole_file(pico, after):
    pico.execute(WRITE + "write(1)")
    pico.begin(WRITE + "n = 1\nwhile True:\n    n = n % 9 + 1\n    write(n)")
    pico.run(100 + after)
    pico.reset("power")
    assert pico.prompt()
    text = pico.execute("print(open('cfg.txt').read())")
    assert len(text) == 40 and len(set(text)) == 1
