"""Random, mutated and noisy frames: nothing escapes, nothing is written by chance, good requests are answered."""

import random
import tracemalloc

import pytest

from fairamp.modbus.bank import Bank
from fairamp.modbus.client import BadReply, RtuExchange
from fairamp.modbus.frames import crc16
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.modbus.tcp_session import TcpSession
from tests.portable.helpers.tcp_feed import feed

FRAMES = 100_000
FIRST, LAST = 10, 40
WRITABLE = range(20, 30)


class Registers:
    """Remembers every write that reached it."""

    def __init__(self):
        self.values = {address: address for address in range(FIRST, LAST + 1)}
        self.writes: list[tuple[int, int]] = []

    def set(self, address, value):
        self.writes.append((address, value))
        self.values[address] = value


def make():
    registers = Registers()

    def row(address):
        setter = (lambda one, value: one.set(address, value)) if address in WRITABLE else None
        return Row(address, f"r{address}", "u16", lambda one: one.values[address], setter, allowed=((0, 60000),))

    rows = [row(address) for address in range(FIRST, LAST + 1)]
    return registers, Server({1: Bank(rows, registers)})


def word(data, at):
    return data[at] << 8 | data[at + 1]


def expected_writes(pdu):
    """What a valid request writes, after the specification and not after our server; None = it is not valid."""
    function = pdu[0]
    if function == 6 and len(pdu) == 5:
        pairs = [(word(pdu, 1), word(pdu, 3))]
    elif function == 16 and len(pdu) > 6 and 1 <= word(pdu, 3) <= 123 and pdu[5] == 2 * word(pdu, 3) == len(pdu) - 6:
        pairs = [(word(pdu, 1) + index, word(pdu, 6 + 2 * index)) for index in range(word(pdu, 3))]
    elif function == 23 and len(pdu) > 11:
        count, words = word(pdu, 3), word(pdu, 7)
        if not (1 <= count <= 125 and 1 <= words <= 121 and pdu[9] == 2 * words == len(pdu) - 10):
            return None
        if not FIRST <= word(pdu, 1) <= LAST or word(pdu, 1) + count > 0x10000:
            return None
        pairs = [(word(pdu, 5) + index, word(pdu, 10 + 2 * index)) for index in range(words)]
    else:
        return None
    good = all(address in WRITABLE and value <= 60000 for address, value in pairs)
    return pairs if good else None


def random_pdu(rand):
    """Often nearly right."""
    kind = rand.randrange(8)
    if kind == 0:
        return rand.randbytes(rand.randrange(1, 254))
    address = rand.choice((rand.randrange(0x10000), rand.randrange(5, 45)))
    count = rand.choice((rand.randrange(0x10000), rand.randrange(0, 12)))
    head = address.to_bytes(2, "big") + count.to_bytes(2, "big")
    if kind in (1, 2):
        pdu = bytes([rand.choice((3, 4, 6))]) + head
    elif kind in (3, 4):
        pdu = b"\x10" + head + bytes([2 * count & 0xFF]) + rand.randbytes(2 * (count & 0x7F))
    elif kind == 5:
        words = rand.randrange(0, 12)
        pdu = b"\x17" + head + rand.randrange(5, 45).to_bytes(2, "big") + words.to_bytes(2, "big")
        pdu += bytes([2 * words]) + rand.randbytes(2 * words)
    elif kind == 6:
        pdu = b"\x2b\x0e" + rand.randbytes(2)
    else:
        pdu = b"\x06" + rand.choice(WRITABLE).to_bytes(2, "big") + rand.randbytes(2)
    if rand.randrange(4) == 0:
        cut = rand.randrange(1, len(pdu) + 1)
        pdu = pdu[:cut] + rand.randbytes(rand.randrange(3))
    return pdu[:253]


def sealed(frame):
    return frame + crc16(frame, 0, len(frame)).to_bytes(2, "little")


def hidden_writes(stream):
    """What the sealed requests write that lie somewhere inside a stream: a line has no other sign of a frame."""
    found = []
    for start in range(len(stream)):
        for end in range(start + 4, len(stream) + 1):
            part = bytes(stream[start:end])
            if part[0] == 1 and sealed(part[:-2]) == part:
                found.append(expected_writes(part[1:-2]))
    return found


def tcp_frame(pdu, number=1, unit=1):
    return bytes([number >> 8 & 0xFF, number & 0xFF, 0, 0]) + (len(pdu) + 1).to_bytes(2, "big") + bytes([unit]) + pdu


def fuzz_tcp(seed, frames):
    rand = random.Random(seed)
    registers, server = make()
    replies: list[bytes] = []

    def send(buffer, size):
        replies.append(bytes(buffer[:size]))

    session = TcpSession(server)
    for number in range(frames):
        pdu = random_pdu(rand)
        registers.writes.clear()
        replies.clear()
        frame = tcp_frame(pdu, number)
        at = rand.randrange(len(frame))
        for part in (frame[:at], frame[at:]):
            feed(session, part, send)
        assert registers.writes == (expected_writes(pdu) or []), pdu.hex()
        assert len(replies) == 1
        reply = replies[0]
        assert reply[:4] == frame[:4] and word(reply, 4) == len(reply) - 6 and len(reply) <= 260
        assert reply[7] in (pdu[0], pdu[0] | 0x80)
        if rand.randrange(50) == 0:
            # Something that is not Modbus at all; then a new connection.
            junk = rand.randbytes(rand.randrange(1, 300))
            feed(session, junk, send)
            session = TcpSession(server)
    assert server.failures == 0


def fuzz_rtu(seed, frames):
    rand = random.Random(seed)
    registers, server = make()
    session = RtuSession(server)
    for _ in range(frames):
        pdu = random_pdu(rand)[:250]
        frame = bytearray(sealed(bytes([1]) + pdu))
        broken = rand.randrange(3) == 0
        if broken:
            at = rand.randrange(len(frame))
            if rand.randrange(2):
                frame[at] ^= 1 << rand.randrange(8)
            else:
                del frame[at]
        registers.writes.clear()
        reply = session.feed(frame, len(frame)) or session.silence()
        wanted = [] if broken else expected_writes(pdu) or []
        if registers.writes != wanted:
            assert registers.writes in hidden_writes(frame), frame.hex()
        if reply is not None:
            assert len(reply) <= 256 and sealed(bytes(reply[:-2])) == bytes(reply)
    assert server.failures == 0
    good = sealed(bytes([1, 3, 0, 20, 0, 1]))
    assert session.feed(good, len(good)) is not None


def test_tcp():
    fuzz_tcp(1, FRAMES)


def test_rtu():
    fuzz_rtu(2, FRAMES)


def test_memory_stays_flat():
    fuzz_tcp(3, 2000)
    fuzz_rtu(3, 2000)
    tracemalloc.start()
    try:
        sizes = []
        for seed in range(4, 8):
            fuzz_tcp(seed, 2000)
            fuzz_rtu(seed, 2000)
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sizes[-1] - sizes[0] < 20_000, sizes


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 105))
def test_longer(seed):
    fuzz_tcp(seed, 200_000)
    fuzz_rtu(seed, 200_000)


@pytest.mark.parametrize("seed", range(5))
def test_a_noisy_line_loses_time_but_never_the_truth(seed):
    """1 % of the bytes are changed or lost, both ways."""
    rand = random.Random(seed)
    registers, server = make()
    session = RtuSession(server)
    exchange = RtuExchange()

    def noisy(data):
        out = bytearray()
        for byte in data:
            chance = rand.randrange(200)
            if chance == 0:
                continue
            out.append(byte ^ (1 << rand.randrange(8)) if chance == 1 else byte)
        return out

    answered = wrong = 0
    rounds = 3000
    for _ in range(rounds):
        address = rand.randrange(FIRST, LAST - 4)
        request = noisy(exchange.ask(1, 3, address, 4))
        reply = session.feed(request, len(request)) or session.silence()
        if reply is None:
            continue
        received = noisy(bytes(reply))
        if exchange.feed(received, len(received)):
            try:
                at = exchange.words()
            except BadReply:
                continue
            answered += 1
            values = [word(exchange.reply, at + 2 * index) for index in range(4)]
            wrong += values != [registers.values[address + index] for index in range(4)]
    assert wrong == 0
    assert not registers.writes
    # 8 bytes there and 13 back: four of five exchanges are clean.
    assert answered > 0.7 * rounds
