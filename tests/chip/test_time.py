"""The emulated clocks and timers, and what survives a reset."""

import pytest

LOOP = """
import machine, time
t = time.ticks_us()
s = 0
for i in range(3000): s += i * i
print(time.ticks_diff(time.ticks_us(), t))
"""


def test_a_faster_clock_makes_programs_faster_and_leaves_time_alone(pico):
    slow = int(pico.execute(LOOP))
    source = """
t = time.ticks_us()
time.sleep_ms(20)
print(time.ticks_diff(time.ticks_us(), t))
machine.freq(125000000)
"""
    fast, slept = (
        int(line) for line in pico.execute("import machine\nmachine.freq(200000000)" + LOOP + source).split()
    )
    assert slow / fast == pytest.approx(200 / 125, rel=0.02)
    assert slept == pytest.approx(20000, abs=100)


def test_uart_and_pwm_keep_their_speed_at_a_faster_clock(pico):
    line = []
    pico.chip.uart[0].on_byte = lambda byte: line.append(pico.ms)
    source = """
from machine import PWM, UART, Pin, freq
freq(200000000)
u = UART(0, 9600, tx=Pin(0), rx=Pin(1), parity=None, stop=1, txbuf=64)
p = PWM(Pin(16), freq=1000, duty_u16=32768)
u.write(bytes(20))
u.flush()
"""
    pico.execute(source)
    pico.run(5)
    assert pico.chip.clk_sys == 200e6
    assert line[-1] - line[0] == pytest.approx(19 * 10000 / 9600, rel=2e-3)
    hertz, high = pico.chip.pwm.shape(16)
    assert hertz == pytest.approx(1000, rel=1e-3) and high == pytest.approx(0.5, abs=1e-3)
    pico.execute("import machine; machine.PWM(machine.Pin(16)).deinit(); machine.freq(125000000)")


def test_timers_ring_in_time_side_by_side(pico):
    source = """
from machine import Timer
import time
rang = [[], [], []]
t0 = time.ticks_us()
def keep(n): return lambda t: rang[n].append(time.ticks_diff(time.ticks_us(), t0))
a = Timer(period=10, mode=Timer.PERIODIC, callback=keep(0))
b = Timer(period=7, mode=Timer.PERIODIC, callback=keep(1))
c = Timer(period=25, mode=Timer.ONE_SHOT, callback=keep(2))
time.sleep_ms(205)
a.deinit()
b.deinit()
print(len(rang[0]), len(rang[1]), len(rang[2]))
print(rang[2][0])
print(max(rang[0][i + 1] - rang[0][i] for i in range(18)))
"""
    counts, once, longest = pico.execute(source).splitlines()
    assert counts == "20 29 1"
    assert int(once) == pytest.approx(25000, abs=800)
    assert int(longest) == pytest.approx(10000, abs=500)


def test_a_hard_interrupt_comes_within_microseconds(pico):
    source = """
from machine import Timer
from array import array
import time
at = array('i', [0])
def ring(t): at[0] = time.ticks_us()
late = []
for ms in (3, 5, 8):
    t0 = time.ticks_us()
    t = Timer(period=ms, mode=Timer.ONE_SHOT, callback=ring, hard=True)
    while time.ticks_diff(time.ticks_us(), t0) < 20000: pass
    late.append(at[0] - t0 - ms * 1000)
print(max(late))
"""
    assert 0 < int(pico.execute(source)) < 400


def test_a_watchdog_that_is_not_fed_resets(pico):
    before = len(pico.resets)
    source = """
import machine, time
w = machine.WDT(timeout=500)
for i in range(10):
    time.sleep_ms(100)
    w.feed()
while True: pass
"""
    pico.begin(source)
    began = pico.ms
    assert pico.until(lambda: len(pico.resets) > before, 5000)
    assert pico.resets[-1][1] == "watchdog"
    assert pico.resets[-1][0] - began == pytest.approx(1500, abs=60)
    assert pico.prompt()
    assert pico.execute("import machine; print(machine.reset_cause() == machine.WDT_RESET)") == "True"


def test_memory_survives_a_reset_but_not_a_loss_of_power(pico):
    """A word of the watchdog, and one of the memory that nobody has written since."""
    pico.execute("from machine import mem32; mem32[0x4005801c] = 0x1234")
    place = len(pico.chip.core.ram) - 4
    pico.chip.core.ram[place:] = b"kept"
    pico.reset("watchdog")
    assert pico.chip.core.ram[place:] == b"kept"
    assert pico.prompt()
    assert pico.execute("from machine import mem32; print(hex(mem32[0x4005801c]))") == "0x1234"
    pico.reset("power")
    assert pico.chip.core.ram[place:] != b"kept"
    assert pico.prompt()
    assert pico.execute("from machine import mem32; print(mem32[0x4005801c])") == "0"
    assert pico.execute("import machine; print(machine.reset_cause() == machine.PWRON_RESET)") == "True"


def test_random_bits_differ(pico):
    assert pico.execute("import os; print(len({os.urandom(8) for _ in range(20)}))") == "20"


def test_every_chip_has_a_number(pico):
    assert pico.execute("import machine; print(machine.unique_id().hex())") == "e66058388357b22d"
