"""A line shared with other units: what is inside their frames is not meant for us."""

from checks import equal
from fairamp.modbus.bank import Bank
from fairamp.modbus.frames import seal
from fairamp.modbus.server import RtuSession, Server
from fairamp.modbus.table import Row


def frame(*payload):
    data = bytearray(payload) + bytearray(2)
    seal(data, len(payload))
    return bytes(data)


def line():
    written = []
    rows = (Row(10, "level", "u16", lambda _: 7, lambda _, value: written.append(value)),)
    return RtuSession(Server({1: Bank(rows, None)})), written


READ = frame(1, 3, 0, 10, 0, 1)
WRITE = frame(1, 6, 0, 10, 0, 9)
ALL = frame(0, 6, 0, 10, 0, 9)
CARRIERS = (
    lambda inner: frame(2, 3, len(inner), *inner),
    lambda inner: frame(2, 1, len(inner), *inner),
    lambda inner: frame(2, 16, 0, 10, 0, len(inner) // 2, len(inner), *inner),
    lambda inner: frame(2, 23, len(inner), *inner),
    lambda inner: frame(2, 100, *inner),
)


def test_a_write_inside_the_frame_of_another_unit_is_not_carried_out():
    for carrier in CARRIERS:
        for inner in (WRITE, ALL, READ):
            for step in (1, 3, 200):
                session, written = line()
                whole = carrier(inner)
                for at in range(0, len(whole), step):
                    part = whole[at : at + step]
                    equal(session.feed(part, len(part)), None)
                equal(session.silence(), None)
                equal(written, [])
                # The next one is for us.
                assert session.feed(WRITE, len(WRITE)) is not None
                equal(written, [9])


def test_what_begins_like_a_request_in_the_answer_of_another_unit_does_not_free_the_rest_of_it():
    for inner in (WRITE, ALL):
        # Whoever fills the registers of that unit can make its first 8 bytes a whole request.
        prefix = frame(2, 3, 5 + len(inner), 1, 2, 3)
        session, written = line()
        whole = frame(*prefix, *inner)
        for at in range(0, len(whole), 4):
            equal(session.feed(whole[at : at + 4], len(whole[at : at + 4])), None)
        equal((session.silence(), written), (None, []))


def test_what_is_for_us_right_behind_the_frame_of_another_unit_is_done():
    for other in (
        frame(2, 3, 2, 0, 7),
        frame(2, 3, 0, 10, 0, 1),
        frame(2, 3, 0x50, 10, 0, 1),
        frame(2, 6, 0, 10, 0, 1),
    ):
        session, written = line()
        both = other + WRITE
        assert (session.feed(both, len(both)) or session.silence()) is not None
        equal(written, [9])


def test_a_write_right_behind_noise_is_not_carried_out_until_it_is_repeated_and_a_read_is_answered():
    for noise in (
        b"\x00\x00",
        b"\xff\x02",
        b"\x55\x55\x55\x55",
        READ[:5],
        WRITE[:-1],
        WRITE[:-1] + b"\x00",
        bytes(300),
    ):
        for inner in (WRITE, ALL, frame(1, 16, 0, 10, 0, 1, 2, 0, 9)):
            session, written = line()
            data = noise + inner
            equal((session.feed(data, len(data)), session.silence(), written), (None, None, []))
            session.feed(inner, len(inner))
            equal(written, [9])
        session, _ = line()
        data = noise + READ
        equal(bytes(session.feed(data, len(data)) or session.silence())[:-2], bytes([1, 3, 2, 0, 7]))


def test_a_stray_byte_as_adapters_send_before_a_frame_hinders_nothing():
    for stray in (b"\x00", b"\xff", b"\x01"):
        for inner in (WRITE, frame(1, 16, 0, 10, 0, 1, 2, 0, 9)):
            session, written = line()
            for _ in range(2):
                data = stray + inner
                answer = session.feed(data, len(data)) or session.silence()
                equal((bytes(answer)[:2], written), (inner[:2], [9]))
                written.clear()
        session, written = line()
        data = stray + ALL
        equal((session.feed(data, len(data)), session.silence(), written), (None, None, [9]))
    # Behind what was thrown away, nobody knows how many it were.
    session, written = line()
    for length in range(260, 520):
        data = bytes([85]) * length + WRITE
        equal((session.feed(data, len(data)), session.silence(), written), (None, None, []))


def test_an_answer_that_came_with_a_mistake_does_not_let_the_write_in_it_out():
    whole = frame(2, 3, len(WRITE), *WRITE)
    for at in range(3):
        for bit in range(8):
            spoiled = bytearray(whole)
            spoiled[at] ^= 1 << bit
            session, written = line()
            session.feed(spoiled, len(spoiled))
            session.silence()
            equal(written, [])


def babble(kind):
    """64 bytes after 64 bytes of what looks like the beginning of frames, without any silence."""
    state = 1
    for _ in range(60):
        data = bytearray(64)
        for index in range(64):
            state = (state * 1103515245 + 12345) & 0x3FFFFFFF
            data[index] = kind[(state >> 12) % len(kind)]
        yield data


def test_babble_without_silence_costs_little_for_each_byte():
    from fairamp.modbus import server

    looked = [0]
    inner = server.sealed

    def counted(data, start, end):
        looked[0] += end - start
        return inner(data, start, end)

    server.sealed = counted
    try:
        for kind in ((1, 3, 6, 16, 0, 23), (2, 3, 6, 16, 0, 23), (1,), (0,), (2, 3), range(256)):
            session, written = line()
            looked[0] = 0
            for data in babble(kind):
                session.feed(data, 64)
            session.silence()
            assert looked[0] <= 64 * 60, (kind, looked[0])
            equal(written, [])
            assert session.feed(WRITE, len(WRITE)) is not None
        # Whole frames of others.
        session, _ = line()
        looked[0] = 0
        others = frame(2, 3, 0, 10, 0, 1) * 8
        for _ in range(60):
            session.feed(others, 64)
        assert looked[0] <= 3 * 64 * 60, looked[0]
    finally:
        server.sealed = inner
