import gc
import struct

from checks import equal, raises
from fairamp.mdns import MOST_BYTES, A, Responder, name

# Types of records, as RFC 1035 and RFC 2782 number them.
PTR, TXT, SRV, ANY = 12, 16, 33, 255

ALFEN = name("_alfen", "_tcp", "local")
OURS = name("_fairamp", "_tcp", "local")
BOX = name("Carport 1.2", "_alfen", "_tcp", "local")
OWN = name("Carport 1.2", "_fairamp", "_tcp", "local")
HOST = name("box", "local")
META = name("_services", "_dns-sd", "_udp", "local")
# What who asks for ALFEN is given, and what is added to it.
GIVEN = ([(ALFEN, PTR)], [(HOST, A), (BOX, SRV), (BOX, TXT)])
ALONE = 0x8001


def responder():
    maps = [("version", "0.1.0"), ("alfen", 502)]
    services = [("Carport 1.2", "_alfen._tcp", 502, []), ("Carport 1.2", "_fairamp._tcp", 80, maps)]
    return Responder("box", "192.0.2.7", services)


def query(*questions, known=(), group=1):
    packet = struct.pack(">HHHHHH", 0, 0, len(questions), len(known), 0, 0)
    for wire, kind in questions:
        packet += wire + struct.pack(">HH", kind, group)
    for wire, kind, seconds, data in known:
        packet += wire + struct.pack(">HHIH", kind, 1, seconds, len(data)) + data
    return packet


def taken_apart(packet):
    """[(name, kind, group, seconds, data)] of the answers, and of what was added."""
    flags, questions, answers, authorities, more = struct.unpack(">HHHHH", packet[2:12])
    equal((flags, questions, authorities), (0x8400, 0, 0))
    at = 12
    records = []
    for _ in range(answers + more):
        end = packet.index(b"\0", at) + 1
        kind, group, seconds, length = struct.unpack(">HHIH", packet[end : end + 10])
        data = packet[end + 10 : end + 10 + length]
        records.append((packet[at:end], kind, group, seconds, data))
        at = end + 10 + length
    equal(at, len(packet))
    return records[:answers], records[answers:]


def told(packet, box=None):
    """Names and kinds of what is answered, and of what is added."""
    box = box or responder()
    asked = box.asked(packet)
    if asked is None:
        return None
    return tuple([record[:2] for record in section] for section in taken_apart(box.reply(asked[0])))


def test_announcement_byte_for_byte():
    box = Responder("b", "10.0.0.9", [("I", "_x._udp", 258, [("k", "v")])])
    kind = b"\x02_x\x04_udp\x05local\x00"
    expected = b"\x00\x00\x84\x00\x00\x00\x00\x04\x00\x00\x00\x00"
    expected += b"\x01b\x05local\x00" + b"\x00\x01\x80\x01\x00\x00\x00\x78\x00\x04" + b"\x0a\x00\x00\x09"
    expected += kind + b"\x00\x0c\x00\x01\x00\x00\x11\x94\x00\x11" + b"\x01I" + kind
    expected += b"\x01I" + kind + b"\x00\x21\x80\x01\x00\x00\x00\x78\x00\x0f"
    expected += b"\x00\x00\x00\x00\x01\x02" + b"\x01b\x05local\x00"
    expected += b"\x01I" + kind + b"\x00\x10\x80\x01\x00\x00\x11\x94\x00\x04" + b"\x03k=v"
    equal(box.announcement(), expected)


def test_goodbye_takes_all_of_it_back():
    box = responder()
    here, gone = taken_apart(box.announcement())[0], taken_apart(box.goodbye())[0]
    equal(len(here), 7)
    equal([record[3] for record in gone], [0] * 7)
    equal([record[:3] + record[4:] for record in gone], [record[:3] + record[4:] for record in here])


def test_who_asks_for_a_service_gets_all_that_is_needed():
    equal(told(query((ALFEN, PTR))), GIVEN)


def test_other_questions():
    equal(told(query((BOX, SRV))), ([(BOX, SRV)], [(HOST, A)]))
    equal(told(query((OWN, TXT))), ([(OWN, TXT)], []))
    equal(told(query((HOST, A))), ([(HOST, A)], []))
    equal(told(query((HOST, ANY))), ([(HOST, A)], []))
    equal(told(query((BOX, ANY))), ([(BOX, SRV), (BOX, TXT)], [(HOST, A)]))
    equal(told(query((HOST, A), (BOX, TXT))), ([(HOST, A), (BOX, TXT)], []))
    box = responder()
    answers, more = taken_apart(box.reply(box.asked(query((META, PTR)))[0]))
    equal([record[2:] for record in answers], [(1, 4500, ALFEN), (1, 4500, OURS)])
    equal(more, [])


def test_texts():
    answers = taken_apart(responder().announcement())[0]
    texts = [record[4] for record in answers if record[1] == TXT]
    equal(texts, [b"\0", b"\x0dversion=0.1.0\x09alfen=502"])
    ready = Responder("box", "192.0.2.7", [("I", "_x._tcp", 1, b"\x01a")])
    assert ready.announcement().endswith(b"\x00\x02\x01a")


def test_capitals_and_shortened_names():
    equal(told(query((b"\x06_ALFEN\x04_Tcp\x05LOCAL\x00", PTR)))[0], [(ALFEN, PTR)])
    # The second name ends where the first one has "_tcp.local".
    packet = struct.pack(">HHHHHH", 0, 0, 2, 0, 0, 0)
    packet += OURS + struct.pack(">HH", PTR, 1) + b"\x06_alfen\xc0\x15" + struct.pack(">HH", PTR, 1)
    equal(told(packet)[0], [(ALFEN, PTR), (OURS, PTR)])


def test_nothing_to_say():
    box = responder()
    for at in range(len(ALFEN)):
        other = bytearray(ALFEN)
        other[at] ^= 1
        equal(box.asked(query((other, PTR))), None)
    equal(box.asked(query((ALFEN, A))), None)
    equal(box.asked(query((ALFEN, PTR), group=3)), None)
    equal(box.asked(query((name("_ipp", "_tcp", "local"), PTR))), None)
    equal(box.asked(query((name("_alfen", "_tcp", "locals"), PTR))), None)
    equal(box.asked(query((name("_alfen", "_tcp"), PTR))), None)
    equal(box.asked(box.announcement()), None)
    for at, value in ((2, 0x80), (2, 0x08), (3, 0x03)):
        bad = bytearray(query((ALFEN, PTR)))
        bad[at] = value
        equal(box.asked(bad), None)


def test_may_be_answered_alone_only_when_every_question_of_ours_says_so():
    box = responder()
    assert box.asked(query((ALFEN, PTR), group=ALONE))[1]
    assert not box.asked(query((ALFEN, PTR)))[1]
    mixed = bytearray(query((ALFEN, PTR), group=ALONE) + query((HOST, A))[12:])
    mixed[5] = 2
    assert not box.asked(mixed)[1]
    foreign = bytearray(query((ALFEN, PTR), group=ALONE) + query((name("other", "local"), A))[12:])
    foreign[5] = 2
    assert box.asked(foreign)[1]


def test_what_the_asker_knows_is_not_told_again():
    def known(*known, asked=(ALFEN, PTR)):
        return told(query(asked, known=known))

    equal(known((ALFEN, PTR, 2250, BOX)), None)
    # In capitals, and with the end of the name at the question.
    equal(known((b"\xc0\x0c", PTR, 4000, b"\x0bCARPORT 1.2\xc0\x0c")), None)
    equal(known((ALFEN, PTR, 2249, BOX)), GIVEN)
    equal(known((ALFEN, PTR, 4500, name("Another", "_alfen", "_tcp", "local"))), GIVEN)
    equal(known((OURS, PTR, 4500, BOX)), GIVEN)
    srv = b"\0\0\0\0\x01\xf6"
    equal(known((BOX, SRV, 120, srv + HOST), asked=(BOX, SRV)), None)
    equal(known((BOX, SRV, 120, srv + HOST), asked=(BOX, ANY))[0], [(BOX, TXT)])
    equal(known((BOX, SRV, 120, b"\0\0\0\0\x01\xf7" + HOST), asked=(BOX, SRV))[0], [(BOX, SRV)])
    equal(known((HOST, A, 4294967295, b"\xc0\x00\x02\x07"), asked=(HOST, A)), None)
    equal(known((HOST, A, 120, b"\xc0\x00\x02\x08"), asked=(HOST, A))[0], [(HOST, A)])
    equal(known((ALFEN, PTR, 4500, BOX), (BOX, TXT, 4500, b"\0"), asked=(BOX, TXT)), None)
    equal(known((BOX, TXT, 120, srv + HOST), asked=(BOX, SRV))[0], [(BOX, SRV)])
    for cut in range(len(BOX)):
        for end in (b"", b"\xc0"):
            equal(known((ALFEN, PTR, 4500, BOX[:cut] + end)), GIVEN)


def test_loops_and_jumps_into_nowhere():
    box = responder()
    head = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0)
    tail = struct.pack(">HH", PTR, 1)
    itself = b"\xc0\x0c"
    each_other = b"\xc0\x0e\xc0\x0c"
    around = b"\x06_alfen\xc0\x0c"
    forward = b"\xc0\x20" + tail + bytes(14) + ALFEN
    beyond = b"\xff\xff"
    reserved = b"\x86_alfen\x00"
    for wire in (itself, each_other, around, forward, beyond, reserved, b"\xc0", b"\x3f", b"\x80"):
        equal(box.asked(head + wire + tail), None)
        equal(box.asked(head + wire), None)
        equal(told(query((ALFEN, PTR), known=[(wire, PTR, 4500, BOX)])) in (None, GIVEN), True)


def test_every_truncation_and_every_lying_count():
    box = responder()
    whole = query((ALFEN, PTR), (BOX, TXT), known=[(OURS, PTR, 4500, OWN), (BOX, SRV, 120, b"\0" * 6 + HOST)])
    equal(told(whole)[0], [(ALFEN, PTR), (BOX, TXT)])
    for length in range(len(whole)):
        equal(box.asked(whole[:length]), None)
    for questions, known in ((3, 2), (65535, 2), (2, 3), (2, 65535), (65535, 65535)):
        lying = whole[:4] + struct.pack(">HH", questions, known) + whole[8:]
        equal(box.asked(lying), None)
    equal(box.asked(struct.pack(">HHHHHH", 0, 0, 65535, 65535, 65535, 65535)), None)
    # A record that claims more bytes than there are.
    equal(
        box.asked(query((ALFEN, PTR))[:6] + b"\0\1\0\0\0\0" + whole[12:34] + HOST + b"\0\1\0\1\0\0\0\1\xff\xff"), None
    )


def test_huge_packets():
    box = responder()
    for fill in (b"\0", b"\xff", b"\xc0", b"\x3f", b"\x01", b"\xc0\x0c"):
        packet = struct.pack(">HHHHHH", 0, 0, 65535, 65535, 65535, 65535) + fill * (8988 // len(fill))
        equal(box.asked(packet), None)
    equal(told(query(*[(ALFEN, PTR)] * 15))[0], [(ALFEN, PTR)])
    equal(told(query(*[(ALFEN, PTR)] * 400)), None)


class Counted:
    """A packet that knows how often it was looked at."""

    def __init__(self, data):
        self.data = data
        self.looks = 0

    def __len__(self):
        return len(self.data)

    def __getitem__(self, at):
        self.looks += 1
        return self.data[at]


def filled(packet, piece, count_at):
    """The packet with as many further pieces (made for the place where they stand) as Ethernet carries."""
    packet = bytearray(packet)
    while True:
        more = piece(len(packet))
        if len(packet) + len(more) > MOST_BYTES:
            return packet
        packet += more
        packet[count_at] += 1


def pointer(to):
    return struct.pack(">H", 0xC000 | to)


def test_a_packet_that_asks_too_much_is_dropped_before_it_costs_much():
    into_the_one_before = filled(
        query((b"\xc0\x0c", ANY)), lambda at: pointer(at - 6) + struct.pack(">HH", ANY, 1), count_at=5
    )
    equal((len(into_the_one_before), into_the_one_before[5]), (1470, 243))
    about_us = filled(query((OWN, ANY)), lambda at: pointer(12) + struct.pack(">HH", ANY, 1), count_at=5)
    # What is known, each name and each text with a way as long as all before it.
    known = filled(
        query((ALFEN, ANY)),
        lambda at: pointer(at - 14 if at > 40 else 12) + struct.pack(">HHIH", PTR, 1, 4500, 2) + pointer(at - 2),
        count_at=7,
    )
    for packet in (into_the_one_before, about_us, known):
        counted = Counted(packet)
        equal(responder().asked(counted), None)
        assert counted.looks < 3000, counted.looks


def test_who_looks_for_ninety_kinds_of_services_at_once_finds_the_box():
    packet = query((ALFEN, PTR))
    number = [100]

    def kind(_):
        number[0] += 1
        return b"\x09_kind-" + str(number[0]).encode() + pointer(12 + 7) + struct.pack(">HH", PTR, 1)

    packet = filled(packet, kind, count_at=5)
    assert packet[5] > 85, packet[5]
    equal(told(packet)[0], [(ALFEN, PTR)])


def test_random_bytes():
    box = responder()
    seeds = (
        query((ALFEN, PTR), (BOX, ANY), known=[(ALFEN, PTR, 4500, BOX)]),
        query((META, PTR), (HOST, A), known=[(BOX, SRV, 120, bytes(6) + HOST)], group=ALONE),
        query((b"\xc0\x0c", PTR)),
    )
    state = 1
    answered = 0
    for turn in range(5000):
        packet = bytearray(seeds[turn % 3] if turn % 2 else bytes(12 + turn % 60))
        for _ in range(1 + turn % 7 if turn % 2 else len(packet)):
            state = (state * 1103515245 + 12345) & 0x3FFFFFFF
            packet[(state >> 8) % len(packet)] = state >> 20 & 0xFF
        if turn % 2 == 0:
            packet[2] = packet[3] = packet[4] = 0
        asked = box.asked(packet)
        if asked:
            answered += 1
            assert len(box.reply(asked[0])) <= MOST_BYTES
    assert 100 < answered < 2500, answered


def test_foreign_packets_leave_no_garbage():
    if not hasattr(gc, "mem_alloc"):
        return  # CPython counts its garbage by itself
    box = responder()
    packets = [query((name("_ipp", "_tcp", "local"), PTR), (name("alfen", "local"), ANY)), box.announcement()]
    gc.collect()
    before = gc.mem_alloc()
    for packet in packets:
        box.asked(packet)
    equal(gc.mem_alloc() - before, 0)


def test_what_cannot_be_announced_is_refused():
    for host in ("", "I" * 64):
        with raises(ValueError, "1 to 63 bytes"):
            Responder(host, "192.0.2.7", [])
    with raises(ValueError, "255 bytes"):
        Responder("box", "192.0.2.7", [("I", "_x._tcp", 1, [("key", "v" * 252)])])
    with raises(ValueError, "too many services"):
        Responder("box", "192.0.2.7", [("I" + str(number), "_x._tcp", 1, [("key", "v" * 200)]) for number in range(6)])


def test_what_a_box_announces():
    from fairamp_box.features.announce.task import services

    found = services("Garage", "192.0.2.7", {"alfen": 502, "teltocharge": 1503}, 80, "000007")
    equal(
        [(name, kind, port) for name, kind, port, _ in found],
        [("Garage-7", "_alfen._tcp", 502), ("Garage-7", "_fairamp._tcp", 80)],
    )
    known = [("serial", "000007"), ("model", "Fairamp"), ("path", "/"), ("alfen", "502"), ("teltocharge", "1503")]
    equal(found[1][3][1:], known)
    # Whoever looks for an Alfen asks port 502, and would find another map there, or nobody.
    found = services("Garage", "192.0.2.7", {"alfen": 1503, "teltocharge": 502})
    equal([(kind, port) for _, kind, port, _ in found], [("_fairamp._tcp", 502)])
    equal("path" in dict(found[0][3]), False)
    equal([kind for _, kind, _, _ in services("Garage", "192.0.2.7", {"vestel": 502})], ["_fairamp._tcp"])
    equal(services("Garage", "192.0.2.7", {}), [])
