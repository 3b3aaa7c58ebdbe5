"""The emulated UARTs: time on the wire, queues, levels, and what is lost."""

import pytest

OPEN = """
from machine import UART, Pin
import time
u = UART({id}, {baud}, tx=Pin({tx}), rx=Pin({rx}), parity={parity}, stop={stop}, txbuf=600, rxbuf={rxbuf})
"""
PINS = ((0, 1), (4, 5))


def opened(number: int, baud: int, parity: int | None = None, stop: int = 1, rxbuf: int = 1024) -> str:
    tx, rx = PINS[number]
    return OPEN.format(id=number, baud=baud, tx=tx, rx=rx, parity=parity, stop=stop, rxbuf=rxbuf)


@pytest.fixture
def heard(pico):
    """(ms, byte) of what leaves each UART."""
    lines: list[list[tuple[float, int]]] = [[], []]
    for number in (0, 1):
        pico.chip.uart[number].on_byte = lambda byte, line=lines[number]: line.append((pico.ms, byte))
    return lines


@pytest.mark.parametrize(("number", "baud"), [(0, 9600), (1, 115200)])
def test_bytes_leave_one_after_the_other_in_their_time(pico, heard, number, baud):
    pico.execute(opened(number, baud) + "u.write(bytes(range(256)) * 2); u.flush()")
    pico.run(5)
    line = heard[number]
    assert [byte for _, byte in line] == list(range(256)) * 2
    assert line[-1][0] - line[0][0] == pytest.approx(511 * 10000 / baud, rel=2e-3)


def test_parity_and_stop_bits_take_time(pico, heard):
    pico.execute(opened(0, 9600, parity=0, stop=2) + "u.write(bytes(20)); u.flush()")
    pico.run(5)
    assert heard[0][-1][0] - heard[0][0][0] == pytest.approx(19 * 12000 / 9600, rel=2e-3)


def test_flush_returns_when_the_last_bit_is_out(pico, heard):
    source = """
t = time.ticks_us()
u.write(b'12345678')
u.flush()
print(time.ticks_diff(time.ticks_us(), t))
"""
    assert int(pico.execute(opened(0, 9600) + source)) == pytest.approx(8 * 10e6 / 9600, abs=400)


def test_what_arrives_is_read_in_order(pico):
    source = """
print('READY')
time.sleep_ms(400)
d = u.read(300)
print(len(d), d == bytes(i & 255 for i in range(300)))
"""
    data = bytes(i & 255 for i in range(300))
    assert pico.execute(opened(1, 9600) + source, during=lambda: pico.chip.uart[1].send(data)) == "300 True"


def test_a_few_bytes_are_told_after_the_silence(pico):
    """Below the level of the queue there is no interrupt but that of the time-out, 32 bits after the last byte."""
    source = """
at = []
u.irq(lambda x: at.append(time.ticks_us()), UART.IRQ_RXIDLE)
print('READY')
t = time.ticks_us()
while not u.any(): pass
any = time.ticks_us()
time.sleep_ms(20)
print(len(u.read()), time.ticks_diff(at[0], t))
"""
    count, micros = pico.execute(opened(0, 9600) + source, during=lambda: pico.chip.uart[0].send(b"123")).split()
    assert count == "3"
    assert int(micros) == pytest.approx((3 * 10 + 32) * 1e6 / 9600, abs=500)


def test_interrupt_at_a_level_of_the_sending_queue(pico, heard):
    source = """
at = []
u.irq(lambda x: at.append(time.ticks_us()), UART.IRQ_TXIDLE)
t = time.ticks_us()
u.write(bytes(40))
time.sleep_ms(100)
print(len(at), time.ticks_diff(at[-1], t))
"""
    count, micros = (int(word) for word in pico.execute(opened(1, 9600) + source).split())
    assert count >= 1
    assert micros < 39 * 10e6 / 9600, "it comes before the last byte is out"


def test_bytes_are_lost_while_the_flash_is_erased(pico):
    """2000 bytes at 115200 while a file is written: interrupts are off for 45 ms at a time, and 32 bytes fit."""
    uart = pico.chip.uart[1]
    source = """
print('READY')
time.sleep_ms(5)
f = open('/x.bin', 'wb')
for i in range(6): f.write(bytes(4096))
f.close()
time.sleep_ms(50)
print(len(u.read() or b''))
"""
    before = uart.lost
    got = int(pico.execute(opened(1, 115200, rxbuf=4096) + source, during=lambda: uart.send(b"U" * 2000)))
    assert got + uart.lost - before == 2000
    assert 300 < got < 900


DMA = """
import rp2
U = 0x40038000
def copy(read, write, request, **more):
    d = rp2.DMA()
    d.config(read=read, write=write, count=200, trigger=True, ctrl=d.pack_ctrl(size=0, treq_sel=request, **more))
    return d
"""


def test_dma_sends_without_a_gap(pico, heard):
    source = """
d = copy(bytes(range(200)), U, 22, inc_write=False)
while d.active(): pass
time.sleep_ms(10)
d.close()
"""
    pico.execute(opened(1, 115200) + DMA + source)
    line = heard[1]
    assert [byte for _, byte in line] == list(range(200))
    assert line[-1][0] - line[0][0] == pytest.approx(199 * 10000 / 115200, rel=2e-3)


def test_dma_receives(pico):
    source = """
from machine import mem32
mem32[U + 0x38] = 0
got = bytearray(200)
d = copy(U, got, 23, inc_read=False)
print('READY')
time.sleep_ms(50)
print(d.active(), got == bytes(range(200)))
d.close()
"""
    uart = pico.chip.uart[1]
    sent = pico.execute(opened(1, 115200) + DMA + source, during=lambda: uart.send(bytes(range(200))))
    assert sent == "False True"
