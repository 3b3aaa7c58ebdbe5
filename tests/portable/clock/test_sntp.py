"""Answers of time servers: one is right in all of it, or none."""

from checks import equal, raises
from fairamp.clock import sntp
from fairamp.clock.calendar import seconds

STAMP = b"\x93\x01secret"
NOON = seconds((2026, 6, 21, 12, 0, 0))
TO_1970 = 2208988800


def u32(value):
    value &= 0xFFFFFFFF
    return bytes([value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255])


def packet(
    first=0x24, stratum=2, code=b"\0\0\0\0", stamp=STAMP, received=NOON, sent=NOON, fraction=0, received_fraction=0
):
    head = bytes([first, stratum, 6, 0xEC]) + bytes(8) + code + bytes(8) + stamp
    return head + u32(received + TO_1970) + u32(received_fraction) + u32(sent + TO_1970) + u32(fraction)


def test_the_question_has_nothing_but_the_random_stamp():
    asked = sntp.request(STAMP)
    equal((len(asked), asked[0], asked[1:40], asked[40:]), (48, 0x23, bytes(39), STAMP))


def test_a_good_answer():
    equal(sntp.answer(packet(fraction=0x40000000, received_fraction=0x40000000), STAMP, 0), (NOON, 250))
    # Version 3, a leap second ahead, the worst stratum, and more bytes behind (as with a signature).
    equal(sntp.answer(packet(first=0x5C, stratum=15) + bytes(20), STAMP, 0), (NOON, 0))


def test_half_of_the_time_on_the_way_is_added():
    equal(sntp.answer(packet(), STAMP, 80), (NOON, 40))
    equal(sntp.answer(packet(fraction=0xFF000000, received_fraction=0xFF000000), STAMP, 80), (NOON + 1, 36))
    # What the server has kept it for was not on the way.
    equal(sntp.answer(packet(received=NOON - 1), STAMP, 1080), (NOON, 40))
    equal(sntp.answer(packet(received=NOON - 1), STAMP, 500), (NOON, 0))


def test_after_2036_the_count_has_begun_anew():
    for year in (2036, 2037, 2099):
        later = seconds((year, 12, 1, 0, 0, 0))
        equal(sntp.answer(packet(received=later, sent=later), STAMP, 0), (later, 0))


def test_what_is_no_answer():
    for wrong, text in (
        (b"", "too short"),
        (packet()[:47], "too short"),
        (packet(first=0x23), "none of a time server"),
        (packet(first=0x25), "none of a time server"),
        (packet(first=0x04), "none of a time server"),
        (packet(first=0x3C), "none of a time server"),
        (packet(first=0xE4), "does not know the time itself"),
        (packet(stratum=16), "does not know the time itself"),
        (packet(stamp=bytes(8)), "another question"),
        (packet(stamp=b"terces\x01\x93"), "another question"),
        (packet(sent=-TO_1970), "has no time"),
        (packet(received=-TO_1970), "has no time"),
        (packet(sent=NOON - 1), "contradicts itself"),
        (packet(received=NOON - 11), "contradicts itself"),
    ):
        with raises(ValueError, text):
            sntp.answer(wrong, STAMP, 10)


def test_who_wants_to_be_left_alone_says_so_to_our_question_only():
    with raises(sntp.Kiss, "left alone (RATE)"):
        sntp.answer(packet(stratum=0, code=b"RATE"), STAMP, 10)
    with raises(sntp.Kiss, "(D?N?)"):
        sntp.answer(packet(first=0xE4, stratum=0, code=b"D\0N\n"), STAMP, 10)
    try:
        sntp.answer(packet(stratum=0, code=b"DENY", stamp=bytes(8)), STAMP, 10)
    except ValueError as wrong:
        assert not isinstance(wrong, sntp.Kiss)


def test_no_answer_breaks_it_wherever_it_is_cut_or_changed():
    whole = packet()
    for at in range(len(whole)):
        for value in (0, 1, 0x7F, 0x80, 0xFF):
            for answer in (whole[:at] + bytes([value]) + whole[at + 1 :], whole[:at]):
                try:
                    sntp.answer(answer, STAMP, 10)
                except ValueError:
                    pass
