from checks import equal, raises
from fairamp.modbus.client import BadReply, RtuExchange
from fairamp.modbus.frames import seal


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
