"""The emulated converter: single readings, all inputs in turn, and a ring that two DMA channels keep filled."""

import pytest

RING = """
import rp2, time
from machine import ADC, mem32
from array import array
ADC(26)
ADC(27)
CS, FCS, FIFO, DIV = 0x4004c000, 0x4004c008, 0x4004c00c, 0x4004c010
mem32[CS] = 1
mem32[FCS] = 3 << 10
while mem32[FCS] >> 16 & 15: mem32[FIFO]
"""
START = """
size = {size}
ring = array('H', bytes(2 * size))
d, again = rp2.DMA(), rp2.DMA()
d.write = ring
begin = array('I', [d.write])
again.config(read=begin, write=0x5000002c + 0x40 * d.channel, count=1,
             ctrl=again.pack_ctrl(size=2, inc_read=False, inc_write=False))
d.config(read=FIFO, write=ring, count=size, trigger=True,
         ctrl=d.pack_ctrl(size=1, inc_read=False, treq_sel=36, chain_to=again.channel))
mem32[DIV] = {divider}
mem32[FCS] = 1 | 1 << 3 | 1 << 24
mem32[CS] = 1 | {mask} << 16
mem32[CS] = 1 | {mask} << 16 | 1 << 3
"""
STOP = """
mem32[CS] = 1
time.sleep_ms(1)
d.active(0)
again.active(0)
d.close()
again.close()
mem32[FCS] = 3 << 10
"""


def ring(size: int, hertz: int, mask: int, source: str) -> str:
    return RING + START.format(size=size, divider=(48000000 // hertz - 1) << 8, mask=mask) + source + STOP


@pytest.fixture
def inputs(pico):
    sources = pico.chip.adc.sources
    sources.clear()
    yield sources
    sources.clear()


def test_single_readings(pico, inputs):
    inputs.update({0: lambda at: 1000, 1: lambda at: 2000, 2: lambda at: 4095, 4: lambda at: 876})
    source = "from machine import ADC; print([ADC(i).read_u16() >> 4 for i in (26, 27, 28)], ADC(4).read_u16() >> 4)"
    assert pico.execute(source) == "[1000, 2000, 4095] 876"


def test_a_reading_takes_two_microseconds_and_the_time_of_the_program(pico, inputs):
    source = """
from machine import ADC
import time
a = ADC(26)
t = time.ticks_us()
for i in range(1000): a.read_u16()
print(time.ticks_diff(time.ticks_us(), t))
"""
    assert 10000 < int(pico.execute(source)) < 14000


def test_inputs_take_turns_into_the_ring(pico, inputs):
    inputs.update({0: lambda at: 100, 1: lambda at: 200, 4: lambda at: 300})
    source = ring(60, 1000000, 0b10011, "time.sleep_ms(2); print(list(ring[:6]))")
    assert pico.execute(source) == "[100, 200, 300, 100, 200, 300]"


def test_the_ring_restarts_itself_at_the_rate_of_the_divider(pico, inputs):
    """A ramp of one step for each 100 us shows how fast it turns: 10 kHz, 200 samples are 20 ms."""
    began = pico.ms
    inputs[0] = lambda at: int((at / 1e6 - began) * 10) & 4095
    source = """
time.sleep_ms(70)
at = (size - d.count) % size
row = [ring[(at + i) % size] for i in range(size)]
print(at, [row[i + 1] - row[i] for i in range(size - 1)].count(1), mem32[FCS] >> 10 & 3)
"""
    at, steady, lost = (int(word) for word in pico.execute(ring(200, 10000, 1, source)).split())
    assert steady >= 195, "one step of the ramp per sample, all around"
    assert 0 <= at < 200
    assert lost == 0


def test_count_tells_where_the_ring_is(pico, inputs):
    source = """
time.sleep_ms(3)
a, t = d.count, time.ticks_us()
time.sleep_ms(20)
b, t = d.count, time.ticks_diff(time.ticks_us(), t)
print((a - b) * 1000000 // t)
"""
    assert int(pico.execute(ring(5000, 50000, 1, source))) == pytest.approx(50000, rel=0.01)


def test_without_anyone_who_takes_the_queue_runs_over(pico, inputs):
    source = """
mem32[DIV] = 0
mem32[FCS] = 1
mem32[CS] = 1 | 1 << 3
time.sleep_ms(1)
print(mem32[FCS] >> 16 & 15, mem32[FCS] >> 11 & 1)
mem32[CS] = 1
mem32[FCS] = 3 << 10
"""
    assert pico.execute(RING + source) == "4 1"


def test_the_wave_of_a_pin_is_seen(pico, inputs):
    inputs[0] = lambda at: 3000 if pico.chip.pwm.level(16, at) else 500
    source = """
from machine import ADC, PWM, Pin
p = PWM(Pin(16), freq=1000, duty_u16=65536 * 53 // 100)
a = ADC(26)
n = 0
for i in range(5000): n += a.read_u16() > 32000
print(n / 5000)
p.deinit()
"""
    assert float(pico.execute(source)) == pytest.approx(0.53, abs=0.08)
