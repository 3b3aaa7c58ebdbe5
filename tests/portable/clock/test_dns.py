"""Answers of name servers."""

from checks import equal, raises
from fairamp import dns

ASKED = dns.question(b"\x12\x34", "pool.NTP.org")
OURS = ASKED[12:]
POINTER = b"\xc0\x0c"


def record(kind=1, data=b"\x5d\xb8\xd8\x22", name=POINTER, group=1):
    return name + bytes([0, kind, 0, group, 0, 0, 0, 60, 0, len(data)]) + data


def answer(*records, id=b"\x12\x34", flags=b"\x81\x80", question=OURS, count=None):
    many = len(records) if count is None else count
    return id + flags + bytes([0, 1, 0, many, 0, 0, 0, 0]) + question + b"".join(records)


def test_the_question():
    equal(ASKED, b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\4pool\3ntp\3org\0\0\1\0\1")


def test_the_first_address_counts_behind_other_names_too():
    alias = record(5, b"\3www\xc0\x0c")
    for packet in (
        answer(record()),
        answer(record(), record(data=b"\1\2\3\4")),
        answer(alias, record(name=b"\3www\xc0\x0c")),
        answer(alias, record(28, bytes(16)), record(name=b"\3www\4pool\0")),
        # Capitals as the server likes them.
        answer(record(), question=OURS.upper()[:14] + OURS[14:]),
    ):
        equal(dns.answer(packet, ASKED), "93.184.216.34")


def test_what_is_no_answer():
    for packet, text in (
        (b"", "none to this question"),
        (answer(record(), id=b"\x12\x35"), "none to this question"),
        (answer(record(), flags=b"\x01\x00"), "none to this question"),
        (ASKED, "none to this question"),
        (answer(record(), question=dns.question(b"\0\0", "pool.ntq.org")[12:]), "another question"),
        (answer(record(), question=OURS[:-4] + b"\0\x1c\0\1"), "another question"),
        (answer(flags=b"\x81\x83"), "no such name"),
        (answer(flags=b"\x81\x82"), "refused, with code 2"),
        (answer(), "has no address"),
        (answer(record(28, bytes(16))), "has no address"),
        (answer(record(group=3)), "has no address"),
        (answer(record(data=b"\1\2\3")), "has no address"),
        (answer(record(data=b"\0\0\0\0")), "has no address"),
        (answer(record(data=b"\xe0\0\0\1")), "has no address"),
        (answer(record(), count=0), "has no address"),
        (answer(record(5, b"\0"), count=255), "has no address"),
    ):
        with raises(ValueError, text):
            dns.answer(packet, ASKED)


def test_no_answer_breaks_it_wherever_it_is_cut_or_changed():
    whole = answer(record(5, b"\3www\xc0\x0c"), record(name=b"\3www\xc0\x0c"))
    for at in range(len(whole)):
        for value in (0, 1, 0x3F, 0x7F, 0xC0, 0xFF):
            for packet in (whole[:at] + bytes([value]) + whole[at + 1 :], whole[:at]):
                try:
                    dns.answer(packet, ASKED)
                except ValueError:
                    pass
