"""The emulated pins: outputs read themselves, pulls work, edges interrupt."""


def test_pulls_decide_what_an_open_pin_reads(pico):
    source = "from machine import Pin; print([Pin(10, Pin.IN, pull).value() for pull in (Pin.PULL_UP, Pin.PULL_DOWN)])"
    assert pico.execute(source) == "[1, 0]"


def test_an_output_reads_itself(pico):
    source = """
from machine import Pin
o = Pin(11, Pin.OUT)
r = []
for v in (0, 1, 0, 1):
    o.value(v)
    r.append(o.value())
o.toggle()
r.append(o.value())
print(r)
"""
    assert pico.execute(source) == "[0, 1, 0, 1, 0]"


def test_an_open_drain_with_pull_up(pico):
    source = """
from machine import Pin
p = Pin(12, Pin.OPEN_DRAIN, pull=Pin.PULL_UP, value=1)
r = [p.value()]
p.value(0)
r.append(p.value())
print(r)
"""
    assert pico.execute(source) == "[1, 0]"


def test_what_drives_a_pin_from_outside_is_read(pico):
    def drive():
        pico.run(5)
        for high in (False, True, False, None):
            pico.drive(10, high)
            pico.run(10)

    source = """
from machine import Pin
import time
p = Pin(10, Pin.IN, Pin.PULL_UP)
r = []
print('READY')
for i in range(4):
    time.sleep_ms(10)
    r.append(p.value())
print(r)
"""
    assert pico.execute(source, during=drive) == "[0, 1, 0, 1]"


def test_edges_interrupt_once_each(pico):
    def drive():
        for high in (False, True, False, True, True):
            pico.drive(13, high)
            pico.run(5)

    pico.drive(13, True)
    source = """
from machine import Pin
import time
n = [0, 0]
def edge(pin): n[pin.value()] += 1
p = Pin(13, Pin.IN)
p.irq(edge, Pin.IRQ_RISING | Pin.IRQ_FALLING, hard=True)
print('READY')
time.sleep_ms(60)
p.irq(None)
print(n)
"""
    assert pico.execute(source, during=drive) == "[2, 2]"
    pico.drive(13, None)


def test_an_output_can_be_watched(pico):
    seen = []
    pico.watch(17, lambda high: seen.append((round(pico.ms), high)))
    source = """
from machine import Pin
import time
p = Pin(17, Pin.OUT, value=0)
p.value(1)
time.sleep_ms(20)
p.value(0)
Pin(17, Pin.IN)
"""
    pico.execute(source)
    assert [high for _, high in seen] == [True, False]
    assert seen[1][0] - seen[0][0] in (20, 21)


def test_a_reset_lets_go_of_the_outputs(pico):
    seen = []
    pico.execute("from machine import Pin; Pin(18, Pin.OUT, value=1)")
    pico.watch(18, seen.append)
    pico.reset("watchdog")
    assert seen == [False]
    assert pico.prompt()


def test_a_pwm_pin_reads_its_wave(pico):
    source = """
from machine import PWM, Pin, mem32
p = PWM(Pin(16), freq=1000, duty_u16=16384)
n = 0
for i in range(2000): n += mem32[0xd0000004] >> 16 & 1
print(n / 2000)
p.deinit()
"""
    assert 0.17 < float(pico.execute(source)) < 0.33
