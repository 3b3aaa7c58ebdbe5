from tcp_feed import feed

from checks import equal
from fairamp import VERSION
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import seal, sealed
from fairamp.modbus.server import ANY_UNIT, RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.modbus.tcp_session import TcpSession


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


IDENTITY = ("Fairamp", "Fairamp", VERSION)
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
    feed(
        session,
        bytes([0, 9, 0, 0, 0, len(pdu) + 1, unit]) + pdu,
        lambda data, size: sent.append(bytes(data[:size])),
    )
    if not sent:
        return None
    reply = sent[0]
    equal(reply[:4], bytes([0, 9, 0, 0]))
    equal(reply[4] * 256 + reply[5], len(reply) - 6)
    equal(reply[6], unit)
    return _hex(reply[7:])


def _hex(data):
    return "".join("%02x" % byte for byte in data)


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
        feed(session, piece, lambda data, size: sent.append(bytes(data[:size])))
    equal([reply[1] for reply in sent], [1, 2, 1])
    equal([reply[9:11] for reply in sent], [b"\x00\x07", b"\xff\xfb", b"\x00\x07"])


def test_tcp_gives_up_on_what_is_not_modbus():
    _, server = make()
    sent = []
    for junk in (b"GET / HTTP/1.1\r\n\r\n", bytes([0, 1, 0, 0, 0, 1, 1]), bytes([0, 1, 0, 0, 1, 0, 1, 3])):
        session = TcpSession(server)
        feed(session, junk, lambda data, size: sent.append(1))
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
    assert session.feed(stream, len(stream)) is None
    equal(bytes(session.silence())[:-2], bytes([1, 3, 2, 0, 7]))
    equal(thing.written, [])


def test_rtu_is_silent_for_other_units_and_broadcasts():
    thing, server = make()
    for unit in (0, 2):
        request = rtu(unit, "03000a0001")
        assert RtuSession(server).feed(request, len(request)) is None
    request = rtu(0, "06000a0014")
    assert RtuSession(server).feed(request, len(request)) is None
    equal(thing.written, [20])


def test_mask_write():
    thing, server = make()
    thing.level = 0x12
    # The example of the specification: 0x12 and 0xF2, or 0x25, gives 0x17.
    equal(ask(server, "16000a00f20025"), "16000a00f20025")
    equal(thing.level, 0x17)
    equal(ask(server, "16000a000000ff"), "9603")
    equal(ask(server, "16000b00000001"), "9602")
    equal(ask(server, "16000a00f2"), "9603")


def test_read_and_write_in_one():
    thing, server = make()
    equal(ask(server, "17000a0001000a0001020014"), "17020014")
    equal(thing.written, [20])
    # Nothing is written when the read cannot be answered, nor when the write is wrong.
    equal(ask(server, "170063000100" + "0a0001020015"), "9702")
    equal(ask(server, "17000a0001000a0001020003"), "9703")
    equal(ask(server, "17000a0000000a0001020015"), "9703")
    equal(ask(server, "17000a0001000a0001030015"), "9703")
    equal(thing.written, [20])


def test_device_identification():
    _, server = make()
    equal(ask(server, "2b0e0400"), "2b0e04810000010007" + "46616972616d70")
    # Vendor, product, version.
    objects = [_hex(bytes([number, len(text)]) + text.encode()) for number, text in enumerate(IDENTITY)]
    for code in ("01", "02", "03"):
        equal(ask(server, "2b0e" + code + "00"), "2b0e" + code + "81000003" + "".join(objects))
    for number in range(3):
        equal(ask(server, "2b0e040" + str(number)), "2b0e0481000001" + objects[number])
    equal(ask(server, "2b0e0403"), "ab02")
    equal(ask(server, "2b0e0409"), "ab02")
    equal(ask(server, "2b0e0900"), "ab03")
    equal(ask(server, "2b0d0000"), "ab01")
    equal(ask(server, "2b0e"), "ab01")


def test_read_only_refuses_every_write():
    thing, server = make()
    server.read_only = True
    for pdu, answer in (("06000a0010", "8601"), ("10000a0001020020", "9001"), ("16000a00f20025", "9601")):
        equal(ask(server, pdu), answer)
    equal(ask(server, "17000a0001000a0001020014"), "9701")
    equal(ask(server, "03000a0001"), "03020007")
    equal(thing.written, [])


def test_heard_is_called_for_what_was_carried_out_only():
    heard = []
    thing = Thing()
    server = Server({ANY_UNIT: Bank(ROWS, thing)}, lambda who, wrote: heard.append(wrote))
    for pdu in ("03000a0001", "06000a0010"):
        ask(server, pdu, unit=7)
    for pdu in ("0300ff0001", "06000a0003", "42", "03000a0000"):
        ask(server, pdu, unit=8)
    equal(heard, [False, True])


def test_words_of_a_text_one_by_one():
    taken = []
    rows = (Row(5, "card", "ascii", None, lambda _, text: taken.append(text), words=2, by_word=True),)
    server = Server({1: Bank(rows, None)})
    equal(ask(server, "0600054142"), "0600054142")
    equal(taken, [])
    equal(ask(server, "0600064344"), "0600064344")
    equal(ask(server, "100005000204" + "58595a00"), "1000050002")
    equal(taken, ["ABCD", "XYZ"])
    equal(ask(server, "0300050001"), "8302")


def test_texts_and_doubles():
    rows = (
        Row(0, "ascii", "ascii", lambda _: "B1", words=3),
        Row(3, "wide", "utf16", lambda _: "Fair", words=5),
        Row(8, "double", "f64", lambda _: 1.5),
    )
    server = Server({1: Bank(rows, None)})
    equal(ask(server, "0300000003"), "0306423100000000")
    equal(ask(server, "0300030005"), "030a00460061006900720000")
    equal(ask(server, "0300080004"), "03083ff8000000000000")
