from checks import equal, raises
from fairamp.modbus.bank import Bank
from fairamp.modbus.client import BadReply, Refused, RtuExchange
from fairamp.modbus.frames import put16, seal
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row
from fairamp.modbus.tcp_exchange import TcpExchange
from fairamp.modbus.tcp_session import TcpSession


def reply(*payload):
    frame = bytearray(payload) + bytearray(2)
    seal(frame, len(frame) - 2)
    return frame


def asked():
    exchange = RtuExchange()
    equal(bytes(exchange.ask(1, 4, 0, 2)), bytes.fromhex("01040000000271cb"))
    return exchange


def test_a_reply_in_pieces_behind_noise():
    exchange = asked()
    whole = bytes([0, 0xFF]) + reply(1, 4, 4, 0x43, 0x66, 0, 0)
    assert not exchange.feed(whole[:4], 4)
    assert exchange.feed(whole[4:], len(whole) - 4)
    at = exchange.words()
    equal(bytes(exchange.reply[at : at + 4]), bytes([0x43, 0x66, 0, 0]))


def test_replies_of_others_and_broken_ones_do_not_count():
    exchange = asked()
    for frame in (reply(2, 4, 4, 1, 2, 3, 4), reply(1, 3, 4, 1, 2, 3, 4)):
        assert not exchange.feed(frame, len(frame))
    broken = reply(1, 4, 4, 1, 2, 3, 4)
    broken[5] ^= 1
    assert not exchange.feed(broken, len(broken))
    equal(exchange.heard, 27)


def test_exceptions_and_wrong_lengths_are_told():
    exchange = asked()
    frame = reply(1, 0x84, 2)
    assert exchange.feed(frame, len(frame))
    with raises(BadReply, "illegal address"):
        exchange.words()
    exchange = asked()
    frame = reply(1, 4, 2, 0, 1)
    assert exchange.feed(frame, len(frame))
    with raises(BadReply, "2 bytes instead of 4"):
        exchange.words()


def test_endless_noise_does_not_grow_or_fail():
    exchange = asked()
    noise = bytes([1, 4, 0xFF, 7] * 50)
    for _ in range(10):
        assert not exchange.feed(noise, len(noise))
    frame = reply(1, 4, 4, 0, 0, 0, 1)
    assert exchange.feed(frame, len(frame))


def test_writes_on_a_serial_line():
    exchange = RtuExchange(4)
    # Requests as the protocol's own examples have them.
    equal(bytes(exchange.write_one(0x11, 1, 3)), bytes.fromhex("1106000100039a9b"))
    frame = reply(0x11, 6, 0, 1, 0, 3)
    assert exchange.feed(frame, len(frame))
    exchange.check()
    equal(bytes(exchange.write_many(0x11, 1, bytes([0, 10, 1, 2]))), bytes.fromhex("11100001000204000a0102c6f0"))
    frame = reply(0x11, 16, 0, 1, 0, 2)
    assert not exchange.feed(frame[:7], 7)
    assert exchange.feed(frame[7:], 1)
    exchange.check()


def test_a_wrong_echo_is_refused():
    for answer in ((1, 6, 0, 15, 0, 16), (1, 6, 0, 14, 0, 10), (1, 6, 1, 15, 0, 10)):
        exchange = RtuExchange()
        exchange.write_one(1, 15, 10)
        frame = reply(*answer)
        assert exchange.feed(frame, len(frame))
        with raises(BadReply, "something else"):
            exchange.check()


def test_more_than_the_request_holds_is_a_mistake_of_ours():
    for exchange, data in (
        (RtuExchange(2), bytes(6)),
        (RtuExchange(2), bytes(3)),
        (RtuExchange(), b""),
        (TcpExchange(), bytes(2)),
    ):
        with raises(ValueError, "words"):
            exchange.write_many(1, 0, data)


def tcp(number, unit, *pdu):
    frame = bytearray(7) + bytes(pdu)
    put16(frame, 0, number)
    put16(frame, 4, 1 + len(pdu))
    frame[6] = unit
    return frame


def asked_over_tcp():
    exchange = TcpExchange()
    equal(bytes(exchange.ask(255, 3, 1000, 2)), bytes.fromhex("000100000006ff0303e80002"))
    return exchange


def test_a_reply_over_tcp_in_every_cut():
    whole = tcp(1, 255, 3, 4, 1, 2, 3, 4)
    for cut in range(1, len(whole)):
        exchange = asked_over_tcp()
        assert not exchange.feed(whole[:cut], cut)
        assert exchange.feed(whole[cut:], len(whole) - cut)
        at = exchange.words()
        equal(bytes(exchange.reply[at : at + 4]), bytes([1, 2, 3, 4]))


def test_writes_over_tcp():
    exchange = TcpExchange(123)
    equal(bytes(exchange.write_one(1, 15, 10)), bytes.fromhex("0001000000060106000f000a"))
    frame = tcp(1, 1, 6, 0, 15, 0, 10)
    assert exchange.feed(frame, len(frame))
    exchange.check()
    sent = exchange.write_many(1, 1210, bytes([0x41, 0x28, 0, 0]))
    equal(bytes(sent), bytes.fromhex("00020000000b011004ba00020441280000"))
    frame = tcp(2, 1, 16, 4, 0xBA, 0, 1)
    assert exchange.feed(frame, len(frame))
    with raises(BadReply, "something else"):
        exchange.check()
    equal(len(exchange.write_many(1, 0, bytes(246))), 259)


def test_another_transaction_is_skipped_and_the_right_one_found():
    exchange = asked_over_tcp()
    late = tcp(0, 255, 3, 4, 9, 9, 9, 9)
    assert not exchange.feed(late, len(late))
    both = tcp(7, 255, 0x83, 2) + tcp(1, 255, 3, 4, 1, 2, 3, 4)
    assert exchange.feed(both, len(both))
    equal(exchange.reply[exchange.words()], 1)


def test_transactions_are_counted_and_roll_over():
    exchange = TcpExchange()
    for _ in range(65536):
        request = exchange.ask(1, 3, 0, 1)
    equal(bytes(request[:2]), bytes(2))
    equal(bytes(exchange.ask(1, 3, 0, 1)[:2]), bytes([0, 1]))


def test_wrong_unit_function_and_lengths_over_tcp():
    for frame, text in (
        (tcp(1, 1, 3, 4, 1, 2, 3, 4), "unit 1 instead of 255"),
        (tcp(1, 255, 4, 4, 1, 2, 3, 4), "function 4 instead of 3"),
        (tcp(1, 255, 99, 4, 1, 2, 3, 4), "function 99 instead of 3"),
        (tcp(1, 255, 3, 2, 1, 2), "2 bytes instead of 4"),
        (tcp(1, 255, 3, 6, 1, 2, 3, 4, 5, 6), "6 bytes instead of 4"),
        (tcp(1, 255, 3, 4, 1, 2), "7 bytes instead of 9"),
        (tcp(1, 255, 3, 4, 1, 2, 3, 4, 5), "10 bytes instead of 9"),
        (tcp(1, 255, 0x83, 2), "illegal address"),
        (tcp(1, 255, 0x83, 11), "exception 11"),
        (tcp(1, 255, 0x83, 2, 2), "6 bytes instead of 5"),
        (tcp(1, 255, 0x86, 2), "function 134 instead of 3"),
    ):
        exchange = asked_over_tcp()
        assert exchange.feed(frame, len(frame)), text
        with raises(BadReply, text):
            exchange.words()


def test_an_exception_has_its_number():
    exchange = asked_over_tcp()
    frame = tcp(1, 255, 0x83, 3)
    assert exchange.feed(frame, len(frame))
    try:
        exchange.check()
        code = 0
    except Refused as refusal:
        code = refusal.code
    equal(code, 3)


def test_what_is_not_modbus_is_told_at_once():
    for garbage in (b"HTTP/1.0 400 Bad Request", bytes([0, 1, 0, 0, 0, 2, 255]), bytes([0, 1, 0, 0, 0, 255, 255])):
        with raises(BadReply, "not speak Modbus TCP"):
            asked_over_tcp().feed(garbage, len(garbage))


def test_our_own_server_understands_and_is_understood():
    values = {10: 7, 20: 0.0}
    rows = (
        Row(10, "level", "u16", lambda _: values[10], lambda _, value: values.update({10: value}), allowed=((0, 32),)),
        Row(20, "limit", "f32", lambda _: values[20], lambda _, value: values.update({20: value})),
    )
    server = Server({1: Bank(rows, None)})
    over_tcp, serial = TcpSession(server), RtuSession(server)
    tcp_exchange, rtu_exchange = TcpExchange(2), RtuExchange(2)

    def through_tcp(request):
        whole = []
        over_tcp.take(request, 0, len(request), lambda data, size: whole.append(tcp_exchange.feed(data, size)))
        equal(whole, [True])
        return tcp_exchange

    def through_rtu(request):
        answer = serial.feed(request, len(request))
        assert rtu_exchange.feed(answer, len(answer))
        return rtu_exchange

    for exchange, through in ((tcp_exchange, through_tcp), (rtu_exchange, through_rtu)):
        through(exchange.write_one(1, 10, 32)).check()
        equal(exchange.reply[through(exchange.ask(1, 3, 10, 1)).words() + 1], 32)
        through(exchange.write_many(1, 20, bytes([0x41, 0x28, 0, 0]))).check()
        equal(values[20], 10.5)
        with raises(Refused, "illegal value"):
            through(exchange.write_one(1, 10, 33)).check()
        with raises(Refused, "illegal address"):
            through(exchange.ask(1, 4, 11, 1)).words()
        values[20] = 0.0
