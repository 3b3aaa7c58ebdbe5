import random

from checks import equal
from fairamp.modbus.frames import seal, sealed
from fairamp.modbus.server import ANY_UNIT, RtuSession, Server, TcpSession
from fairamp.modbus.table import Bank, Row


class Thing:
    def __init__(self):
        self.level = 7
        self.written = []

    def set_level(self, value):
        self.level = value
        self.written.append(value)


def _fail(thing):
    raise ValueError("a broken row")


def _refuse(thing, value):
    return 4


ROWS = (
    Row(
        10,
        "level",
        "u16",
        lambda thing: thing.level,
        lambda thing, value: thing.set_level(value),
        allowed=(0, (6, 32)),
    ),
    Row(11, "cold", "i16", lambda thing: -5),
    Row(12, "long", "u32", lambda thing: 0x12345678),
    Row(14, "swapped", "u32", lambda thing: 0x12345678, low_first=True),
    Row(20, "real", "f32", lambda thing: 1.5),
    Row(22, "huge", "u16", lambda thing: 70000),
    Row(23, "other", "u16", lambda thing: 1, lambda thing, value: thing.written.append(value)),
    Row(30, "broken", "u16", _fail),
    Row(31, "refusing", "u16", lambda thing: 0, _refuse),
)


def make(filler=0):
    thing = Thing()
    return thing, Server({1: Bank(ROWS, thing, filler)})


def ask(server, pdu_hex, unit=1):
    """One TCP request; the PDU of the answer as hex."""
    pdu = bytes.fromhex(pdu_hex)
    sent = []
    session = TcpSession(server)
    session.feed(
        bytes([0, 9, 0, 0, 0, len(pdu) + 1, unit]) + pdu,
        len(bytes([0, 9, 0, 0, 0, len(pdu) + 1, unit]) + pdu),
        lambda data, size: sent.append(bytes(data[:size])),
    )
    if not sent:
        return None
    reply = sent[0]
    equal(reply[:4], bytes([0, 9, 0, 0]))
    equal(reply[4] * 256 + reply[5], len(reply) - 6)
    equal(reply[6], unit)
    return "".join("%02x" % byte for byte in reply[7:])


def test_reads_every_kind():
    _, server = make()
    equal(ask(server, "03000a0001"), "03020007")
    equal(ask(server, "04000a0001"), "04020007")
    equal(ask(server, "03000b0001"), "0302fffb")
    equal(ask(server, "03000c0002"), "030412345678")
    equal(ask(server, "03000e0002"), "030456781234")
    equal(ask(server, "0300140002"), "03043fc00000")


def test_a_number_too_large_shows_the_largest():
    _, server = make()
    equal(ask(server, "0300160001"), "0302ffff")


def test_part_of_a_long_value_can_be_read():
    _, server = make()
    equal(ask(server, "03000d0001"), "03025678")
    equal(ask(server, "03000b0002"), "0304fffb1234")


def test_gaps_read_as_filler_but_a_read_does_not_begin_in_one():
    _, server = make(0xFFFF)
    equal(ask(server, "03000f0006"), "030c1234ffffffffffffffff3fc0")
    equal(ask(server, "0300100001"), "8302")


def test_writes_one_and_many():
    thing, server = make()
    equal(ask(server, "06000a0010"), "06000a0010")
    equal(thing.level, 16)
    equal(ask(server, "10000a0001020020"), "10000a0001")
    equal(thing.level, 32)


def test_nothing_is_written_when_any_part_is_refused():
    thing, server = make()
    equal(ask(server, "06000a0003"), "8603")
    equal(ask(server, "06000a0021"), "8603")
    equal(ask(server, "06000b0001"), "8602")
    equal(ask(server, "1000160002040001000a"), "9002")
    equal(ask(server, "10000a0002040010ffff"), "9002")
    equal(thing.written, [])


def test_a_setter_may_refuse():
    _, server = make()
    equal(ask(server, "06001f0001"), "8604")


def test_bad_requests_get_an_exception():
    _, server = make()
    equal(ask(server, "07"), "8701")
    equal(ask(server, "03000a0000"), "8303")
    equal(ask(server, "03000a007e"), "8303")
    equal(ask(server, "03000a"), "8303")
    equal(ask(server, "0600"), "8603")
    equal(ask(server, "10000a000103001000"), "9003")
    equal(ask(server, "10000a00ff020010"), "9003")
    equal(ask(server, "03ffff0002"), "8302")


def test_a_failing_row_answers_and_is_counted():
    _, server = make()
    equal(ask(server, "03001e0001"), "8304")
    equal(server.failures, 1)
    equal(ask(server, "03000a0001"), "03020007")


def test_units():
    _, server = make()
    assert ask(server, "03000a0001", unit=2) is None
    server.banks[ANY_UNIT] = server.banks[1]
    equal(ask(server, "03000a0001", unit=2), "03020007")


def test_tcp_takes_split_and_joined_requests():
    _, server = make()
    one = bytes([0, 1, 0, 0, 0, 6, 1, 3, 0, 10, 0, 1])
    two = bytes([0, 2, 0, 0, 0, 6, 1, 3, 0, 11, 0, 1])
    sent = []
    session = TcpSession(server)
    for piece in (one[:3], one[3:9], one[9:] + two + one[:1], one[1:]):
        session.feed(piece, len(piece), lambda data, size: sent.append(bytes(data[:size])))
    equal([reply[1] for reply in sent], [1, 2, 1])
    equal([reply[9:11] for reply in sent], [b"\x00\x07", b"\xff\xfb", b"\x00\x07"])


def test_tcp_gives_up_on_what_is_not_modbus():
    _, server = make()
    sent = []
    for junk in (b"GET / HTTP/1.1\r\n\r\n", bytes([0, 1, 0, 0, 0, 1, 1]), bytes([0, 1, 0, 0, 1, 0, 1, 3])):
        session = TcpSession(server)
        session.feed(junk, len(junk), lambda data, size: sent.append(1))
        assert session.broken
    equal(sent, [])


def rtu(unit, pdu_hex):
    frame = bytearray([unit]) + bytes.fromhex(pdu_hex) + bytearray(2)
    seal(frame, len(frame) - 2)
    return frame


def test_rtu_answers_with_a_seal():
    _, server = make()
    request = rtu(1, "03000a0001")
    answer = bytes(RtuSession(server).feed(request, len(request)))
    equal(answer[:-2], bytes([1, 3, 2, 0, 7]))
    assert sealed(answer, 0, len(answer))


def test_rtu_finds_the_frame_behind_noise_and_ignores_a_broken_one():
    thing, server = make()
    session = RtuSession(server)
    noise = bytes([0xFF, 1, 3, 0x55, 0, 1])
    broken = rtu(1, "06000a0010")
    broken[4] ^= 1
    good = rtu(1, "03000a0001")
    assert session.feed(broken, len(broken)) is None
    stream = noise + good
    assert session.feed(stream, len(stream)) is not None
    equal(thing.written, [])


def test_rtu_is_silent_for_other_units_and_broadcasts():
    _, server = make()
    for unit in (0, 2):
        request = rtu(unit, "03000a0001")
        assert RtuSession(server).feed(request, len(request)) is None


def test_a_thousand_random_requests_neither_fail_nor_write_what_is_not_allowed():
    random.seed(7)
    thing, server = make()
    session = TcpSession(server)
    for number in range(1000):
        size = random.getrandbits(4) + 2
        frame = bytearray([0, number & 0xFF, 0, 0, 0, size]) + bytearray([random.getrandbits(8) for _ in range(size)])
        if random.getrandbits(2):
            frame[6] = 1
            frame[7] = random.getrandbits(5)
        session.feed(frame, len(frame), lambda data, size: None)
        assert not session.broken
        assert thing.level in (0, 7) or 6 <= thing.level <= 32, thing.level
    equal(ask(server, "03000b0001"), "0302fffb")
